// HeaderScan: reads all checkpoint headers and migration marks of a volume, and says what is known (the columns of
// RecoveryTable).
//
// What a copy says is kept as the generation after the one that it names, so that an empty block, 0, comes before all
// generations, and a damaged one, which may once have named any, after them.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Store;

namespace Eros.Persistence.Recovery;

/// <summary>What each copy of a header says.</summary>
[InlineArray(HeaderScan.Pairs * VolumeGeometry.Copies)]
internal struct HeaderCopies
{
    private ulong _copy0;
}

/// <summary>Reads the headers, once. One frame of scratch is the caller's.</summary>
public struct HeaderScan(MountedVolume volume, BlockPort port, uint scratch)
{
    internal const int Pairs = 2;
    private const ulong Empty = 0;
    private const ulong Damaged = ulong.MaxValue;

    private readonly MountedVolume _volume = volume;
    private readonly BlockPort _port = port;
    private readonly uint _scratch = scratch;

    // By pair * Copies + copy.
    private HeaderCopies _successors;

    /// <summary>Some header is readable.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>The newest generation with a readable header.</summary>
    public ulong Newest { get; private set; }

    public OtherHeader Other { get; private set; }

    public MarkRelation MarkRelation { get; private set; }

    /// <summary>The newest readable mark, 0 when there is none.</summary>
    public ulong Mark { get; private set; }

    /// <summary>The newest generation that home may hold frames of, by the newest mark.</summary>
    public ulong Home { get; private set; }

    /// <summary>Reads everything, and reports each copy that is damaged.</summary>
    public void Run()
    {
        ulong even = ReadPair(0);
        ulong odd = ReadPair(1);
        ulong newest = Math.Max(even, odd);
        ulong other = Math.Min(even, odd);
        HasHeader = newest != Empty;
        Newest = HasHeader ? newest - 1 : 0;
        Other = other == Empty ? OtherHeader.None : other + 1 == newest ? OtherHeader.Previous : OtherHeader.Older;
        ReadMarks();
    }

    /// <summary>Which copies (bit 0, 1) have the header of the generation.</summary>
    public readonly int CopiesOf(ulong generation) => Select(generation, generation + 1, generation + 1);

    /// <summary>
    /// Which copies of the next generation's pair might one day be taken for something newer than this generation.
    /// </summary>
    public readonly int DoubtfulCopies(ulong generation) => Select(generation + 1, generation + 2, Damaged);

    /// <summary>The copies of a generation's pair that say something between these two.</summary>
    private readonly int Select(ulong generation, ulong least, ulong most)
    {
        int copies = 0;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            ulong successor = _successors[((int)(generation & 1) * VolumeGeometry.Copies) + copy];
            copies |= successor >= least && successor <= most ? 1 << copy : 0;
        }

        return copies;
    }

    /// <summary>Reads both copies of a pair's header; the newest that is readable, or Empty.</summary>
    private ulong ReadPair(ulong pair)
    {
        ulong newest = Empty;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            ulong block = _volume.Geometry.CheckpointHeaderBlock(pair, copy);
            ulong successor = Read(block, CheckpointHeader.MagicValue);
            bool isOfPair = successor == Empty || ((successor - 1) & 1) == pair;
            successor = isOfPair ? successor : Damaged;
            _successors[((int)pair * VolumeGeometry.Copies) + copy] = successor;
            if (successor == Damaged)
            {
                _volume.Report(StoreMessage.HeaderCopyBad, block);
            }
            else
            {
                newest = Math.Max(newest, successor);
            }
        }

        return newest;
    }

    private void ReadMarks()
    {
        ulong newest = Empty;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            ulong block = _volume.Geometry.MarkBlock(copy);
            ulong successor = Read(block, MigrationMark.MagicValue);
            if (successor is Empty or Damaged)
            {
                _volume.Report(StoreMessage.MarkCopyBad, block);
            }
            else if (successor >= newest)
            {
                // Of two for one generation the later one says more.
                ulong home = _volume.Memory.As<MigrationMark>(_scratch).Home;
                Home = successor == newest ? Math.Max(Home, home) : home;
                newest = successor;
            }
        }

        bool hasMark = newest != Empty;
        Mark = hasMark ? newest - 1 : 0;
        MarkRelation = !hasMark ? MarkRelation.Unreadable
            : Mark > Newest ? MarkRelation.Newer
            : Mark == Newest ? MarkRelation.Same
            : Mark + 1 == Newest ? MarkRelation.Previous
            : MarkRelation.Older;
    }

    /// <summary>
    /// The successor of the generation in a header; Empty for a block of zeros, Damaged for what is no such header.
    /// </summary>
    private readonly ulong Read(ulong block, uint magic)
    {
        if (_port.Read(block, _scratch) != Outcome.Ok)
        {
            return Damaged;
        }

        if (FrameImage.IsNull(_volume.Memory, _scratch, FrameKind.Page))
        {
            return Empty;
        }

        ulong successor = _volume.Memory.As<BlockHeader>(_scratch).Generation + 1;
        bool isIntact = successor != Empty && BlockHeader.IsIntact(_volume.Memory, _scratch, magic, _volume.Id);
        return isIntact ? successor : Damaged;
    }
}
