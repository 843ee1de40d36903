// Books: the bookkeeping alone. It moves frames between banks and extents, and asks nothing of the kernel.
//
// Invariants: every frame that was begun to be sold from is free in its extent, or has an owner, in one of whose two
// lists it is: that of pots with a node to sell, or that of all else. What nobody can use any more is Own's. No
// operation looks at more than a bounded number of entries, however many there are: the way up is MaxDepth at most,
// and everything else is at the head of a list.

using System.Numerics;

namespace Eros.Domains.Bank;

/// <summary>Who has what.</summary>
public sealed class Books
{
    public const uint None = BookMemory.None;
    public const int NodesPerPot = 7;

    private const int AllNodes = (1 << NodesPerPot) - 1;
    private const int IndexBits = 3;
    private const int IndexMask = (1 << IndexBits) - 1;

    private readonly Extents _extents;

    public Books(BookMemory memory)
    {
        Memory = memory;
        Tree = new BankTree(memory);
        _extents = new Extents(memory);
    }

    public BookMemory Memory { get; }

    public BankTree Tree { get; }

    /// <summary>Frames from here on have no entry.</summary>
    private uint FirstUnknown => BookMemory.FirstFrameOf(Memory.Header.FirstFresh);

    public static uint PlaceOf(uint frame, int index) => (frame << IndexBits) | (uint)index;

    public static uint FrameOf(uint place) => place >> IndexBits;

    public static int IndexOf(uint place) => (int)(place & IndexMask);

    /// <summary>Books with two banks, Own and Prime, of which Own has the first frames.</summary>
    /// <param name="ownFrames">Their entries are to be filled in with <see cref="Enter"/>.</param>
    public void Open(uint ownFrames, int bankPages, int framePages)
    {
        ref BookHeader header = ref Memory.Header;
        header.Magic = BookHeader.MagicValue;
        header.BankPages = (uint)bankPages;
        header.FramePages = (uint)framePages;
        header.FreeExtents = None;
        header.PartialExtents = None;
        header.FreeNumbers = None;
        header.Ending = None;
        for (int line = 0; line < BookMemory.LineCount; line++)
        {
            Memory.Line(line) = None;
        }

        _extents.OpenBehind(ownFrames);
        Tree.Create(None, ulong.MaxValue);
        Tree.Create(None, ulong.MaxValue);
    }

    /// <summary>The range is that large, which may limit what all banks together have.</summary>
    public void SetFrames(ulong frames)
    {
        _extents.SetFrames(frames);
        Memory.Bank(BankTree.Prime).Limit = frames;
    }

    /// <summary>Says how much of the books there is.</summary>
    public void SetRoom(int bankPages, int framePages)
    {
        uint banks = BookMemory.BanksIn(bankPages);
        Tree.Room = banks < BankTree.MaxBanks ? banks : BankTree.MaxBanks;
        _extents.Room = BookMemory.ExtentsIn(framePages);
    }

    /// <summary>True when the run of frames should be lengthened before so many more extents are begun.</summary>
    public bool NeedsRoom(uint extents) => _extents.NeedsRoom(extents);

    /// <summary>For the first books: one of the frames that Open was told of. Pots get their nodes first.</summary>
    public void Enter(uint frame, uint bank, BookKind kind, int nodes, int forwarders)
    {
        Memory.Entry(frame) = new BookEntry
        {
            Owner = bank,
            Kind = kind,
            Nodes = (byte)nodes,
            SetApart = (byte)forwarders,
        };
        Link(frame);
        Tree.Charge(bank, 1);
    }

    /// <summary>A free frame becomes the bank's; None when limits or the range do not allow it.</summary>
    public uint Take(uint bank, BookKind kind)
    {
        uint frame = Tree.Available(bank) == 0 ? None : _extents.Take(bank, kind);
        if (frame != None)
        {
            Memory.Entry(frame) = new BookEntry { Owner = bank, Kind = kind };
            Link(frame);
            Tree.Charge(bank, 1);
        }

        return frame;
    }

    /// <summary>The frame is free, and the next that is sold from its extent.</summary>
    public void Return(uint frame)
    {
        Unlink(frame);
        ref BookEntry entry = ref Memory.Entry(frame);
        Tree.Charge(entry.Owner, -1);
        entry = default;
        _extents.Return(frame);
    }

    /// <summary>Nothing can be made of the frame any more: it is Own's, and never sold again.</summary>
    public void Retire(uint frame)
    {
        MoveTo(frame, BankTree.Own, charged: true);
        Unlink(frame);
        ref BookEntry entry = ref Memory.Entry(frame);
        entry.Kind = BookKind.Retired;
        Link(frame);
    }

