// Books: who has which home frame of the range. One entry of 16 bytes for each frame that was ever in use, behind a
// page of accounts.
//
// page 0   0 magic u32 | 4 accounts u32 | 8 frames of the range u64 | 16 first fresh frame u64 | 24 free list u32 |
// 28 pages of the books u32
//            64 + 32 a: account a: used u64 | limit u64 | open pots u32 | 12 zero
//   page 1.. entry of frame f at 4096 + 16 f: next u32 | previous u32 | owner u16 | kind u8 | nodes u8 | 4 zero
//
// Frames from "first fresh" on have never been sold and have no entry that counts. Free ones before it form a list. A
// pot with a free node is in its owner's list of open pots. Lists end with NoFrame.
//
// Invariants: an account's used is the number of entries that it owns. Frames of the system (programs, first spaces,
// the books themselves) belong to account 0, whose limit is nobody's: it buys nothing through the door.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Domains.Bank;

/// <summary>What a frame is sold as.</summary>
public enum BookKind : byte
{
    Free = 0,
    Page = 1,
    Pot = 2,
    Process = 3,
}

/// <summary>One home frame.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct BookEntry
{
    public const int SizeInBytes = 16;

    [FieldOffset(0)] public uint Next;
    [FieldOffset(4)] public uint Previous;
    [FieldOffset(8)] public ushort Owner;
    [FieldOffset(10)] public BookKind Kind;

    /// <summary>Pots: a bit for each node that is sold.</summary>
    [FieldOffset(11)] public byte Nodes;
}

/// <summary>What one buyer has and may have.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct BookAccount
{
    public const int SizeInBytes = 32;

    [FieldOffset(0)] public ulong Used;
    [FieldOffset(8)] public ulong Limit;
    [FieldOffset(16)] public uint OpenPots;
}

/// <summary>The first page.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct BookHeader
{
    public const int SizeInBytes = 64;

    /// <summary>"BOOK", little-endian.</summary>
    public const uint MagicValue = 0x4B4F4F42;

    [FieldOffset(0)] public uint Magic;
    [FieldOffset(4)] public uint Accounts;
    [FieldOffset(8)] public ulong Frames;
    [FieldOffset(16)] public ulong FirstFresh;
    [FieldOffset(24)] public uint FreeList;

    /// <summary>Pages of the books when the domain starts; it counts for itself from then on.</summary>
    [FieldOffset(28)] public uint Pages;
}

/// <summary>The bookkeeping alone: it moves entries between lists, and asks nothing of the kernel.</summary>
public sealed unsafe class Books(byte* start)
{
    /// <summary>Ends a list.</summary>
    public const uint NoFrame = uint.MaxValue;

    /// <summary>The account of the system's own frames.</summary>
    public const int SystemAccount = 0;

    public const int PageBytes = 4096;
    public const int EntriesPerPage = PageBytes / BookEntry.SizeInBytes;
    public const int MaxAccounts = (PageBytes - BookHeader.SizeInBytes) / BookAccount.SizeInBytes;
    public const int NodesPerPot = 7;

    private const int AllNodes = (1 << NodesPerPot) - 1;

    // Safety: the composition or a test owns the pages from start on, as many as PagesFor(FirstFresh).
    private readonly byte* _start = start;

    public ref BookHeader Header => ref Unsafe.AsRef<BookHeader>(_start);

    public ref BookAccount Account(int account) =>
        ref Unsafe.AsRef<BookAccount>(_start + BookHeader.SizeInBytes + account * BookAccount.SizeInBytes);

    public ref BookEntry this[ulong frame] =>
        ref Unsafe.AsRef<BookEntry>(_start + PageBytes + frame * BookEntry.SizeInBytes);

    /// <summary>Pages that books with entries for so many frames take.</summary>
    public static int PagesFor(ulong frames) => 1 + (int)((frames + EntriesPerPage - 1) / EntriesPerPage);

    /// <summary>Books of nothing: every frame is fresh.</summary>
    public void Open(ulong frames, int accounts)
    {
        Header.Magic = BookHeader.MagicValue;
        Header.Accounts = (uint)accounts;
        Header.Frames = frames;
        Header.FreeList = NoFrame;
        for (int account = 0; account < accounts; account++)
        {
            Account(account).OpenPots = NoFrame;
        }
    }

