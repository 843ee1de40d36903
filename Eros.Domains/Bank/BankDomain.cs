// BankDomain: the space bank. All storage is bought here; it alone holds the range, so nobody else can make an object
// or unmake one.
//
// It must run before anybody can buy, itself included: its heap does not grow, its books are handed to it by the
// composition (Books.cs) and lengthened with pages that it sells to itself. A request allocates nothing.
//
// A client frees only what its own account bought, and only with an unrestricted capability to it in hand.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Bank;

/// <summary>Sells pages, nodes and processes out of one range of the volume.</summary>
[Domain]
public sealed unsafe partial class BankDomain : Domain, ISpaceBank
{
    // What one lengthening of the books can use up: a page and two pots.
    private const ulong SpareEntries = 4;
    private const int SmallestSlotLog2 = 12;
    private const int LargestSlotLog2 = 42;
    private const int RightsShift = 8;

    private Books _books = null!;
    private Shelf _shelf = null!;
    private BookGrower _grower = null!;

    [Capability]
    internal partial IRange Range { get; }

    protected override int MaxString => 0;

    /// <inheritdoc/>
    public Result BuyPage(out IPage page)
    {
        Result result = Buy(RangeKind.Page, 0, out int register);
        page = PageClient.At(register);
        return result;
    }

    /// <inheritdoc/>
    public Result BuyNode(out INode node) => BuyNode(RangeKind.PlainNode, 0, out node);

    /// <inheritdoc/>
    public Result BuyForwarder(out INode node) => BuyNode(RangeKind.ForwarderNode, 0, out node);

    /// <inheritdoc/>
    public Result BuySpaceNode(uint slotLog2, out INode node)
    {
        bool isLevel = slotLog2 is >= SmallestSlotLog2 and <= LargestSlotLog2
            && (slotLog2 - SmallestSlotLog2) % Guard.NodeLog2 == 0;
        node = NodeClient.Void;
        return isLevel ? BuyNode(RangeKind.SpaceNode, (int)slotLog2, out node) : Result.BadArgument;
    }

    /// <inheritdoc/>
    public Result BuyProcess(out IProcess process)
    {
        Result result = Buy(RangeKind.Process, 0, out int register);
        process = ProcessClient.At(register);
        return result;
    }

    /// <inheritdoc/>
    public Result Free(ICapability thing)
    {
        Result result = Find(thing, out ulong frame, out int index, out BookKind kind, out Rights rights);
        if (result == Result.Ok && rights != Rights.None)
        {
            result = Result.NoAccess;
        }

        return result == Result.Ok ? _shelf.TakeBack(frame, index, kind) : result;
    }

    /// <inheritdoc/>
    public Result Identify(ICapability thing, bool orBelow, out uint kind)
    {
        Result result = Find(thing, out ulong frame, out int index, out _, out _);
        kind = 0;
        if (result == Result.Ok)
        {
            result = Range.Get(frame, (ulong)index, out ulong rangeKind, out _);
            kind = (uint)rangeKind;
        }

        return result;
    }

    /// <inheritdoc/>
    public Result Account(out ulong used, out ulong limit, out ulong available)
    {
        bool isKnown = _books.HasAccount(Badge);
        used = isKnown ? _books.Account((int)Badge).Used : 0;
        limit = isKnown ? _books.Account((int)Badge).Limit : 0;
        available = limit > used ? limit - used : 0;
        return isKnown ? Result.Ok : Result.NoAccess;
    }

    /// <inheritdoc/>
    public Result Sever(ICapability thing, out ICapability fresh)
    {
        fresh = CapabilityClient.At(0);
        return Result.UnknownOrder;
    }

    /// <inheritdoc/>
    public Result CreateChild(ulong limit, out ISpaceBank child)
    {
        child = SpaceBankClient.Void;
        return Result.UnknownOrder;
    }

    /// <inheritdoc/>
    public Result SetLimit(ulong limit) => Result.UnknownOrder;

    /// <inheritdoc/>
    public Result Preclude(BankRights take, out ISpaceBank reduced)
    {
        reduced = SpaceBankClient.Void;
        return Result.UnknownOrder;
    }

    /// <inheritdoc/>
    public Result DestroyStep(bool handUp, out bool isOver)
    {
        isOver = false;
        return Result.UnknownOrder;
    }

    /// <inheritdoc/>
    public Result Verify(ICapability thing, out bool isBank)
    {
        isBank = false;
        return Result.UnknownOrder;
    }

    protected override void Main()
    {
        _books = new Books(OwnMemory.At(SpaceLayout.Own));
        _shelf = new Shelf(_books, CapabilityClient.RegisterOf(Range));
        _grower = new BookGrower(_shelf, (int)_books.Header.Pages);

        // The volume may be larger than the one that the composition was made for.
        if (Range.Query(out ulong frames) == Result.Ok)
        {
            _books.Header.Frames = frames;
        }
    }

    private Result BuyNode(uint kind, int slotLog2, out INode node)
    {
        Result result = Buy(kind, slotLog2, out int register);
        node = NodeClient.At(register);
        return result;
    }

    private Result Buy(uint kind, int slotLog2, out int register)
    {
        register = 0;
        if (Badge == Books.SystemAccount || !_books.HasAccount(Badge))
        {
            return Result.NoAccess;
        }

        Result room = MakeRoom();
        if (room != Result.Ok)
        {
            return room;
        }

        register = CapabilityRegisters.Current.Allocate();
        return _shelf.Sell((int)Badge, kind, slotLog2, register);
    }

    // Keeps entries for the next sale and for the next lengthening. Near the end of the volume the last entries are
    // sold as well.
    private Result MakeRoom()
    {
        ulong next = _books.Header.FirstFresh;
        if (next + SpareEntries < _grower.Entries || _books.Header.FreeList != Books.NoFrame)
        {
            return Result.Ok;
        }

        Result result = _grower.Grow();
        return next < _grower.Entries ? Result.Ok : result;
    }

    // What a client handed over: an object of its own, or the reason why not. The object is not asked: it might be
    // anything.
    private Result Find(ICapability thing, out ulong frame, out int index, out BookKind kind, out Rights rights)
    {
        Result result = Range.Identify(thing, out frame, out ulong place, out ulong shape);
        index = (int)place;
        rights = (Rights)(byte)(shape >> RightsShift);
        kind = (CapabilityType)(byte)shape switch
        {
            CapabilityType.Page => BookKind.Page,
            CapabilityType.Node => BookKind.Pot,
            CapabilityType.Process => BookKind.Process,
            _ => BookKind.Free,
        };
        if (result != Result.Ok || kind == BookKind.Free)
        {
            return Result.BadArgument;
        }

        return _books.Owns((int)Badge, frame, index, kind) ? Result.Ok : Result.NoAccess;
    }
}
