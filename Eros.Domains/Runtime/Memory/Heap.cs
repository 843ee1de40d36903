// Heap: managed memory of one domain, marked and swept, never moved.
//
// The heap is a run of pages. A page is free, or holds small blocks of one size, or belongs to a large block, which
// starts at a page; or it is gone: given back, and not there until it is needed again.
//
//   small page   0 size u16 | 2 count u16 | 4 used u16 | 8 next page of its size, as number + 1 | 16 used bits (256)
//                48 mark bits (256) | 96 blocks
//   descriptor   one byte a page: free, small, large, the rest of a large block, gone; with a large block's mark
//
// A block is the word before an object and the object; a reference points 8 bytes into it. Blocks are handed out
// zeroed. Collecting: Mark is given every word that might be a reference (stack, registers, statics), whether or not
// it is one, and any address inside a block counts for the block. From there on it is exact: what an object refers to
// is known by its type. Then Sweep frees what has no mark.
//
// Invariants: used bits of a small page count to its `used`. Outside of Mark..Sweep no mark is set. A page with a
// free block is reachable from its class's list, or is found by the next sweep.
//
// Safety: the pages from _start on, PageLimit at most, are the heap's alone; HeapPages maps each before it is counted,
// and unmaps free ones only.

using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Eros.Domains.Runtime.Memory;

/// <summary>Where the heap's pages come from.</summary>
internal abstract class HeapPages
{
    /// <summary>Makes one page more usable behind the others, zeroed; false when there is none to be had.</summary>
    public abstract bool Add();

    /// <summary>Makes a page usable again that was removed, zeroed; false when there is none to be had.</summary>
    public abstract bool Restore(int page);

    /// <summary>Takes away a page that nothing uses; its place is kept for it.</summary>
    public abstract void Remove(int page);
}

internal unsafe struct Heap
{
    /// <summary>Most pages of a heap: 24 regions of 4 MB.</summary>
    public const int PageLimit = 24 * 1024;

    public const int PageBytes = 4096;

    private const int PageLog2 = 12;
    private const int FirstBlock = 96;
    private const int HeaderWord = 8;
    private const int BitWords = 4;
    private const int PendingLimit = 500;

    // Collect before growing when so many pages were taken since the last time, or half of what was then live.
    private const int CollectAfterPages = 16;

    private enum PageKind : byte
    {
        Free = 0,
        Small = 1,
        Large = 2,
        Rest = 3,
        Gone = 4,
        Marked = 0x80,
    }

    [StructLayout(LayoutKind.Explicit, Size = FirstBlock)]
    private struct SmallPage
    {
        [FieldOffset(0)] public ushort Size;
        [FieldOffset(2)] public ushort Count;
        [FieldOffset(4)] public ushort Used;
        [FieldOffset(8)] public int Next;
        [FieldOffset(16)] public fixed ulong UsedBits[BitWords];
        [FieldOffset(48)] public fixed ulong MarkBits[BitWords];
    }

    private byte* _start;
    private int _pages;
    private int _taken;
    private int _takenSinceCollection;
    private int _firstPerhapsFree;
    private int _firstPerhapsGone;
    private int _ownPages;
    private int _gonePages;
    private int _pending;
    private bool _pendingOverflow;
    private fixed int _partial[SizeClasses.Count];
    private fixed ulong _pendingObjects[PendingLimit];
    private fixed byte _kinds[PageLimit];

    /// <summary>Pages that hold blocks.</summary>
    public readonly int TakenPages => _taken;

    /// <summary>True when it is time to collect before more pages are asked for.</summary>
    public readonly bool IsCollectionDue =>
        _takenSinceCollection >= CollectAfterPages && _takenSinceCollection * 2 >= _taken;

    /// <summary>A heap with so many pages to begin with.</summary>
    public void Open(byte* start, int pages)
    {
        _start = start;
        _pages = pages;
        _ownPages = pages;
        _firstPerhapsGone = PageLimit;
    }

    /// <summary>Pages that are there, whether they hold something or not.</summary>
    public readonly int MappedPages => _pages - _gonePages;

