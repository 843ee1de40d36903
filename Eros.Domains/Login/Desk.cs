// Desk: a user, and what the login agent knows of the user's desk beside capabilities.
//
// A desk's number is the badge of its seat and its account, and never given again: whoever still held those of a user
// who is gone would have the next one's. Its slot says where its capabilities stand in the agent's store.
//
//   slot * 2       who is told that the desk is at the terminal
//   slot * 2 + 1   its bank (not of the owner's)

using System.Runtime.CompilerServices;

namespace Eros.Domains.Login;

/// <summary>What is kept of a password: it cannot be had back from it.</summary>
internal readonly record struct Verifier(ulong Salt, ulong MoreSalt, ulong First, ulong Second, ulong Third)
{
    /// <summary>Whether the keys are the same: in the same time, however much of them is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Matches(in Verifier other) =>
        ((First ^ other.First) | (Second ^ other.Second) | (Third ^ other.Third)) == 0;
}

internal sealed class Desk(uint number, int slot, string name)
{
    public uint Number { get; } = number;

    public string Name { get; } = name;

    /// <summary>Null: none is set. Only the owner's ever is.</summary>
    public Verifier? Password { get; set; }

    public int Slot { get; } = slot;

    public int ListenerPlace => Slot * 2;

    public int BankPlace => Slot * 2 + 1;
}
