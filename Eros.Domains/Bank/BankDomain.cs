// BankDomain: the space bank. All storage is bought here; it alone holds the range, so nobody else can make an object
// or unmake one. One process is all banks: which is meant stands in the badge of the forwarder that was invoked
// (BankMaker.cs). docs/space-bank.md is the page for its clients.
//
// It must run before anybody can buy, itself included: its heap does not grow, its books are handed to it by the
// composition (BookLayout.cs) and lengthened with pages that it sells to itself. A request allocates nothing, and does
// a bounded part of work. What clients hand over is never invoked: it might be anything.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Bank;

/// <summary>Sells pages, nodes and processes out of one range of the volume.</summary>
[Domain]
public sealed unsafe partial class BankDomain : Domain, ISpaceBank
{
    // Extents that a sale, and then two lengthenings of the books, can begin, each of pages and of pots.
    private const uint SpareExtents = 6;

    // Objects that one request rescinds at most: who waits for the bank meanwhile waits no longer than this takes.
    private const int ObjectsPerStep = 32;
    private const int SmallestSlotLog2 = 12;
    private const int LargestSlotLog2 = 42;
    private const int RightsShift = 8;
    private const BankRights AllRights = BankRights.NoDestroy | BankRights.NoLimit;

    private Books _books = null!;
    private Shelf _shelf = null!;
    private BankMaker _maker = null!;
    private BookGrower _banks = null!;
    private BookGrower _frames = null!;

    [Capability]
    internal partial IRange Range { get; }

    /// <summary>This domain: what the forwarders of banks lead to.</summary>
    [Capability]
    internal partial ISpaceBank Self { get; }

    /// <summary>The nodes of the last page of the run of banks.</summary>
    [Capability]
    internal partial INode BanksRegion { get; }

    [Capability]
    internal partial INode BanksLeaf { get; }

    protected override int MaxString => 0;

    private uint Bank => BankBadge.Number(Badge);

