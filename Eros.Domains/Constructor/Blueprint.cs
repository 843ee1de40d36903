// Blueprint: what a constructor knows of its program beside capabilities.
//
// Invariants: once it is sealed nothing here changes. (What is in the image may, by who can write it.) A bit of Holes
// is set for each constituent that was not found safe when it was inserted; one that was stays so (Confinement).

using System.Runtime.InteropServices;
using Eros.Domains.Runtime;

namespace Eros.Domains.Constructor;

/// <summary>A blueprint as the composition writes it into a page: so the first ones come into the world.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeInBytes)]
public struct BlueprintRecord
{
    public const int SizeInBytes = 40;

    public ulong Entry;
    public ulong StackTop;
    public uint Payload;
    public uint Argument;
    public uint Self;
    public uint Constituents;

    /// <summary>0 behind the last one.</summary>
    public uint IsThere;
}

/// <summary>One constructor.</summary>
internal sealed class Blueprint
{
    /// <summary>No constituent: a product gets no argument, or not its own process.</summary>
    public const uint None = Constructors.Constituents;

    /// <summary>Where a product begins.</summary>
    public ulong Entry { get; set; }

    public ulong StackTop { get; set; }

    /// <summary>Payload of the start capability of a product.</summary>
    public uint Payload { get; set; }

    /// <summary>The constituent in whose place the client's argument stands.</summary>
    public uint Argument { get; set; } = None;

    /// <summary>The constituent in whose place a product has its own process.</summary>
    public uint Self { get; set; } = None;

    /// <summary>Constituents that were set, a bit each; and the keeper.</summary>
    public uint Constituents { get; private set; }

    /// <summary>Those of them that are holes.</summary>
    public uint Holes { get; private set; }

    public bool IsSealed { get; set; }

    /// <summary>One of the composition, without constituents yet.</summary>
    public static Blueprint From(in BlueprintRecord record) => new()
    {
        Entry = record.Entry,
        StackTop = record.StackTop,
        Payload = record.Payload,
        Argument = record.Argument,
        Self = record.Self,
    };

    /// <summary>Notes that a constituent was set.</summary>
    public void Set(int bit, bool isSafe)
    {
        uint mask = 1u << bit;
        Constituents |= mask;
        Holes = isSafe ? Holes & ~mask : Holes | mask;
    }
}
