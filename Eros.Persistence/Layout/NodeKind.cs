// NodeKind, NodeFlags, NodeSlot: what programs see of a node too (NodeOrder.Describe, SetFlags).

namespace Eros.Persistence.Layout;

/// <summary>How a node is read. The numbers are part of the disk format.</summary>
public enum NodeKind : byte
{
    /// <summary>32 capabilities and nothing more.</summary>
    Plain = 0,

    /// <summary>A level of an address space.</summary>
    Space = 1,

    /// <summary>A revocable indirection.</summary>
    Forwarder = 2,
}

[System.Flags]
public enum NodeFlags : byte
{
    None = 0,

    /// <summary>Space: slot 31 holds the keeper, not memory.</summary>
    Keeper = 1,

    /// <summary>Space: slot 30 holds the background space.</summary>
    Background = 2,

    /// <summary>Forwarder: invokers wait until the gate is opened.</summary>
    Blocked = 4,
}

/// <summary>The slots of a node.</summary>
public static class NodeSlot
{
    public const int Count = 32;

    /// <summary>The slot of the keeper where <see cref="NodeFlags.Keeper"/> is set.</summary>
    public const int Keeper = 31;

    /// <summary>The slot of the background where <see cref="NodeFlags.Background"/> is set.</summary>
    public const int Background = 30;
}