    private BankRights Precluded => BankBadge.Rights(Badge);

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
        Result result = FindOwn(thing, out uint place, out BookKind kind);
        return result == Result.Ok ? _shelf.TakeBack(place, kind) : result;
    }

    /// <inheritdoc/>
    public Result Sever(ICapability thing, out ICapability fresh)
    {
        Result result = FindOwn(thing, out uint place, out BookKind kind);
        fresh = CapabilityClient.At(0);
        if (result != Result.Ok)
        {
            return result;
        }

        if (kind == BookKind.Process)
        {
            return Result.BadArgument;
        }

        int register = CapabilityRegisters.Current.Allocate();
        fresh = CapabilityClient.At(register);
        return _shelf.Sever(place, register);
    }

    /// <inheritdoc/>
    public Result Identify(ICapability thing, bool orBelow, out uint kind)
    {
        Result result = Find(thing, out uint place, out uint owner, out _, out _);
        kind = 0;
        if (result != Result.Ok)
        {
            return result;
        }

        bool isOurs = orBelow ? owner != Books.None && _books.Tree.IsWithin(owner, Bank) : owner == Bank;
        return isOurs ? _shelf.Get(place, CapabilityRegisters.Passing, out kind) : Result.NoAccess;
    }

    /// <inheritdoc/>
    public Result Account(out ulong used, out ulong limit, out ulong available)
    {
        used = _books.Memory.Bank(Bank).Used;
        limit = _books.Memory.Bank(Bank).Limit;
        available = _books.Tree.Available(Bank);
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result CreateChild(ulong limit, out ISpaceBank child)
    {
        child = SpaceBankClient.Void;
        if (!_books.Tree.CanHaveChild(Bank))
        {
            return Result.LimitReached;
        }

        Result room = MakeRoom();
        if (!_books.Tree.HasRoom)
        {
            Result result = _banks.Grow();
            TellRoom();
            room = _books.Tree.HasRoom ? room : result;
        }

        if (!_books.Tree.HasRoom)
        {
            return room == Result.Ok ? Result.LimitReached : room;
        }

        int register = CapabilityRegisters.Current.Allocate();
        child = SpaceBankClient.At(register);
        return _maker.Create(Bank, limit, register);
    }

    /// <inheritdoc/>
    public Result SetLimit(ulong limit)
    {
        if ((Precluded & BankRights.NoLimit) != 0)
        {
            return Result.NoAccess;
        }

        _books.Memory.Bank(Bank).Limit = limit;
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Preclude(BankRights take, out ISpaceBank reduced)
    {
        reduced = SpaceBankClient.Void;
        if ((take & ~AllRights) != 0)
        {
            return Result.BadArgument;
        }

        MakeRoom();
        int register = CapabilityRegisters.Current.Allocate();
        reduced = SpaceBankClient.At(register);
        return _maker.Forward(Bank, Precluded | take, register);
    }

    /// <inheritdoc/>
    public Result DestroyStep(bool handUp, out bool isOver)
    {
        isOver = false;
        if ((Precluded & BankRights.NoDestroy) != 0 || Bank == BankTree.Prime)
        {
            return Result.NoAccess;
        }

        _books.Tree.End(Bank, handUp ? BankState.HandingUp : BankState.Dying);
        for (int i = 0; i < ObjectsPerStep && !isOver; i++)
        {
            isOver = _maker.Step(Bank);
        }

        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Verify(ICapability thing, out bool isBank)
    {
        Result result = Range.Identify(thing, out ulong frame, out ulong index, out ulong shape);
        isBank = result == Result.Ok
            && (CapabilityType)(byte)shape == CapabilityType.Forwarder
            && _books.IsForwarderOfBank(frame, (int)index);
        return Result.Ok;
    }

    protected override void Main()
    {
        _books = new Books(new BookMemory(OwnMemory.At(BookPlaces.Banks), OwnMemory.At(BookPlaces.Frames)));
        _shelf = new Shelf(_books, CapabilityClient.RegisterOf(Range));
        _maker = new BankMaker(_books, _shelf, CapabilityClient.RegisterOf(Self));
        BookRun banks = new(
            BookPlaces.BanksRegion,
            BookPlaces.BanksEnd,
            CapabilityClient.RegisterOf(BanksRegion),
            CapabilityClient.RegisterOf(BanksLeaf));
        BookRun frames = new(
            BookPlaces.FramesRegion,
            BookPlaces.FramesEnd,
            CapabilityRegisters.GrowingRegion,
            CapabilityRegisters.GrowingLeaf);
        ref BookHeader header = ref _books.Memory.Header;
        _banks = new BookGrower(_shelf, banks, (int)header.BankPages);
        _frames = new BookGrower(_shelf, frames, (int)header.FramePages);
        TellRoom();
        if (Range.Query(out ulong count) == Result.Ok)
        {
            _books.SetFrames(count);
        }
    }

    /// <summary>
    /// A bank that is being destroyed is void; to those who may destroy it, only but for that.
    /// </summary>
    protected override bool Admits(Message message) =>
        Bank != BankTree.Own
        && (_books.Tree.IsAlive(Bank)
            || (message.Order == SpaceBankOrder.DestroyStep
                && (Precluded & BankRights.NoDestroy) == 0
                && _books.Tree.IsEnding(Bank)));

    private Result BuyNode(uint kind, int slotLog2, out INode node)
    {
        Result result = Buy(kind, slotLog2, out int register);
        node = NodeClient.At(register);
        return result;
    }

    private Result Buy(uint kind, int slotLog2, out int register)
    {
        FinishForOthers();
        MakeRoom();
        register = CapabilityRegisters.Current.Allocate();
        return _shelf.Sell(Bank, kind, slotLog2, register, out _);
    }

    // Whoever ordered a bank's end may be gone, perhaps with that bank. So every sale does a part of it.
    private void FinishForOthers()
    {
        uint ending = _books.Tree.FirstEnding;
        if (ending != Books.None)
        {
            _maker.Step(ending);
        }
    }

    // Keeps entries for the next sale and for the next lengthening. Near the end of the volume the last frames are sold
    // as well, so it is no failure when there are none left for the books.
    private Result MakeRoom()
    {
        Result result = Result.Ok;
        while (result == Result.Ok && _books.NeedsRoom(SpareExtents))
        {
            result = _frames.Grow();
            TellRoom();
        }

        return result;
    }

    private void TellRoom() => _books.SetRoom(_banks.Pages, _frames.Pages);

    // An object of this very bank, with an unrestricted capability.
    private Result FindOwn(ICapability thing, out uint place, out BookKind kind)
    {
        Result result = Find(thing, out place, out uint owner, out kind, out Rights rights);
        return result != Result.Ok ? result
            : owner == Bank && rights == Rights.None ? Result.Ok
            : Result.NoAccess;
    }

    private Result Find(ICapability thing, out uint place, out uint owner, out BookKind kind, out Rights rights)
    {
        Result result = Range.Identify(thing, out ulong frame, out ulong index, out ulong shape);
        place = Books.PlaceOf((uint)frame, (int)index);
        rights = (Rights)(byte)(shape >> RightsShift);
        kind = (CapabilityType)(byte)shape switch
        {
            CapabilityType.Page => BookKind.Page,
            CapabilityType.Node => BookKind.Pot,
            CapabilityType.Process => BookKind.Process,
            _ => BookKind.Free,
        };
        owner = Books.None;
        if (result != Result.Ok || kind == BookKind.Free)
        {
            return Result.BadArgument;
        }

        owner = _books.OwnerOf(frame, (int)index, kind);
        return Result.Ok;
    }
}
