using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Orders of the bank that the run time's heap sends without a stub.</summary>
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
}

/// <summary>
/// Sells storage. Every object is charged to the buyer's account, told by the badge of its capability.
/// </summary>
public interface ISpaceBank : ICapability
{
    /// <summary>
    /// A page of zeros. LimitReached when the account or the volume has no more; so for all that is bought.
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
    /// Takes an object back; every capability for it is void from then on. It must be this account's, and the
    /// capability unrestricted: otherwise NoAccess.
    /// </summary>
    [Order(SpaceBankOrder.Free)]
    Result Free(ICapability thing);

    /// <summary>
    /// The RangeKind of an object of this account; NoAccess for anybody else's, BadArgument for what is no storage.
    /// </summary>
    [Order(SpaceBankOrder.Identify)]
    Result Identify(ICapability thing, out uint kind);

    /// <summary>Frames that the account has in use, and the most that it may.</summary>
    [Order(SpaceBankOrder.Account)]
    Result Account(out ulong used, out ulong limit);
}
