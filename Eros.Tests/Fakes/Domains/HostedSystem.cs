// HostedSystem: a kernel for domains that run as threads of the test. It knows processes, start, resume and
// notification capabilities, and any object that a test makes of a HostedObject. One lock stands for the processor.
//
// It follows Protocol/InvocationWord.cs: a call mints a resume capability that answers once; a return makes
// available; strings are copied, and cut at what the receiver has room for. Domains must not outlive the system:
// Dispose ends their threads.

using System;
using System.Collections.Generic;
using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fakes.Domains;

/// <summary>What a capability register of a hosted process can hold; null is void.</summary>
internal abstract record HostedCapability;

/// <summary>The right to call a process. The word of a forwarder counts only if the capability is open.</summary>
internal sealed record HostedStart(HostedProcess Process, uint Payload, bool IsOpen = false) : HostedCapability;

/// <summary>The right to answer one call.</summary>
internal sealed record HostedResume(HostedProcess Process, ulong Call) : HostedCapability;

/// <summary>The right to set bits of a process.</summary>
internal sealed record HostedNotification(HostedProcess Process, uint Mask) : HostedCapability;

/// <summary>A capability of an object that the test plays.</summary>
internal abstract record HostedObject : HostedCapability
{
    /// <summary>Obeys a message; the answer is what it makes of <paramref name="message"/>.</summary>
    public abstract void Obey(HostedMessage message);
}

/// <summary>A message under way.</summary>
internal sealed class HostedMessage
{
    public ulong Order { get; set; }

    public ulong[] Words { get; set; } = new ulong[3];

    public HostedCapability?[] Capabilities { get; set; } = new HostedCapability?[InvocationWord.MaxCapabilities];

    public byte[] Text { get; set; } = [];

    public uint Payload { get; init; }

    /// <summary>Bytes of an answer's string that the caller has room for.</summary>
    public int Room { get; init; }

    public bool IsNotification { get; init; }

    public void Answer(Result result, ulong first = 0, ulong second = 0, ulong third = 0)
    {
        Order = (ulong)result;
        Words = [first, second, third];
        Text = [];
        Capabilities = new HostedCapability?[InvocationWord.MaxCapabilities];
    }
}

internal sealed class HostedSystem : IDisposable
{
    private readonly List<Thread> _threads = [];

    /// <summary>Held by whoever runs "in the kernel".</summary>
    public object Gate { get; } = new();

    public bool IsStopped { get; private set; }

    /// <summary>Runs before each invocation of a process, with the gate held: what happens there happens between two
    /// steps of it.</summary>
    public Action<HostedProcess>? OnInvoke { get; set; }

    /// <summary>The exception that ended a domain, if one did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>A process without a program: the test's own thread calls from it.</summary>
    public HostedProcess AddProcess(params HostedCapability?[] named)
    {
        HostedProcess process = new(this);
        for (int i = 0; i < named.Length; i++)
        {
            process.Registers[CapabilityRegisters.FirstNamed + i] = named[i];
        }

        return process;
    }

    /// <summary>Runs a domain on a thread of its own. The process's registers are filled already.</summary>
    public void Start<TDomain>(HostedProcess process)
        where TDomain : Domain, new()
    {
        Thread thread = new(() => RunDomain<TDomain>(process)) { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    public void Dispose()
    {
        lock (Gate)
        {
            IsStopped = true;
            Monitor.PulseAll(Gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void RunDomain<TDomain>(HostedProcess process)
        where TDomain : Domain, new()
    {
        try
        {
            process.Run<TDomain>();
        }
        catch (HostedStop)
        {
        }
        catch (Exception problem)
        {
            lock (Gate)
            {
                Failure = problem;
                Monitor.PulseAll(Gate);
            }
        }
    }
}

/// <summary>Ends a domain's thread with its system.</summary>
internal sealed class HostedStop : Exception;
