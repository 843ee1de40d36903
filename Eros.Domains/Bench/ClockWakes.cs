using System.Runtime.CompilerServices;
using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>
/// From the time that a process of the highest priority sleeps until to its first instruction after that, while this
/// domain dirties pages, and checkpoints and migrations follow each other without end. The reading that the kernel's
/// time is brought together with the counter by is made before the kernel's: figures are too large by part of a null
/// invocation, never too small.
/// </summary>
internal sealed unsafe class ClockWakes(
    ISleep sleep, ICheckpoint checkpoint, CounterReader counters, ChildMaker children, byte[] pages, int dirty)
{
    /// <summary>The row's name.</summary>
    public const string Name = "woken by the clock, busy";

    private const ulong NsPerSecond = 1_000_000_000;
    private const int Wakes = 4000;

    private readonly ISleep _sleep = sleep;
    private readonly ICheckpoint _checkpoint = checkpoint;
    private readonly CounterReader _counters = counters;
    private readonly ChildMaker _children = children;
    private readonly byte[] _pages = pages;
    private readonly int _dirty = dirty;

    // What the process stores of each time that it is woken: when that was due, by the kernel's clock, and the counter.
    private readonly ulong[] _stored = new ulong[2 * Wakes];

    /// <summary>What all of it costs beside: the longest stretch with interrupts off.</summary>
    public Costs Costs { get; private set; }

    /// <summary>The latencies, cycles.</summary>
    public Figures Run()
    {
        ulong cyclesPerSecond = _counters.Read().TimestampHz;
        ulong cycles = Timestamp.Read();
        _sleep.Now(out ulong time, out _);
        _counters.Forget();
        IProcess child = _children.Make(Child.Wake, RegistersOf());
        child.SwapRegister(1, _sleep, out ICapability nothing);
        Capabilities.Release(nothing);
        child.Run();
        while (Volatile.Read(ref _stored[^1]) == 0)
        {
            TakeCheckpoint();
        }

        _children.End(child);
        _counters.Read();
        Costs = new Costs { Closed = _counters.Longest };
        ulong[] latencies = new ulong[Wakes];
        for (int i = 0; i < Wakes; i++)
        {
            ulong due = cycles + ((_stored[2 * i] - time) * cyclesPerSecond / NsPerSecond);
            latencies[i] = _stored[(2 * i) + 1] - due;
        }

        return new Figures(latencies);
    }

    /// <summary>Where to store, and how often.</summary>
    private ProcessRegisters RegistersOf() => new()
    {
        // Safety: the heap moves nothing, and the array lives as long as this.
        Rbx = (ulong)Unsafe.AsPointer(ref _stored[0]),
        Rbp = Wakes,
    };

    private void TakeCheckpoint()
    {
        for (int page = 0; page < _dirty; page++)
        {
            _pages[page * MappedPage.SizeInBytes]++;
        }

        _checkpoint.Take(out ulong generation);
        _checkpoint.WaitCommitted(generation);
        _checkpoint.WaitSettled(generation);
    }
}
