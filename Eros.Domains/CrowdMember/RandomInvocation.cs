// RandomInvocation: the registers of a system call at random: mostly what could be meant, often at an edge of it, at
// times any bits. The crowd in a simulated machine and the one on a real kernel both take theirs from here.

using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.CrowdMember;

/// <summary>A generator (Steele's SplitMix64), and what it made last.</summary>
public struct RandomInvocation
{
    private const int Registers = 32;
    private const int RegisterFieldBits = 20;

    /// <summary>Of the generator: may be kept, and put back.</summary>
    public ulong State;

    public ulong Control;
    public ulong Order;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;
    public ulong SendAddress;
    public ulong Lengths;
    public ulong ReceiveAddress;

    /// <summary>Makes the next one.</summary>
    /// <param name="window">Where the invoker has memory, so that some strings can come through.</param>
    public void Make(ulong window)
    {
        const int LengthBits = 32;
        uint send = (uint)Below(1 << RegisterFieldBits);
        uint receive = Below(3) == 0 ? (uint)Below(1 << RegisterFieldBits) : 0;
        InvocationKind kind = Below(11) switch
        {
            < 7 => InvocationKind.Call,
            7 => InvocationKind.Return,
            8 => InvocationKind.Send,
            9 => InvocationKind.Delegate,
            _ => InvocationKind.Reply,
        };
        ulong word = new InvocationWord(kind, Below(Registers), send, receive).Value;
        Control = Below(50) == 0 ? Word() : word;
        Order = Word();
        Word1 = Word();
        Word2 = Word();
        Word3 = Word();
        SendAddress = Address(window);
        ReceiveAddress = Address(window);
        Lengths = Length() | (Length() << LengthBits);
    }

    /// <summary>A word for an order, a number, a slot, a guard.</summary>
    public ulong Word() => Below(6) switch
    {
        0 => Next() >> Below(2),
        1 => 0x8000_0000 + (ulong)Below(10),
        2 => new Guard(12 + (5 * Below(4)), (uint)Below(4)).Value,
        3 => (ulong)Below(64),
        _ => (ulong)Below(12),
    };

    /// <summary>An address: in the window or just beyond, a far one, or any.</summary>
    public ulong Address(ulong window) => Below(5) switch
    {
        0 => Word(),
        1 => (1UL << (47 + Below(17))) | (window + (ulong)Below(0x4000)),
        _ => window + (ulong)Below(0x4000),
    };

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)((Next() >> 33) % (uint)limit);

    private ulong Length() => Below(5) switch
    {
        0 => (ulong)Below(70000),
        1 => 160,
        2 => (ulong)Below(5000),
        _ => 0,
    };

    private ulong Next()
    {
        State += 0x9E37_79B9_7F4A_7C15;
        ulong z = State;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
