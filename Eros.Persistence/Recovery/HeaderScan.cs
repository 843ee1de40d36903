// HeaderScan: reads all checkpoint headers and migration marks of a volume, and says what is known (the columns of
// RecoveryTable).

using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Store;

namespace Eros.Persistence.Recovery;

/// <summary>Reads the headers. Made once; <see cref="Run"/> at each mount.</summary>
public sealed class HeaderScan(MountedVolume volume, BlockPort port)
{
    private const int Pairs = 2;

    private readonly MountedVolume _volume = volume;
    private readonly BlockPort _port = port;

    // By pair * Copies + copy. A generation counts only where the copy is intact.
    private readonly bool[] _isIntact = new bool[Pairs * VolumeGeometry.Copies];
    private readonly bool[] _isEmpty = new bool[Pairs * VolumeGeometry.Copies];
    private readonly ulong[] _generations = new ulong[Pairs * VolumeGeometry.Copies];

    /// <summary>Some header is readable.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>The newest generation with a readable header.</summary>
    public ulong Newest { get; private set; }

    public OtherHeader Other { get; private set; }

    public MarkRelation MarkRelation { get; private set; }

    /// <summary>The newest readable mark, 0 when there is none.</summary>
    public ulong Mark { get; private set; }

    /// <summary>
    /// Reads everything, and reports each copy that is damaged. One frame of scratch is the caller's.
    /// </summary>
    public void Run(uint scratch)
    {
        HasHeader = false;
        Newest = 0;
        for (int i = 0; i < _isIntact.Length; i++)
        {
            ReadHeader(i, scratch);
        }

        bool hasOther = false;
        ulong other = 0;
        for (int i = 0; i < _isIntact.Length; i++)
        {
            if (_isIntact[i] && ((_generations[i] ^ Newest) & 1) != 0)
            {
                other = hasOther && other > _generations[i] ? other : _generations[i];
                hasOther = true;
            }
        }

        Other = !hasOther ? OtherHeader.None : other + 1 == Newest ? OtherHeader.Previous : OtherHeader.Older;
        ReadMarks(scratch);
    }

    /// <summary>Which copies (bit 0, 1) have the header of the generation.</summary>
    public int CopiesOf(ulong generation)
    {
        int first = (int)(generation & 1) * VolumeGeometry.Copies;
        return (Has(first, generation) ? 1 : 0) | (Has(first + 1, generation) ? 2 : 0);
    }

    /// <summary>
    /// Which copies of the next generation's pair might one day be taken for something newer than this generation.
    /// </summary>
    public int DoubtfulCopies(ulong generation)
    {
        int first = (int)((generation + 1) & 1) * VolumeGeometry.Copies;
        return (IsDoubtful(first, generation) ? 1 : 0) | (IsDoubtful(first + 1, generation) ? 2 : 0);
    }

    private bool Has(int slot, ulong generation) => _isIntact[slot] && _generations[slot] == generation;

    private bool IsDoubtful(int slot, ulong generation) =>
        _isIntact[slot] ? _generations[slot] > generation : !_isEmpty[slot];

    private void ReadHeader(int slot, uint scratch)
    {
        ulong pair = (ulong)slot / VolumeGeometry.Copies;
        ulong block = _volume.Geometry.CheckpointHeaderBlock(pair, slot % VolumeGeometry.Copies);
        bool isIntact = Read(block, scratch, CheckpointHeader.MagicValue, out ulong generation, out _isEmpty[slot]);
        isIntact &= (generation & 1) == pair;
        _isIntact[slot] = isIntact;
        _generations[slot] = generation;
        if (isIntact)
        {
            Newest = generation > Newest ? generation : Newest;
            HasHeader = true;
        }
        else if (!_isEmpty[slot])
        {
            _volume.Observer.Report(StoreMessage.HeaderCopyBad, block, 0);
        }
    }

    private void ReadMarks(uint scratch)
    {
        Mark = 0;
        bool hasMark = false;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            ulong block = _volume.Geometry.MarkBlock(copy);
            if (Read(block, scratch, MigrationMark.MagicValue, out ulong mark, out _))
            {
                Mark = mark > Mark ? mark : Mark;
                hasMark = true;
            }
            else
            {
                _volume.Observer.Report(StoreMessage.MarkCopyBad, block, 0);
            }
        }

        MarkRelation = !hasMark ? MarkRelation.Unreadable
            : Mark > Newest ? MarkRelation.Newer
            : Mark == Newest ? MarkRelation.Same
            : Mark + 1 == Newest ? MarkRelation.Previous
            : MarkRelation.Older;
    }

    private bool Read(ulong block, uint scratch, uint magic, out ulong generation, out bool isEmpty)
    {
        bool wasRead = _port.Read(block, scratch) == Outcome.Ok;
        isEmpty = wasRead && FrameImage.IsNull(_volume.Memory, scratch, FrameKind.Page);
        generation = _volume.Memory.As<BlockHeader>(scratch).Generation;
        return wasRead && BlockHeader.IsIntact(_volume.Memory, scratch, magic, _volume.Id);
    }
}
