// FrameImage: what a frame's 4096 bytes must look like, by kind. Formats: Eros.Persistence/Layout and
// docs/disk-format.md.
//
// A null image is one that its tag says everything about: a page of zeros, a pot of seven void plain nodes of one
// version, a free frame. It has no block in the log, and its home block is not read.

using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>Makes, seals and checks the images of frames. Nothing here keeps state.</summary>
public static class FrameImage
{
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
    public static bool IsNull(PhysicalMemory memory, uint pfn, FrameKind kind) => kind switch
    {
        FrameKind.Free or FrameKind.Page => IsZero(memory, pfn, 0, PhysicalMemory.FrameBytes),
        FrameKind.Pot => IsNullPot(memory, pfn),
        _ => false,
    };

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
    public static bool IsIntact(PhysicalMemory memory, uint pfn, FrameKind kind, ulong frame, uint crc)
    {
        if (kind == FrameKind.Page)
        {
            return Crc32C.OfBlock(memory, pfn) == crc;
        }

        uint magic = kind == FrameKind.Pot ? NodePot.MagicValue
            : kind == FrameKind.Tag ? TagBlock.MagicValue : ProcessFrame.MagicValue;
        return memory.As<BlockHeader>(pfn).Crc == crc && BlockHeader.IsIntact(memory, pfn, magic, frame);
    }

    /// <summary>True when a clean frame in memory is what its tag says was last saved.</summary>
    public static bool FitsTag(MountedVolume volume, in FrameEntry entry)
    {
        ref Tag tag = ref TagCache.Of(volume, entry.Frame);
        bool isIntact = (tag.Flags & TagFlags.Null) != 0
            ? IsNull(volume.Memory, entry.Pfn, entry.Kind)
            : IsIntact(volume.Memory, entry.Pfn, entry.Kind, entry.Frame, tag.Crc);
        return isIntact && tag.Kind == entry.Kind
            && tag.Version == HighestVersion(volume.Memory, entry.Pfn, entry.Kind, entry.Version);
    }

    private static bool IsNullPot(PhysicalMemory memory, uint pfn)
    {
        // A node's first word is its version, kind, slot size and flags: that of a void plain node is its version
        // alone.
        const int Nodes = NodePot.SizeInBytes - (NodePot.NodeCount * Node.SizeInBytes);
        ulong first = memory.As<ulong>(pfn, Nodes);
        if ((uint)first != first || !IsZero(memory, pfn, BlockHeader.SizeInBytes, Nodes))
        {
            return false;
        }

        for (int node = Nodes; node < NodePot.SizeInBytes; node += Node.SizeInBytes)
        {
            if (memory.As<ulong>(pfn, node) != first
                || !IsZero(memory, pfn, node + sizeof(ulong), node + Node.SizeInBytes))
            {
                return false;
            }
        }

        return true;
    }

    private static unsafe bool IsZero(PhysicalMemory memory, uint pfn, int from, int to)
    {
        // Safety: from and to are multiples of 8 inside the frame, whose number PhysicalMemory has checked.
        ulong* word = (ulong*)(memory.Address(pfn) + from);
        ulong* end = (ulong*)(memory.Address(pfn) + to);
        while (word < end)
        {
            if (*word++ != 0)
            {
                return false;
            }
        }

        return true;
    }
}