    public bool HasAccount(uint account) => account < Header.Accounts;

    /// <summary>True when the account may have another frame and there is one.</summary>
    public bool CanTake(int account) =>
        Account(account).Used < Account(account).Limit
        && (Header.FreeList != NoFrame || Header.FirstFresh < Header.Frames);

    /// <summary>Books a frame to an account; <see cref="CanTake"/> holds.</summary>
    public ulong Take(int account, BookKind kind)
    {
        ulong frame = Header.FreeList;
        if (frame != NoFrame)
        {
            Header.FreeList = this[frame].Next;
        }
        else
        {
            frame = Header.FirstFresh++;
        }

        this[frame] = new BookEntry { Next = NoFrame, Previous = NoFrame, Owner = (ushort)account, Kind = kind };
        Account(account).Used++;
        return frame;
    }

    /// <summary>Gives a frame back: the next that is taken.</summary>
    public void Return(ulong frame)
    {
        ref BookEntry entry = ref this[frame];
        Account(entry.Owner).Used--;
        entry = new BookEntry { Next = Header.FreeList, Previous = NoFrame };
        Header.FreeList = (uint)frame;
    }

    /// <summary>
    /// A frame that was just taken and of which nothing can be made any more: it is the system's, and never sold again.
    /// </summary>
    public void Retire(ulong frame)
    {
        ref BookEntry entry = ref this[frame];
        if (entry.Kind == BookKind.Pot)
        {
            Unlink(frame);
        }

        Account(entry.Owner).Used--;
        Account(SystemAccount).Used++;
        entry = new BookEntry { Next = NoFrame, Previous = NoFrame, Owner = SystemAccount };
    }

    /// <summary>A pot of the account with a node to sell, or NoFrame.</summary>
    public uint OpenPot(int account) => Account(account).OpenPots;

    /// <summary>
    /// Books the lowest free node of a pot that the account has; a new pot enters the list of open ones.
    /// </summary>
    public int TakeNode(ulong frame)
    {
        ref BookEntry entry = ref this[frame];
        if (entry.Nodes == 0)
        {
            Link(frame);
        }

        int index = System.Numerics.BitOperations.TrailingZeroCount(~(uint)entry.Nodes);
        entry.Nodes |= (byte)(1 << index);
        if (entry.Nodes == AllNodes)
        {
            Unlink(frame);
        }

        return index;
    }

    /// <summary>Gives a node back. A pot without any is given back whole.</summary>
    public void ReturnNode(ulong frame, int index)
    {
        ref BookEntry entry = ref this[frame];
        if (entry.Nodes == AllNodes)
        {
            Link(frame);
        }

        entry.Nodes &= (byte)~(1 << index);
        if (entry.Nodes == 0)
        {
            Unlink(frame);
            Return(frame);
        }
    }

    /// <summary>True when the object is sold to the account.</summary>
    public bool Owns(int account, ulong frame, int index, BookKind kind)
    {
        if (frame >= Header.FirstFresh)
        {
            return false;
        }

        BookEntry entry = this[frame];
        return entry.Kind == kind && entry.Owner == account
            && (kind == BookKind.Pot ? (entry.Nodes & (1 << index)) != 0 : index == 0);
    }

    private void Link(ulong frame)
    {
        ref BookEntry entry = ref this[frame];
        ref BookAccount account = ref Account(entry.Owner);
        entry.Next = account.OpenPots;
        entry.Previous = NoFrame;
        if (entry.Next != NoFrame)
        {
            this[entry.Next].Previous = (uint)frame;
        }

        account.OpenPots = (uint)frame;
    }

    private void Unlink(ulong frame)
    {
        ref BookEntry entry = ref this[frame];
        if (entry.Next != NoFrame)
        {
            this[entry.Next].Previous = entry.Previous;
        }

        if (entry.Previous != NoFrame)
        {
            this[entry.Previous].Next = entry.Next;
        }
        else
        {
            Account(entry.Owner).OpenPots = entry.Next;
        }

        entry.Next = NoFrame;
        entry.Previous = NoFrame;
    }
}
