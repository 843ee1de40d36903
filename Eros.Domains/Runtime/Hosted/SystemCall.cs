// SystemCall and DomainState as they are in an ordinary .NET process: each thread may be a domain of a kernel that a
// test plays.

using System;

namespace Eros.Domains.Runtime;

/// <summary>Plays the kernel for the domains of a test.</summary>
public abstract class HostedKernel
{
    /// <summary>The kernel that the current thread is a domain of.</summary>
    [ThreadStatic]
    private static HostedKernel? _current;

    public static HostedKernel Current => _current ?? throw new InvalidOperationException("this thread is no domain");

    /// <summary>The one system call.</summary>
    public abstract void Invoke(ref MessageRegisters registers);

    /// <summary>The memory that the current domain has at an address of its space.</summary>
    public abstract unsafe byte* MemoryAt(ulong address);

    /// <summary>
    /// The current thread becomes a domain of this kernel, with so many capabilities from FirstNamed on.
    /// </summary>
    public void Enter(int named)
    {
        _current = this;
        DomainState.Current.Registers = new CapabilityRegisters(named);
    }

    /// <summary>Runs a domain on this thread; returns only by an exception.</summary>
    public void Run<TDomain>()
        where TDomain : Domain, new()
    {
        Enter(0);
        new TDomain().Run();
    }
}

/// <summary>The system call.</summary>
public static unsafe class SystemCall
{
    /// <summary>Makes the invocation that the registers say; they hold what has come then.</summary>
    public static void Invoke(ref MessageRegisters registers) => HostedKernel.Current.Invoke(ref registers);

    /// <summary>The same, with registers of its own for what comes.</summary>
    public static void Exchange(ref MessageRegisters received, ref MessageRegisters sent)
    {
        received = sent;
        Invoke(ref received);
    }

    /// <summary>A call without strings. Returns the result.</summary>
    public static uint Call(
        uint order, ulong word1, ulong word2, ulong control, ulong word3, AnswerWords* answer)
    {
        MessageRegisters registers = new()
        {
            Control = control,
            Order = order,
            Word1 = word1,
            Word2 = word2,
            Word3 = word3,
        };
        Invoke(ref registers);
        answer->Word1 = registers.Word1;
        answer->Word2 = registers.Word2;
        answer->Word3 = registers.Word3;
        return (uint)registers.Order;
    }
}
