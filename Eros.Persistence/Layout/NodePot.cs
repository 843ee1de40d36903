// NodePot: seven nodes in one home frame; the pot is the unit that the cache holds and the disk transfers.
//
//  pot   0 crc32c u32 of bytes 4..4095 | 4 magic u32 | 8 frame u64 | 16 generation u64 | 24..287 zero
//        288 + 544 i: node i, i = 0..6
//  node  0 version u32 | 4 kind u8 | 5 slot log2 u8 | 6 flags u8 | 7 zero | 8 word u32 | 12..31 zero
//        32 + 16 s: capability in slot s, s = 0..31
//
// A node's kind is fixed when it is bought. Space: each slot spans 2^slotLog2 bytes. Forwarder: slot 0 is the target.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

/// <summary>The 32 slots of a node, or the 32 capability registers of a process.</summary>
[InlineArray(Node.SlotCount)]
public struct CapabilitySlots
{
    private Capability _slot0;
}

/// <summary>A node as it stands in its pot.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct Node
{
    public const int SizeInBytes = 544;
    public const int SlotCount = NodeSlot.Count;

    /// <inheritdoc cref="NodeSlot.Keeper"/>
    public const int KeeperSlot = NodeSlot.Keeper;

    /// <inheritdoc cref="NodeSlot.Background"/>
    public const int BackgroundSlot = NodeSlot.Background;

    [FieldOffset(0)] public uint Version;
    [FieldOffset(4)] public NodeKind Kind;

    /// <summary>Space: log2 of the bytes that a slot spans, 12, 17, 22 ... 42.</summary>
    [FieldOffset(5)] public byte SlotLog2;
    [FieldOffset(6)] public NodeFlags Flags;

    /// <summary>Forwarder: replaces the payload of the start capability it forwards to.</summary>
    [FieldOffset(8)] public uint Word;
    [FieldOffset(32)] public CapabilitySlots Slots;
}

/// <summary>The nodes of one pot.</summary>
[InlineArray(NodePot.NodeCount)]
public struct PotNodes
{
    private Node _node0;
}

/// <summary>A home frame of nodes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct NodePot
{
    public const int SizeInBytes = 4096;
    public const int NodeCount = 7;

    /// <summary>"POT1", little-endian.</summary>
    public const uint MagicValue = 0x31544F50;

    [FieldOffset(0)] public uint Crc;
    [FieldOffset(4)] public uint Magic;
    [FieldOffset(8)] public ulong Frame;
    [FieldOffset(16)] public ulong Generation;
    [FieldOffset(288)] public PotNodes Nodes;
}
