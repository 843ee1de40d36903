using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Orders of the bank, the same for ever. The run time's heap sends some without a stub.</summary>
public static class SpaceBankOrder
{
    public const uint BuyPage = 1;
    public const uint BuyNode = 2;
    public const uint BuySpaceNode = 3;
    public const uint BuyForwarder = 4;
    public const uint BuyProcess = 5;
    public const uint Free = 6;
    public const uint Identify = 7;
    public const uint Account = 8;
    public const uint Sever = 9;
    public const uint CreateChild = 10;
    public const uint SetLimit = 11;
    public const uint Preclude = 12;
    public const uint DestroyStep = 13;
    public const uint Verify = 14;
}

/// <summary>What can be taken away from a bank capability.</summary>
[Flags]
public enum BankRights : uint
{
    None = 0,

    /// <summary>The bank cannot be destroyed through it.</summary>
    NoDestroy = 1,

    /// <summary>The bank's limit cannot be set through it.</summary>
    NoLimit = 2,
}

/// <summary>
/// Sells storage. What is bought belongs to this bank, and is charged to it and to all banks above it. A bank that is
/// destroyed, and what was bought from it, is void everywhere.
/// </summary>
public interface ISpaceBank : ICapability
{
    /// <summary>
    /// A page of zeros. LimitReached when this bank, one above it or the volume has no more; so for all that is bought.
    /// </summary>
    [Order(SpaceBankOrder.BuyPage)]
    Result BuyPage(out IPage page);

    [Order(SpaceBankOrder.BuyNode)]
    Result BuyNode(out INode node);

    /// <summary>
    /// A node for an address space whose slots span 2^<paramref name="slotLog2"/> bytes: 12, 17, 22 ... 42.
    /// </summary>
    [Order(SpaceBankOrder.BuySpaceNode)]
    Result BuySpaceNode(uint slotLog2, out INode node);

    [Order(SpaceBankOrder.BuyForwarder)]
    Result BuyForwarder(out INode node);

    [Order(SpaceBankOrder.BuyProcess)]
    Result BuyProcess(out IProcess process);

    /// <summary>
    /// Takes an object back; every capability for it is void from then on. It must be this bank's, and the capability
    /// unrestricted: otherwise NoAccess.
    /// </summary>
    [Order(SpaceBankOrder.Free)]
    Result Free(ICapability thing);

    /// <summary>
    /// The RangeKind of an object of this bank or, if so asked, of one below it; NoAccess for anybody else's,
    /// BadArgument for what is no storage.
    /// </summary>
    [Order(SpaceBankOrder.Identify)]
    Result Identify(ICapability thing, bool orBelow, out uint kind);

    /// <summary>
    /// Frames that this bank and those below it have in use; the most that they may; and how many more can be bought
    /// now, seeing what the banks above allow.
    /// </summary>
    [Order(SpaceBankOrder.Account)]
    Result Account(out ulong used, out ulong limit, out ulong available);

    /// <summary>
    /// A new capability for a page or node of this bank, which keeps its contents: every other capability for it is
    /// void from then on. The one handed over must be unrestricted: otherwise NoAccess.
    /// </summary>
    [Order(SpaceBankOrder.Sever)]
    Result Sever(ICapability thing, out ICapability fresh);

    /// <summary>
    /// A bank below this one. It costs this one a node; LimitReached also when it would be too deep.
    /// </summary>
    [Order(SpaceBankOrder.CreateChild)]
    Result CreateChild(ulong limit, out ISpaceBank child);

    /// <summary>
    /// Sets the most frames that this bank and those below it may have in use. Less than they have: they keep it, and
    /// buy nothing.
    /// </summary>
    [Order(SpaceBankOrder.SetLimit)]
    Result SetLimit(ulong limit);

    /// <summary>A capability of this bank with less rights.</summary>
    [Order(SpaceBankOrder.Preclude)]
    Result Preclude(BankRights take, out ISpaceBank reduced);

    /// <summary>
    /// Destroys this bank, a bounded part at a time: call until <paramref name="isOver"/>, as
    /// <see cref="SpaceBanks.Destroy"/> does. From the first call on the bank, and all below it, is void to everybody
    /// else. Handing up, the bank above gets what was bought and the banks below; otherwise all of it is rescinded.
    /// </summary>
    [Order(SpaceBankOrder.DestroyStep)]
    Result DestroyStep(bool handUp, out bool isOver);

    /// <summary>Whether a capability is a bank of this very server, with whatever rights.</summary>
    [Order(SpaceBankOrder.Verify)]
    Result Verify(ICapability thing, out bool isBank);
}

/// <summary>What takes more than one call to a bank.</summary>
public static class SpaceBanks
{
    /// <summary>
    /// Makes a bank below this one, and an account of it for a program: without the right to set the limit, or to end
    /// the bank. (Who may end a bank may have what was bought from it handed up: a program that was to be destroyed
    /// with its bank would live on.) Nothing has been made when it fails.
    /// </summary>
    public static Result CreateAccount(
        this ISpaceBank bank, ulong limit, out ISpaceBank child, out ISpaceBank account)
    {
        account = SpaceBankClient.Void;
        Result result = bank.CreateChild(limit, out child);
        if (result != Result.Ok)
        {
            return result;
        }

        result = child.Preclude(BankRights.NoDestroy | BankRights.NoLimit, out account);
        if (result != Result.Ok)
        {
            child.Destroy();
            Capabilities.Release(child);
            child = SpaceBankClient.Void;
        }

        return result;
    }

    /// <summary>Destroys a bank with all that was bought from it, and from all banks below it.</summary>
    public static Result Destroy(this ISpaceBank bank) => End(bank, handUp: false);

    /// <summary>Destroys a bank alone: what it sold, and the banks below it, go to the one above.</summary>
    public static Result HandUp(this ISpaceBank bank) => End(bank, handUp: true);

    // Once the end is ordered, the bank itself may come to it while it sells to others.
    private static Result End(ISpaceBank bank, bool handUp)
    {
        Result result = bank.DestroyStep(handUp, out bool isOver);
        while (result == Result.Ok && !isOver)
        {
            result = bank.DestroyStep(handUp, out isOver);
            isOver |= result == Result.VoidCapability;
        }

        return isOver ? Result.Ok : result;
    }
}
