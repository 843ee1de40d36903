// Extents: which frames are free, and which of them is sold next. Neighbours on the disk are 64 frames, an extent. A
// line is an extent that is being sold from; every bank has one line for pots and one for all else, by its number, so
// that what a bank buys lies together. Lines are few, so that no extents are parked half sold with banks that buy
// nothing more; banks whose numbers agree in the low bits share theirs.
//
//   fresh ─┬─▶ InLine ──▶ Out (all sold) ──▶ InPartialList ──▶ InFreeList
//          │     ▲ ▲                              │                │
//          └─────┘ └──────────────────────────────┴────────────────┘
//
// Invariants: an extent is in the list, or in the line, that its state says. One in a line has a free frame, one in
// the partial list has some but not all, one in the free list has all.

using System.Numerics;

namespace Eros.Domains.Bank;

/// <summary>Chooses frames.</summary>
internal sealed class Extents(BookMemory memory)
{
    private const int LinesOfAKind = BookMemory.LineCount / 2;

    private readonly BookMemory _memory = memory;

    /// <summary>Extents that there is room for in the books.</summary>
    public uint Room { get; set; }

    /// <summary>Extents of the range.</summary>
    private uint Count => BookMemory.ExtentsFor(_memory.Header.Frames);

    /// <summary>True when the books should be lengthened before so many more extents are begun.</summary>
    public bool NeedsRoom(uint extents)
    {
        uint wanted = _memory.Header.FirstFresh + extents;
        return Room < (wanted < Count ? wanted : Count);
    }

    /// <summary>A free frame, which is free no more; None when the range is sold.</summary>
    public uint Take(uint bank, BookKind kind)
    {
        int line = (int)(bank % LinesOfAKind) + (kind == BookKind.Pot ? LinesOfAKind : 0);
        uint extent = _memory.Line(line);
        if (extent == BookMemory.None)
        {
            extent = Begin();
            if (extent == BookMemory.None)
            {
                return BookMemory.None;
            }

            _memory.Line(line) = extent;
            _memory.Extent(extent).State = ExtentState.InLine;
        }

        ref ExtentRecord record = ref _memory.Extent(extent);
        int index = BitOperations.TrailingZeroCount(record.Free);
        record.Free &= record.Free - 1;
        if (record.Free == 0)
        {
            _memory.Line(line) = BookMemory.None;
            record.State = ExtentState.Out;
        }

        return BookMemory.FirstFrameOf(extent) + (uint)index;
    }

    /// <summary>The frame is free again.</summary>
    public void Return(uint frame)
    {
        uint extent = BookMemory.ExtentOf(frame);
        ref ExtentRecord record = ref _memory.Extent(extent);
        record.Free |= 1UL << (int)(frame % BookMemory.FramesPerExtent);
        if (record.State == ExtentState.Out)
        {
            Link(ref _memory.Header.PartialExtents, extent, ExtentState.InPartialList);
        }
        else if (record.State == ExtentState.InPartialList && record.Free == ulong.MaxValue)
        {
            Unlink(ref _memory.Header.PartialExtents, extent);
            Link(ref _memory.Header.FreeExtents, extent, ExtentState.InFreeList);
        }
    }

    /// <summary>For the first books: the frames before <paramref name="frames"/> are in use.</summary>
    public void OpenBehind(uint frames)
    {
        uint extents = BookMemory.ExtentsFor(frames);
        for (uint extent = 0; extent < extents; extent++)
        {
            _memory.Extent(extent) = default;
        }

        _memory.Header.FirstFresh = extents;
        int inLast = (int)(frames % BookMemory.FramesPerExtent);
        if (inLast != 0)
        {
            _memory.Extent(extents - 1).Free = ulong.MaxValue << inLast;
            Link(ref _memory.Header.PartialExtents, extents - 1, ExtentState.InPartialList);
        }
    }

    /// <summary>
    /// Says how large the range is, once it is known. The first books may end in an extent that the range has in part.
    /// </summary>
    public void SetFrames(ulong frames)
    {
        _memory.Header.Frames = frames;
        uint last = _memory.Header.FirstFresh - 1;
        if (_memory.Header.FirstFresh != 0 && last == Count - 1)
        {
            ref ExtentRecord record = ref _memory.Extent(last);
            record.Free &= InRange(last);
            if (record.Free == 0 && record.State == ExtentState.InPartialList)
            {
                Unlink(ref _memory.Header.PartialExtents, last);
            }
        }
    }

    // An extent to sell from: what was given back whole, then what was never sold, then what was given back in part;
    // and when there is nothing else, what another line sells from.
    private uint Begin()
    {
        ref BookHeader header = ref _memory.Header;
        uint extent = header.FreeExtents;
        if (extent != BookMemory.None)
        {
            Unlink(ref header.FreeExtents, extent);
            return extent;
        }

        extent = header.FirstFresh;
        if (extent < Room && extent < Count)
        {
            header.FirstFresh++;
            _memory.Extent(extent) = new ExtentRecord { Free = InRange(extent) };
            return extent;
        }

        extent = header.PartialExtents;
        if (extent != BookMemory.None)
        {
            Unlink(ref header.PartialExtents, extent);
            return extent;
        }

        return FromAnotherLine();
    }

    private uint FromAnotherLine()
    {
        for (int line = 0; line < BookMemory.LineCount; line++)
        {
            uint extent = _memory.Line(line);
            if (extent != BookMemory.None)
            {
                _memory.Line(line) = BookMemory.None;
                return extent;
            }
        }

        return BookMemory.None;
    }

    private ulong InRange(uint extent)
    {
        ulong left = _memory.Header.Frames - BookMemory.FirstFrameOf(extent);
        return left >= BookMemory.FramesPerExtent ? ulong.MaxValue : (1UL << (int)left) - 1;
    }

    private void Link(ref uint list, uint extent, ExtentState state)
    {
        ref ExtentRecord record = ref _memory.Extent(extent);
        record.Next = list;
        record.Previous = BookMemory.None;
        record.State = state;
        if (list != BookMemory.None)
        {
            _memory.Extent(list).Previous = extent;
        }

        list = extent;
    }

    private void Unlink(ref uint list, uint extent)
    {
        ref ExtentRecord record = ref _memory.Extent(extent);
        record.State = ExtentState.Out;
        if (record.Next != BookMemory.None)
        {
            _memory.Extent(record.Next).Previous = record.Previous;
        }

        if (record.Previous != BookMemory.None)
        {
            _memory.Extent(record.Previous).Next = record.Next;
        }
        else
        {
            list = record.Next;
        }
    }
}
