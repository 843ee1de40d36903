// SpaceKeeperDomain: the virtual copy keeper. One process keeps all spaces, and remembers none of them: whose fault it
// is told of, the kernel says by the node above the space, and what it needs is in that node (KeptSpace).
//
// A fault is mended with one page, and with the nodes on the way to it:
//   written, the image has the page     a copy of it
//   touched, the image has none         zeros, where the space may grow (the badge says where)
// All else is refused, and goes to the process's own keeper.
//
// It calls the kernel and banks that the bank itself has vouched for, and nobody else: no client can keep it waiting.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.SpaceKeeper;

/// <summary>
/// Facets: what the kernel tells, where the badge says which regions may grow; what everybody may ask.
/// </summary>
[Domain]
public sealed partial class SpaceKeeperDomain : Domain, ISpaceKeeper, IVirtualCopies
{
    // Facet of ISpaceKeeper, and where the badge begins, in the payload of a start capability.
    private const uint KeeperFacet = 0;
    private const int BadgeShift = 8;
    private const int BadgeBits = 24;

    // The low byte of a fault's third word for a write, and where the rights begin that the way took.
    private const byte Write = 1;
    private const int TakenShift = 8;

    // Freezing a copy of a frozen space, and so on: so many images are looked through.
    private const int MaxImages = 8;

    /// <summary>This very process: it makes the keeper capability of each space.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    /// <summary>What this process is branded with.</summary>
    [Capability]
    internal partial IBrand Brand { get; }

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial IDiscrim Discrim { get; }

    [Capability]
    internal partial IProcessTool ProcessTool { get; }

    /// <inheritdoc/>
    public Result Fault(ulong code, ulong offset, ulong way, INode node)
    {
        bool isWrite = (byte)way == Write;
        bool isDenied = (FaultCode)code == FaultCode.Access && isWrite;
        Rights taken = (Rights)(byte)(way >> TakenShift);
        if ((!isDenied && (FaultCode)code != FaultCode.InvalidAddress)
            || (isWrite && (taken & (Rights.ReadOnly | Rights.Weak)) != 0))
        {
            return Result.NoAccess;
        }

        Result result = node.Locate(
            offset, out ulong slot, out ulong slotLog2, out ulong type, out _, out INode holder);
        if (result != Result.Ok || (CapabilityType)type != CapabilityType.Void)
        {
            return Result.NoAccess;
        }

        bool hasOriginal = FindOriginal(node, offset, out IPage original);
        return hasOriginal == isDenied && (hasOriginal || Grows(offset))
            ? Supply(node, holder, offset, slot, slotLog2, hasOriginal, original)
            : Result.NoAccess;
    }

    /// <inheritdoc/>
    public Result Make(
        ISpaceBank bank, INode image, uint growing, SpaceOptions options, out ISpace space, out INode root)
    {
        space = SpaceClient.Void;
        root = NodeClient.Void;
        if (growing >> BadgeBits != 0 || (options & ~SpaceOptions.Open) != 0)
        {
            return Result.BadArgument;
        }

        Result result = Bank.Verify(bank, out bool isBank);
        if (result != Result.Ok || !isBank)
        {
            return Result.NoAccess;
        }

        result = ReadImage(image, out ICapability original);
        return result == Result.Ok
            ? Build(bank, original, growing, (options & SpaceOptions.Open) != 0, out space, out root)
            : result;
    }

    /// <inheritdoc/>
    public Result Freeze(ISpace space, out INode image)
    {
        image = NodeClient.Void;
        if (!IsKept(space, out INode kept))
        {
            return Result.BadArgument;
        }

        kept.Fetch(KeptSpace.HandedOut, out ICapability handedOut);
        if (!Capabilities.IsVoid(handedOut))
        {
            return Result.NoAccess;
        }

        kept.Fetch(KeptSpace.Root, out ICapability root);
        Result result = NodeClient.Of(root).WithGuard(
            Guard.At0(KeptSpace.SlotLog2).Value, (ulong)KeptSpace.Sensory, out INode frozen);
        if (result == Result.Ok)
        {
            result = kept.Swap(KeptSpace.Memory, frozen, out _);
        }

        return result == Result.Ok
            ? kept.WithGuard(Guard.At0(KeptSpace.Log2).Value, (ulong)KeptSpace.Sensory, out image)
            : result;
    }

    // A node of anybody's can have this process as its keeper, by the facet that everybody may have. Only those made
    // here have the other one, and then what is in them was put there by this process.
    private bool IsKept(ISpace space, out INode kept)
    {
        if (ProcessTool.AmplifySpace(space, Brand, out kept) != Result.Ok)
        {
            return false;
        }

        kept.Fetch(KeptSpace.Keeper, out ICapability keeper);
        return ProcessTool.AmplifyStart(keeper, Brand, out uint payload, out _) == Result.Ok
            && (payload & ((1u << BadgeShift) - 1)) == KeeperFacet;
    }

