// BankMaker: how a bank is reached, and how it ends.
//
// A bank is invoked through forwarders: nodes whose target is this domain and whose word says which bank is meant, and
// what its holder may not do. They belong to the bank above and are charged to it, for they must outlive the bank's own
// frames: whoever destroys the bank does so through one of them. When they are rescinded the bank is void everywhere,
// and only then its number can be used again.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bank;

/// <summary>Makes forwarders, and takes banks down.</summary>
/// <param name="self">Register of this domain's own start capability.</param>
internal sealed class BankMaker(Books books, Shelf shelf, int self)
{
    private const int NodeRegister = CapabilityRegisters.Passing;

    private readonly Books _books = books;
    private readonly Shelf _shelf = shelf;
    private readonly int _self = self;

    /// <summary>Makes a bank below another; its capability is put into a register.</summary>
    public Result Create(uint parent, ulong limit, int register)
    {
        uint bank = _books.Tree.Create(parent, limit);
        Result result = Forward(bank, BankRights.None, register);
        if (result != Result.Ok)
        {
            _books.Tree.Remove(bank, keepsNumber: false);
        }

        return result;
    }

    /// <summary>
    /// Puts a capability of a bank into a register. The forwarder is made when it is first asked for.
    /// </summary>
    public Result Forward(uint bank, BankRights rights, int register)
    {
        uint place = _books.Memory.Bank(bank).Forwarders[(int)rights];
        Result result = place == Books.None
            ? Make(bank, rights, out place)
            : _shelf.Get(place, NodeRegister, out _);
        if (result == Result.Ok)
        {
            result = Ask(NodeOrder.MakeForwarder, 0, 0, register);
        }

        return result;
    }

    /// <summary>
    /// Does a part of a bank's end: one object is rescinded or handed up, or one bank forgotten, the lowest first. True
    /// when there is nothing left of it.
    /// </summary>
    public bool Step(uint bank)
    {
        bool handsUp = _books.Memory.Bank(bank).State == BankState.HandingUp;
        uint at = bank;
        while (!handsUp && _books.Memory.Bank(at).FirstChild != Books.None)
        {
            at = _books.Memory.Bank(at).FirstChild;
        }

        // Forwarders of the banks below are among the frames: they go up before those banks do.
        uint frame = _books.AnyFrame(at);
        if (frame != Books.None)
        {
            if (handsUp)
            {
                _books.HandUp(frame);
            }
            else
            {
                _shelf.TakeDown(frame);
            }

            return false;
        }

        if (handsUp && _books.Memory.Bank(at).FirstChild != Books.None)
        {
            _books.Tree.HandUpChild(at);
            return false;
        }

        Forget(at);
        return at == bank;
    }

    // A forwarder that the disk has lost might be read again some day: its number then names no bank.
    private void Forget(uint bank)
    {
        bool keepsNumber = false;
        for (int rights = 0; rights < BankForwarders.Count; rights++)
        {
            uint place = _books.Memory.Bank(bank).Forwarders[rights];
            if (place != Books.None && _shelf.TakeBack(place, BookKind.Pot) != Result.Ok)
            {
                _books.Retire(Books.FrameOf(place));
                keepsNumber = true;
            }
        }

        _books.Tree.Remove(bank, keepsNumber);
    }

    private Result Make(uint bank, BankRights rights, out uint place)
    {
        uint payer = _books.Memory.Bank(bank).Parent;
        payer = payer == Books.None ? BankTree.Own : payer;
        Result result = _shelf.Sell(payer, RangeKind.ForwarderNode, 0, NodeRegister, out place);
        if (result != Result.Ok)
        {
            return result;
        }

        _books.SetApart(place);
        result = Ask(NodeOrder.Swap, 0, _self, 0);
        if (result == Result.Ok)
        {
            result = Ask(NodeOrder.SetWord, Message.Payload(0, BankBadge.Of(bank, rights)), 0, 0);
        }

        if (result == Result.Ok)
        {
            _books.Memory.Bank(bank).Forwarders[(int)rights] = place;
        }
        else
        {
            _shelf.TakeBack(place, BookKind.Pot);
        }

        return result;
    }

    private static Result Ask(uint order, ulong word, int send, int receive)
    {
        MessageRegisters message = default;
        message.Order = order;
        message.Word1 = word;
        message.Call(NodeRegister, InvocationWord.Registers(send), InvocationWord.Registers(receive));
        return message.Result;
    }
}

/// <summary>What a bank's forwarder says: 20 bits of number, and above them what its holder may not do.</summary>
public static class BankBadge
{
    private const int RightsShift = 20;
    private const uint NumberMask = (1u << RightsShift) - 1;

    public static uint Of(uint bank, BankRights rights) => bank | ((uint)rights << RightsShift);

    public static uint Number(uint badge) => badge & NumberMask;

    public static BankRights Rights(uint badge) => (BankRights)(badge >> RightsShift);
}
