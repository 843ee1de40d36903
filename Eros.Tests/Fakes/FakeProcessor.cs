using System;
using System.Collections.Generic;
using System.Threading;
using Eros.Kernel.Machine;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Threads;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fakes;

/// <summary>
/// A processor in simulated time. Kernel threads are host threads of which one runs at a time; domains are what the
/// test does itself between two entries to the kernel. Time passes only in <see cref="Compute"/>, and there the alarm
/// interrupts. </summary>
/// <remarks>It demands of every switch what invariant T1 says: the gate is closed exactly once.</remarks>
public sealed class FakeProcessor(FakeClock clock) : Processor, IDisposable
{
    private readonly Dictionary<KernelThread, SemaphoreSlim> _batons = [];
    private readonly SemaphoreSlim _test = new(0);
    private int _depth = 1;
    private Exception? _failure;
    private bool _isOver;

    public override ProcessorState State { get; } = new();

    /// <summary>Set by the test: whose alarm it is.</summary>
    public Scheduler? Scheduler { get; set; }

    /// <summary>What has been on the processor, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Times by name: how long each ran.</summary>
    public Dictionary<string, ulong> Ran { get; } = [];

    public int GateDepth => _depth;

    public override ulong ReadTimestamp() => clock.Time;

    public override void Close() => _depth++;

    public override void Open()
    {
        Demand(_depth > 0, "gate opened more often than closed");
        _depth--;
    }

    public override void Prepare(KernelThread thread)
    {
        var baton = new SemaphoreSlim(0);
        _batons[thread] = baton;
        var host = new Thread(() => Live(thread, baton)) { IsBackground = true, Name = thread.Name };
        host.Start();
    }

    public override void SwitchTo(KernelThread? from, KernelThread to)
    {
        Demand(_depth == 1, "switch with a gate that is not closed once");
        Log.Add(to.Name);
        Hand(_batons[to], from == null ? _test : _batons[from]);
    }

    public override void ResumeDomain(KernelThread? from, ref ProcessFrame frame)
    {
        Demand(_depth == 1, "domain resumed with a gate that is not closed once");
        Log.Add($"activity {State.Activity}");
        if (from != null)
        {
            Hand(_test, _batons[from]);
        }
    }

    /// <summary>Gives the processor to the test, which then plays the hardware: see <see cref="Interrupt"/>.</summary>
    public override void Idle()
    {
        Demand(_depth == 1, "idle with a gate that is not closed once");
        Hand(_test, _batons[State.Thread!]);
        Scheduler!.Dispatch();
    }

    /// <summary>Enters the kernel as a domain does, or a device while the processor idles, and returns when a domain or
    /// nothing runs again.</summary>
    public void Enter(Action work)
    {
        _depth = 1;
        work();
        if (State.Thread != null)
        {
            // The processor idled: its thread goes on from there with the Dispatch that ends every interrupt.
            Hand(_batons[State.Thread], _test);
        }
        else
        {
            Scheduler!.Dispatch();
        }

        if (_failure != null)
        {
            throw new InvalidOperationException("a kernel thread failed", _failure);
        }
    }

    /// <summary>Lets time pass for whoever runs; the alarm interrupts when its time has come.</summary>
    public void Compute(ulong ns)
    {
        while (ns > 0)
        {
            ulong step = clock.Alarm > clock.Time ? Math.Min(ns, clock.Alarm - clock.Time) : 0;
            string name = State.Thread?.Name ?? $"activity {State.Activity}";
            Ran[name] = Ran.GetValueOrDefault(name) + step;
            clock.Time += step;
            ns -= step;
            if (clock.TakeAlarm())
            {
                if (Thread.CurrentThread.Name == State.Thread?.Name && State.Thread is not IdleThread)
                {
                    _depth = 1;
                    Scheduler!.TimerExpired();
                    Scheduler.Dispatch();
                    _depth = 0;
                }
                else
                {
                    Enter(Scheduler!.TimerExpired);
                }
            }
        }
    }

    /// <summary>Ends all host threads.</summary>
    public void Dispose()
    {
        _isOver = true;
        foreach (SemaphoreSlim baton in _batons.Values)
        {
            baton.Release();
        }
    }

    private static void Demand(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }

    private void Hand(SemaphoreSlim to, SemaphoreSlim self)
    {
        to.Release();
        Await(self);
    }

    private void Await(SemaphoreSlim baton)
    {
        baton.Wait();
        if (_isOver)
        {
            throw new OperationCanceledException();
        }
    }

    private void Live(KernelThread thread, SemaphoreSlim baton)
    {
        try
        {
            Await(baton);
            _depth = 0;
            thread.Run();
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception failure)
        {
            _failure = failure;
            _test.Release();
        }
    }
}
