// Shelf: books and range together. A sale is an entry in the books and an object made by the range; either both
// happen or none.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bank;

/// <summary>Makes what is sold, unmakes what comes back.</summary>
internal sealed class Shelf(Books books, int range)
{
    // Frames and nodes of which nothing can be made are put away, and others tried: so many in one sale.
    private const int MaxTries = 8;
    private const int ShapeShift = 8;

    private readonly Books _books = books;
    private readonly int _range = range;

    /// <summary>Sells an object of a <see cref="RangeKind"/>; its capability is put into a register.</summary>
    public Result Sell(uint bank, uint kind, int slotLog2, int register, out uint place)
    {
        Result result = Result.LimitReached;
        bool isUsedUp = true;
        place = Books.None;
        for (int tries = 0; isUsedUp && tries < MaxTries; tries++)
        {
            result = TrySell(bank, kind, slotLog2, register, ref place, out isUsedUp);
        }

        return result;
    }

    /// <summary>Takes an object back: its capabilities are void everywhere, its storage can be sold again.</summary>
    public Result TakeBack(uint place, BookKind kind)
    {
        Result result = Rescind(place);
        if (result == Result.Ok)
        {
            Return(place, kind, isUsedUp: false);
        }

        return result;
    }

    /// <summary>
    /// Takes back an object of a frame, or the frame. One that cannot be read is put away whole: nothing can be done
    /// with its objects, and nothing will be made of it any more.
    /// </summary>
    public void TakeDown(uint frame)
    {
        BookEntry entry = _books.Memory.Entry(frame);
        int index = entry.Kind == BookKind.Pot ? System.Numerics.BitOperations.TrailingZeroCount((uint)entry.Nodes) : 0;
        if (TakeBack(Books.PlaceOf(frame, index), entry.Kind) != Result.Ok)
        {
            _books.Retire(frame);
        }
    }

    /// <summary>The capability of an object that is sold.</summary>
    public Result Get(uint place, int register, out uint kind)
    {
        Result result = Ask(RangeOrder.Get, place, register, out ulong rangeKind);
        kind = (uint)rangeKind;
        return result;
    }

    /// <summary>A new capability for an object that is sold; all others are void.</summary>
    public Result Sever(uint place, int register) => Ask(RangeOrder.Sever, place, register, out _);

    // A frame whose versions are used up, or that the disk has lost, would be taken again by every sale from then on:
    // it is put away. (Of a process the limit may be that of all processes, so its frame stays for who buys a page.)
    private Result TrySell(uint bank, uint kind, int slotLog2, int register, ref uint place, out bool isUsedUp)
    {
        isUsedUp = false;
        BookKind bookKind = KindOf(kind);
        uint pot = bookKind == BookKind.Pot ? _books.OpenPot(bank) : Books.None;
        uint frame = pot != Books.None ? pot : _books.Take(bank, bookKind);
        if (frame == Books.None)
        {
            return Result.LimitReached;
        }

        int index = bookKind == BookKind.Pot ? _books.TakeNode(frame) : 0;
        MessageRegisters message = default;
        message.Order = RangeOrder.Create;
        message.Word1 = frame;
        message.Word2 = kind;
        message.Word3 = (uint)index | ((ulong)(uint)slotLog2 << ShapeShift);
        message.Call(_range, 0, InvocationWord.Registers(register));
        place = Books.PlaceOf(frame, index);
        if (message.Result != Result.Ok)
        {
            isUsedUp = message.Result != Result.LimitReached || bookKind != BookKind.Process;
            if (isUsedUp && pot == Books.None)
            {
                _books.Retire(frame);
            }
            else
            {
                Return(place, bookKind, isUsedUp);
            }
        }

        return message.Result;
    }

    private Result Rescind(uint place) => Ask(RangeOrder.Rescind, place, 0, out _);

    private Result Ask(uint order, uint place, int register, out ulong word)
    {
        MessageRegisters message = default;
        message.Order = order;
        message.Word1 = Books.FrameOf(place);
        message.Word2 = (ulong)Books.IndexOf(place);
        message.Call(_range, 0, InvocationWord.Registers(register));
        word = message.Word1;
        return message.Result;
    }

    private void Return(uint place, BookKind kind, bool isUsedUp)
    {
        if (kind == BookKind.Pot)
        {
            _books.ReturnNode(Books.FrameOf(place), Books.IndexOf(place), isUsedUp);
        }
        else
        {
            _books.Return(Books.FrameOf(place));
        }
    }

    private static BookKind KindOf(uint kind) => kind switch
    {
        RangeKind.Page => BookKind.Page,
        RangeKind.Process => BookKind.Process,
        _ => BookKind.Pot,
    };
}
