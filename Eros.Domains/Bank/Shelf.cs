// Shelf: books and range together. A sale is an entry in the books and an object made by the range; either both
// happen or none.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bank;

/// <summary>Makes what is sold, unmakes what comes back.</summary>
internal sealed class Shelf(Books books, int range)
{
    private const int ShapeShift = 8;

    private readonly Books _books = books;
    private readonly int _range = range;

    /// <summary>Sells an object of a <see cref="RangeKind"/>; its capability is put into a register.</summary>
    public Result Sell(int account, uint kind, int slotLog2, int register)
    {
        Result result = TrySell(account, kind, slotLog2, register, out bool isRetired);
        while (isRetired)
        {
            result = TrySell(account, kind, slotLog2, register, out isRetired);
        }

        return result;
    }

    /// <summary>Takes an object back: its capabilities are void everywhere, its frame can be sold again.</summary>
    public Result TakeBack(ulong frame, int index, BookKind kind)
    {
        MessageRegisters message = default;
        message.Order = RangeOrder.Rescind;
        message.Word1 = frame;
        message.Word2 = (ulong)index;
        message.Call(_range, 0, 0);
        if (message.Result == Result.Ok)
        {
            Return(frame, index, kind);
        }

        return message.Result;
    }

    // A frame whose versions are used up would be taken again by every sale from then on: it is put away, and another
    // one tried. (Of a process the limit may be that of all processes, so its frame stays for who buys a page.)
    private Result TrySell(int account, uint kind, int slotLog2, int register, out bool isRetired)
    {
        isRetired = false;
        BookKind bookKind = KindOf(kind);
        uint pot = bookKind == BookKind.Pot ? _books.OpenPot(account) : Books.NoFrame;
        if (pot == Books.NoFrame && !_books.CanTake(account))
        {
            return Result.LimitReached;
        }

        ulong frame = pot != Books.NoFrame ? pot : _books.Take(account, bookKind);
        int index = bookKind == BookKind.Pot ? _books.TakeNode(frame) : 0;
        MessageRegisters message = default;
        message.Order = RangeOrder.Create;
        message.Word1 = frame;
        message.Word2 = kind;
        message.Word3 = (uint)index | ((ulong)(uint)slotLog2 << ShapeShift);
        message.Call(_range, 0, InvocationWord.Registers(register));
        isRetired = message.Result == Result.LimitReached && pot == Books.NoFrame && bookKind != BookKind.Process;
        if (isRetired)
        {
            _books.Retire(frame);
        }
        else if (message.Result != Result.Ok)
        {
            Return(frame, index, bookKind);
        }

        return message.Result;
    }

    private void Return(ulong frame, int index, BookKind kind)
    {
        if (kind == BookKind.Pot)
        {
            _books.ReturnNode(frame, index);
        }
        else
        {
            _books.Return(frame);
        }
    }

    private static BookKind KindOf(uint kind) => kind switch
    {
        RangeKind.Page => BookKind.Page,
        RangeKind.Process => BookKind.Process,
        _ => BookKind.Pot,
    };
}