    /// <summary>Gives free pages back, from the end on, but for those that it was opened with and some that are soon
    /// needed again: half of what is in use, and at least <see cref="CollectAfterPages"/>.</summary>
    /// <param name="source">Where they came from.</param>
    /// <param name="all">True: none is kept for later.</param>
    public void Shrink(HeapPages source, bool all)
    {
        int kept = all ? _taken : _taken + Math.Max(_taken / 2, CollectAfterPages);
        for (int page = _pages - 1; page >= _ownPages && MappedPages > kept; page--)
        {
            if (_kinds[page] == (byte)PageKind.Free)
            {
                source.Remove(page);
                _kinds[page] = (byte)PageKind.Gone;
                _gonePages++;
                _firstPerhapsGone = Math.Min(_firstPerhapsGone, page);
            }
        }
    }

    /// <summary>A zeroed block; null when no page could be added.</summary>
    public byte* Allocate(nuint bytes, HeapPages? source) =>
        bytes <= SizeClasses.Largest ? AllocateSmall(SizeClasses.For(bytes), source) : AllocateLarge(bytes, source);

    /// <summary>
    /// Takes each word from <paramref name="from"/> up to <paramref name="to"/> for a reference that there may be.
    /// </summary>
    public void MarkFrom(nint* from, nint* to)
    {
        for (nint* word = from; word < to; word++)
        {
            MarkAddress((byte*)*word);
            MarkPending();
        }
    }

    /// <summary>Frees every block that has no mark, and clears the marks.</summary>
    public void Sweep()
    {
        while (_pendingOverflow)
        {
            _pendingOverflow = false;
            MarkAgain();
        }

        for (int index = 0; index < SizeClasses.Count; index++)
        {
            _partial[index] = 0;
        }

        for (int page = 0; page < _pages; page++)
        {
            switch ((PageKind)_kinds[page])
            {
                case PageKind.Small:
                    SweepSmall(page);
                    break;
                case PageKind.Large:
                    FreeLarge(page);
                    break;
                case PageKind.Large | PageKind.Marked:
                    _kinds[page] = (byte)PageKind.Large;
                    break;
            }
        }

        _takenSinceCollection = 0;
        _firstPerhapsFree = 0;
    }

    private readonly SmallPage* Small(int page) => (SmallPage*)(_start + ((nuint)page << PageLog2));

    private byte* AllocateSmall(int index, HeapPages? source)
    {
        int page = _partial[index] - 1;
        while (page >= 0 && Small(page)->Used == Small(page)->Count)
        {
            page = Small(page)->Next - 1;
        }

        if (page < 0)
        {
            page = TakePages(1, source);
            if (page < 0)
            {
                return null;
            }

            _kinds[page] = (byte)PageKind.Small;
            SmallPage* fresh = Small(page);
            *fresh = default;
            fresh->Size = (ushort)SizeClasses.SizeOf(index);
            fresh->Count = (ushort)((PageBytes - FirstBlock) / fresh->Size);
        }

        _partial[index] = page + 1;
        return TakeBlock(Small(page));
    }

    private static byte* TakeBlock(SmallPage* page)
    {
        int word = 0;
        while (page->UsedBits[word] == ulong.MaxValue)
        {
            word++;
        }

        int bit = BitOperations.TrailingZeroCount(~page->UsedBits[word]);
        page->UsedBits[word] |= 1UL << bit;
        page->Used++;
        byte* block = (byte*)page + FirstBlock + (word * 64 + bit) * page->Size;
        new Span<byte>(block, page->Size).Clear();
        return block;
    }

    private byte* AllocateLarge(nuint bytes, HeapPages? source)
    {
        nuint count = (bytes + PageBytes - 1) >> PageLog2;
        int page = count <= PageLimit ? TakePages((int)count, source) : -1;
        if (page < 0)
        {
            return null;
        }

        _kinds[page] = (byte)PageKind.Large;
        for (int rest = 1; rest < (int)count; rest++)
        {
            _kinds[page + rest] = (byte)PageKind.Rest;
        }

        byte* block = _start + ((nuint)page << PageLog2);
        new Span<byte>(block, (int)(count << PageLog2)).Clear();
        return block;
    }