    /// <summary>A frame of a bank that hands up becomes its parent's, who has been charged for it all along.</summary>
    public void HandUp(uint frame)
    {
        ref BankRecord from = ref Memory.Bank(Memory.Entry(frame).Owner);
        MoveTo(frame, from.Parent, charged: false);
        from.Used--;
    }

    /// <summary>One of the bank's frames, None when it has none.</summary>
    public uint AnyFrame(uint bank)
    {
        ref BankRecord record = ref Memory.Bank(bank);
        return record.Frames != None ? record.Frames : record.OpenPots;
    }

    /// <summary>A pot of the bank with a node to sell, or None.</summary>
    public uint OpenPot(uint bank) => Memory.Bank(bank).OpenPots;

    /// <summary>The lowest free node of a pot is sold.</summary>
    public int TakeNode(uint frame)
    {
        BookEntry entry = Memory.Entry(frame);
        int index = BitOperations.TrailingZeroCount(~(uint)(entry.Nodes | entry.SetApart));
        SetNodes(frame, entry.Nodes | (1 << index), entry.SetApart);
        return index;
    }

    /// <summary>Says that a node that was just sold is the forwarder of a bank: nobody can give it back.</summary>
    public void SetApart(uint place) =>
        Memory.Entry(FrameOf(place)).SetApart |= (byte)(1 << IndexOf(place));

    /// <summary>Takes a node back. A pot without any is given back whole.</summary>
    /// <param name="isUsedUp">The node is never sold again, while the pot is one.</param>
    public void ReturnNode(uint frame, int index, bool isUsedUp)
    {
        BookEntry entry = Memory.Entry(frame);
        int bit = 1 << index;
        int left = entry.Nodes & ~bit;
        SetNodes(frame, left, isUsedUp ? entry.SetApart | bit : entry.SetApart & ~bit);
        if (left == 0)
        {
            Return(frame);
        }
    }

    /// <summary>Who bought an object: None when it is nobody's, or what a bank is made of.</summary>
    public uint OwnerOf(ulong frame, int index, BookKind kind)
    {
        if (frame >= FirstUnknown)
        {
            return None;
        }

        BookEntry entry = Memory.Entry((uint)frame);
        bool isSold = entry.Kind == kind
            && (kind == BookKind.Pot ? ((entry.Nodes & ~entry.SetApart) >> index & 1) != 0 : index == 0);
        return isSold ? entry.Owner : None;
    }

    /// <summary>True when the node is one through which a bank is invoked.</summary>
    public bool IsForwarderOfBank(ulong frame, int index)
    {
        if (frame >= FirstUnknown)
        {
            return false;
        }

        BookEntry entry = Memory.Entry((uint)frame);
        return entry.Kind == BookKind.Pot && ((entry.Nodes & entry.SetApart) >> index & 1) != 0;
    }

    private void SetNodes(uint frame, int nodes, int setApart)
    {
        ref BookEntry entry = ref Memory.Entry(frame);
        bool isMoved = IsOpen(entry) != ((nodes | setApart) != AllNodes);
        if (isMoved)
        {
            Unlink(frame);
        }

        entry.Nodes = (byte)nodes;
        entry.SetApart = (byte)setApart;
        if (isMoved)
        {
            Link(frame);
        }
    }

    private void MoveTo(uint frame, uint bank, bool charged)
    {
        Unlink(frame);
        ref BookEntry entry = ref Memory.Entry(frame);
        if (charged)
        {
            Tree.Charge(entry.Owner, -1);
            Tree.Charge(bank, 1);
        }

        entry.Owner = bank;
        Link(frame);
    }

    private static bool IsOpen(in BookEntry entry) =>
        entry.Kind == BookKind.Pot && (entry.Nodes | entry.SetApart) != AllNodes;

    private ref uint ListOf(in BookEntry entry)
    {
        ref BankRecord owner = ref Memory.Bank(entry.Owner);
        return ref IsOpen(entry) ? ref owner.OpenPots : ref owner.Frames;
    }

    private void Link(uint frame)
    {
        ref BookEntry entry = ref Memory.Entry(frame);
        ref uint list = ref ListOf(entry);
        entry.Next = list;
        entry.Previous = None;
        if (list != None)
        {
            Memory.Entry(list).Previous = frame;
        }

        list = frame;
    }

    private void Unlink(uint frame)
    {
        ref BookEntry entry = ref Memory.Entry(frame);
        if (entry.Next != None)
        {
            Memory.Entry(entry.Next).Previous = entry.Previous;
        }

        if (entry.Previous != None)
        {
            Memory.Entry(entry.Previous).Next = entry.Next;
        }
        else
        {
            ListOf(entry) = entry.Next;
        }
    }
}