    private bool Grows(ulong offset) => offset >> KeptSpace.RootSlotLog2 < BadgeBits
        && ((Badge >> (int)(offset >> KeptSpace.RootSlotLog2)) & 1) != 0;

    // The image's page at an offset: of the nearest image that has one, as a walk through backgrounds finds it.
    private static bool FindOriginal(INode kept, ulong offset, out IPage original)
    {
        INode above = kept;
        for (int i = 0; i < MaxImages; i++)
        {
            if (above.Fetch(KeptSpace.Image, out ICapability image) != Result.Ok)
            {
                break;
            }

            // An image of an image, and so on: there are fewer registers than there may be images.
            if (above != kept)
            {
                Capabilities.Release(above);
            }

            above = NodeClient.Of(image);
            Result result = above.Locate(
                offset, out _, out ulong log2, out ulong type, out ICapability held, out INode holder);
            Capabilities.Release(holder);
            if (result != Result.Ok)
            {
                break;
            }

            if ((CapabilityType)type == CapabilityType.Page && log2 == Guard.PageLog2)
            {
                original = PageClient.Of(held);
                return true;
            }

            Capabilities.Release(held);
        }

        original = PageClient.Void;
        return false;
    }

    // Nodes down to the page's size, and the page. What was bought before the bank refuses is used by the next fault.
    private static Result Supply(
        INode kept, INode holder, ulong offset, ulong slot, ulong slotLog2, bool isCopy, IPage original)
    {
        Result result = kept.Fetch(KeptSpace.Bank, out ICapability thing);
        ISpaceBank bank = SpaceBankClient.Of(thing);
        INode above = holder;
        while (result == Result.Ok && slotLog2 > Guard.PageLog2)
        {
            uint below = (uint)slotLog2 - Guard.NodeLog2;
            result = bank.BuySpaceNode(below, out INode bought);
            if (result == Result.Ok)
            {
                bought.WithGuard(Guard.At0((int)slotLog2).Value, 0, out INode level);
                result = Put(bank, above, slot, level, bought);
                above = bought;
                slotLog2 = below;
                slot = (offset >> (int)below) & (NodeSlot.Count - 1);
            }
        }

        if (result != Result.Ok)
        {
            return result;
        }

        result = bank.BuyPage(out IPage page);
        if (result == Result.Ok && isCopy)
        {
            result = page.CopyFrom(original);
            if (result != Result.Ok)
            {
                bank.Free(page);
            }
        }

        return result == Result.Ok ? Put(bank, above, slot, page, page) : result;
    }

    // A frozen space takes nothing more: what was bought for it goes back.
    private static Result Put(ISpaceBank bank, INode node, ulong slot, ICapability thing, ICapability bought)
    {
        Result result = node.Swap((uint)slot, thing, out _);
        if (result != Result.Ok)
        {
            bank.Free(bought);
        }

        return result;
    }

    // An image is read through a capability that can do nothing else, whatever the one that was handed over could.
    private Result ReadImage(INode image, out ICapability original)
    {
        original = CapabilityClient.At(0);
        Result result = Discrim.Classify(image, out uint found, out _);
        if (result != Result.Ok || found == DiscrimClass.Void)
        {
            return result;
        }

        if (found != DiscrimClass.Node || image.Describe(out _, out ulong slotLog2, out _) != Result.Ok)
        {
            return Result.BadArgument;
        }

        Guard guard = Guard.At0((int)slotLog2 + Guard.NodeLog2);
        result = image.WithGuard(guard.Value, (ulong)KeptSpace.Sensory, out INode sensory);
        original = sensory;
        return result;
    }

    private Result Build(
        ISpaceBank bank, ICapability image, uint growing, bool isOpen, out ISpace space, out INode root)
    {
        space = SpaceClient.Void;
        Result result = bank.BuySpaceNode(KeptSpace.RootSlotLog2, out root);
        if (result != Result.Ok)
        {
            return result;
        }

        result = bank.BuySpaceNode(KeptSpace.SlotLog2, out INode kept);
        if (result != Result.Ok)
        {
            bank.Free(root);
            return result;
        }

        root.WithGuard(Guard.At0(KeptSpace.SlotLog2).Value, (ulong)Rights.NoExecute, out INode memory);
        Self.MakeStart(KeeperFacet | (growing << BadgeShift), out ICapability keeper);
        kept.Swap(KeptSpace.Memory, memory, out _);
        kept.Swap(isOpen ? KeptSpace.HandedOut : KeptSpace.Root, root, out _);
        kept.Swap(KeptSpace.Bank, bank, out _);
        kept.Swap(KeptSpace.Image, image, out _);
        kept.Swap(KeptSpace.Keeper, keeper, out _);
        kept.SetFlags((ulong)(NodeFlags.Keeper | NodeFlags.Background));
        result = kept.MakeSpace(Guard.At0(KeptSpace.Log2).Value, 0, out space);
        root = isOpen ? root : NodeClient.Void;
        return result;
    }
}