    // The first run of free pages that is long enough, perhaps lengthened by new pages at the end. -1: there is none.
    private int TakePages(int count, HeapPages? source)
    {
        int run = 0;
        int page = source is null ? _firstPerhapsFree : Math.Min(_firstPerhapsFree, _firstPerhapsGone);
        while (run < count)
        {
            if (page == _pages && (page == PageLimit || source is null || !source.Add()))
            {
                return -1;
            }

            _pages = page == _pages ? page + 1 : _pages;
            if (_kinds[page] == (byte)PageKind.Gone && source is not null && !Restore(page, source))
            {
                return -1;
            }

            run = _kinds[page] == (byte)PageKind.Free ? run + 1 : 0;
            page++;
        }

        if (count == 1)
        {
            _firstPerhapsFree = page;
        }

        _taken += count;
        _takenSinceCollection += count;
        return page - count;
    }

    private bool Restore(int page, HeapPages source)
    {
        bool isThere = source.Restore(page);
        if (isThere)
        {
            _kinds[page] = (byte)PageKind.Free;
            _gonePages--;
            _firstPerhapsFree = Math.Min(_firstPerhapsFree, page);
        }

        return isThere;
    }

    private void MarkAddress(byte* address)
    {
        nuint offset = (nuint)(address - _start);
        if (address < _start || offset >> PageLog2 >= (nuint)_pages)
        {
            return;
        }

        int page = (int)(offset >> PageLog2);
        while (_kinds[page] == (byte)PageKind.Rest)
        {
            page--;
        }

        if (_kinds[page] == (byte)PageKind.Small)
        {
            MarkSmall(Small(page), (int)(offset & (PageBytes - 1)));
        }
        else if (_kinds[page] == (byte)PageKind.Large)
        {
            _kinds[page] |= (byte)PageKind.Marked;
            Push((byte*)Small(page) + HeaderWord);
        }
    }

    private void MarkSmall(SmallPage* page, int offset)
    {
        int index = (offset - FirstBlock) / page->Size;
        ulong bit = 1UL << (index & 63);
        int word = index >> 6;
        if (offset >= FirstBlock && index < page->Count && (page->UsedBits[word] & bit) != 0
            && (page->MarkBits[word] & bit) == 0)
        {
            page->MarkBits[word] |= bit;
            Push((byte*)page + FirstBlock + index * page->Size + HeaderWord);
        }
    }

    private void Push(byte* thing)
    {
        if (_pending < PendingLimit)
        {
            _pendingObjects[_pending++] = (ulong)thing;
        }
        else
        {
            _pendingOverflow = true;
        }
    }

    private void MarkPending()
    {
        while (_pending > 0)
        {
            // What stayed here would be taken for a reference by the next collection: the heap is part of the data.
            byte* thing = (byte*)_pendingObjects[--_pending];
            _pendingObjects[_pending] = 0;
            MarkReferences(thing);
        }
    }

    private void MarkReferences(byte* thing)
    {
        ReferenceWalk walk = new(thing);
        while (walk.Next(out nint reference))
        {
            MarkAddress((byte*)reference);
        }
    }

    // Too many objects were pending: what is marked is gone through once more.
    private void MarkAgain()
    {
        for (int page = 0; page < _pages; page++)
        {
            if (_kinds[page] == (byte)(PageKind.Large | PageKind.Marked))
            {
                MarkReferences((byte*)Small(page) + HeaderWord);
            }
            else if (_kinds[page] == (byte)PageKind.Small)
            {
                SmallPage* small = Small(page);
                for (int index = 0; index < small->Count; index++)
                {
                    if ((small->MarkBits[index >> 6] & (1UL << (index & 63))) != 0)
                    {
                        MarkReferences((byte*)small + FirstBlock + index * small->Size + HeaderWord);
                        MarkPending();
                    }
                }
            }

            MarkPending();
        }
    }

    private void SweepSmall(int page)
    {
        SmallPage* small = Small(page);
        int used = 0;
        for (int word = 0; word < BitWords; word++)
        {
            small->UsedBits[word] &= small->MarkBits[word];
            small->MarkBits[word] = 0;
            used += BitOperations.PopCount(small->UsedBits[word]);
        }

        small->Used = (ushort)used;
        if (used == 0)
        {
            _kinds[page] = (byte)PageKind.Free;
            _taken--;
        }
        else if (used < small->Count)
        {
            int index = SizeClasses.For(small->Size);
            small->Next = _partial[index];
            _partial[index] = page + 1;
        }
    }

    private void FreeLarge(int page)
    {
        do
        {
            _kinds[page++] = (byte)PageKind.Free;
            _taken--;
        }
        while (page < _pages && _kinds[page] == (byte)PageKind.Rest);
    }
}
