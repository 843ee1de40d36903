// FrameImage: what a frame's 4096 bytes must look like, by kind. Formats: Eros.Persistence/Layout and
// docs/disk-format.md.
//
// A null image is one that its tag says everything about: a page of zeros, a pot of seven void plain nodes of one
// version, a free frame. It has no block in the log, and its home block is not read.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>Makes, seals and checks the images of frames. Nothing here keeps state.</summary>
public static class FrameImage
{
    private const int NodeWords = Node.SizeInBytes / sizeof(ulong);
    private const int NodesOffset = NodePot.SizeInBytes - (NodePot.NodeCount * Node.SizeInBytes);

    /// <summary>Makes the null image (of a process: the empty one) in <paramref name="pfn"/>.</summary>
    public static void Clear(PhysicalMemory memory, uint pfn, FrameKind kind, ulong frame, uint version)
    {
        memory.Clear(pfn);
        if (kind == FrameKind.Pot)
        {
            ref NodePot pot = ref memory.As<NodePot>(pfn);
            pot.Magic = NodePot.MagicValue;
            pot.Frame = frame;
            for (int i = 0; i < NodePot.NodeCount; i++)
            {
                pot.Nodes[i].Version = version;
            }
        }
        else if (kind == FrameKind.Process)
        {
            ref ProcessFrame process = ref memory.As<ProcessFrame>(pfn);
            process.Magic = ProcessFrame.MagicValue;
            process.Frame = frame;
            process.Version = version;
        }
    }

    /// <summary>True when the tag alone says what the frame holds.</summary>
    public static bool IsNull(PhysicalMemory memory, uint pfn, FrameKind kind)
    {
        if (kind is FrameKind.Free or FrameKind.Page)
        {
            return memory.IsZero(pfn, 0, PhysicalMemory.FrameBytes / sizeof(ulong));
        }

        // A node's first word is its version, kind, slot size and flags: that of a void plain node is its version
        // alone.
        ulong first = memory.As<ulong>(pfn, NodesOffset);
        return kind == FrameKind.Pot && (uint)first == first && IsVoid(memory, pfn, first);
    }

    /// <summary>
    /// The highest version in a frame of the given kind, whose entry says <paramref name="version"/>.
    /// </summary>
    public static uint HighestVersion(PhysicalMemory memory, uint pfn, FrameKind kind, uint version)
    {
        if (kind == FrameKind.Pot)
        {
            ref NodePot pot = ref memory.As<NodePot>(pfn);
            for (int i = 0; i < NodePot.NodeCount; i++)
            {
                version = pot.Nodes[i].Version > version ? pot.Nodes[i].Version : version;
            }
        }

        return version;
    }

    /// <summary>Stamps the generation into the header of a pot, process or tag block. Pages have no header.</summary>
    public static void Stamp(PhysicalMemory memory, uint pfn, FrameKind kind, ulong generation)
    {
        if (kind != FrameKind.Page)
        {
            memory.As<BlockHeader>(pfn).Generation = generation;
        }
    }

    /// <summary>The image's checksum, stored in its header where the kind has one.</summary>
    public static uint Seal(PhysicalMemory memory, uint pfn, FrameKind kind)
    {
        if (kind == FrameKind.Page)
        {
            return Crc32C.OfBlock(memory, pfn);
        }

        uint crc = Crc32C.OfBlockAfterChecksum(memory, pfn);
        memory.As<BlockHeader>(pfn).Crc = crc;
        return crc;
    }

    /// <summary>
    /// True when the image is the one that was sealed with <paramref name="crc"/> for this frame and kind.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsIntact(PhysicalMemory memory, uint pfn, FrameKind kind, ulong frame, uint crc)
    {
        if (kind == FrameKind.Page)
        {
            return Crc32C.OfBlock(memory, pfn) == crc;
        }

        return memory.As<BlockHeader>(pfn).Crc == crc && BlockHeader.IsIntact(memory, pfn, MagicOf(kind), frame);
    }

    /// <summary>The magic number in the header of a pot, process or tag block; 0 for a page, which has none.</summary>
    public static uint MagicOf(FrameKind kind) => kind == FrameKind.Page ? 0
        : kind == FrameKind.Pot ? NodePot.MagicValue
        : kind == FrameKind.Tag ? TagBlock.MagicValue : ProcessFrame.MagicValue;

    /// <summary>True when a frame with a process's header holds one of that version.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsProcess(PhysicalMemory memory, uint pfn, uint version)
    {
        ref ProcessFrame process = ref memory.As<ProcessFrame>(pfn);
        return process.Version == version && process.RunState <= RunState.Faulted
            && process.Registers[0].Type == CapabilityType.Void;
    }

    /// <summary>True when a clean frame in memory is what its tag says was last saved.</summary>
    public static bool FitsTag(PhysicalMemory memory, ref readonly Tag tag, ref readonly FrameEntry entry)
    {
        bool isIntact = (tag.Flags & TagFlags.Null) != 0 || tag.Kind == FrameKind.Free
            ? IsNull(memory, entry.Pfn, entry.Kind)
            : IsIntact(memory, entry.Pfn, entry.Kind, entry.Frame, tag.Crc);
        return isIntact && tag.Kind == entry.Kind
            && tag.Version == HighestVersion(memory, entry.Pfn, entry.Kind, entry.Version);
    }

    /// <summary>
    /// True when the words behind the header of a pot are zero, but for the first of each node, which are
    /// <paramref name="first"/>.
    /// </summary>
    private static bool IsVoid(PhysicalMemory memory, uint pfn, ulong first)
    {
        int word = BlockHeader.SizeInBytes / sizeof(ulong);
        for (int node = NodesOffset / sizeof(ulong); memory.IsZero(pfn, word, node); node += NodeWords)
        {
            word = node + 1;
            if (node == PhysicalMemory.FrameBytes / sizeof(ulong))
            {
                return true;
            }

            if (memory.As<ulong>(pfn, node * sizeof(ulong)) != first)
            {
                return false;
            }
        }

        return false;
    }
}
