// Refusals: which calls the kernel must refuse, whatever else is so: because of the rights that a ware lacks, of words
// that mean nothing, or because the order means nothing. A domain that is answered Ok all the same has been given
// what it may not have, or the kernel has looked at a place that there is not.

using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.CrowdMember;

/// <summary>What must not be answered Ok.</summary>
internal static class Refusals
{
    private const ulong MemoryRights =
        (ulong)(Rights.ReadOnly | Rights.Weak | Rights.NoCall | Rights.Opaque | Rights.NoExecute);

    /// <summary>True for a call that must be refused. Of types whose answers depend on more, nothing is said.</summary>
    public static bool IsRefused(int ware, ulong order, ulong word1, ulong word2) =>
        order != CommonOrder.TypeOf && CrowdWares.TypeOf(ware) switch
        {
            CapabilityType.Page => IsRefusedByPage(CrowdWares.RightsOf(ware), order, word1, word2),
            CapabilityType.Node => IsRefusedByNode(ware, order, word1),
            CapabilityType.Space => order != SpaceOrder.Reduce || !IsRights(word1),
            CapabilityType.Process => IsRefusedByProcess(order, word1, word2),
            CapabilityType.Schedule => true,
            CapabilityType.Sleep => order is < SleepOrder.For or > SleepOrder.UntilRestart,
            CapabilityType.Discrim => order is < DiscrimOrder.Classify or > DiscrimOrder.Compare,
            CapabilityType.ProcessTool => order is < ProcessToolOrder.AmplifyStart or > ProcessToolOrder.SameBrand,
            CapabilityType.Void => true,
            _ => false,
        };

    private static bool IsRefusedByPage(Rights rights, ulong order, ulong word1, ulong word2)
    {
        const ulong Bytes = 1UL << Guard.PageLog2;
        bool isReadOnly = (rights & (Rights.ReadOnly | Rights.Weak)) != 0;
        return order switch
        {
            PageOrder.Reduce => !IsRights(word1),
            PageOrder.Zero or PageOrder.CopyFrom => isReadOnly,
            PageOrder.Read => word1 > Bytes || word2 > Bytes - word1,
            PageOrder.Write => isReadOnly || word1 > Bytes,
            PageOrder.WithGuard => (byte)word1 != Guard.PageLog2,
            _ => true,
        };
    }

    private static bool IsRefusedByNode(int ware, ulong order, ulong word1)
    {
        Rights rights = CrowdWares.RightsOf(ware);
        bool isOpaque = (rights & Rights.Opaque) != 0;
        bool isConstant = isOpaque || (rights & Rights.ReadOnly) != 0;
        bool isSpace = ware is CrowdWares.Leaf or CrowdWares.Region or CrowdWares.TheirWeakLeaf
            or CrowdWares.TheirOpaqueLeaf;
        bool isForwarder = ware == CrowdWares.ForwarderNode;
        return order switch
        {
            NodeOrder.Fetch => isOpaque || word1 >= NodeSlot.Count,
            NodeOrder.Swap => isConstant || word1 >= NodeSlot.Count,
            NodeOrder.Reduce => !IsRights(word1),
            NodeOrder.MakeSpace or NodeOrder.WithGuard => !isSpace,
            NodeOrder.CopyFrom or NodeOrder.Clear => isConstant,
            NodeOrder.SetFlags => isConstant || (word1 & ~(ulong)AllFlags(isSpace, isForwarder)) != 0,
            NodeOrder.SetWord => isConstant || !isForwarder || word1 > uint.MaxValue,
            NodeOrder.MakeForwarder => !isForwarder,
            NodeOrder.Describe => false,
            NodeOrder.Locate => isOpaque || !isSpace,
            _ => true,
        };
    }

    private static NodeFlags AllFlags(bool isSpace, bool isForwarder) =>
        isSpace ? NodeFlags.Keeper | NodeFlags.Background : isForwarder ? NodeFlags.Blocked : NodeFlags.None;

    private static bool IsRefusedByProcess(ulong order, ulong word1, ulong word2) => order switch
    {
        ProcessOrder.FetchRegister or ProcessOrder.SwapRegister => word1 is 0 or >= CrowdWares.Registers,
        ProcessOrder.FetchSlot => word1 >= ProcessSlot.Brand,
        ProcessOrder.SwapSlot => word1 > ProcessSlot.Brand,
        ProcessOrder.MakeStart or ProcessOrder.MakeNotification or ProcessOrder.MakeOpenStart => word1 > uint.MaxValue,
        ProcessOrder.ReadMemory => word2 > 1UL << Guard.PageLog2,
        _ => order is < ProcessOrder.FetchRegister or > ProcessOrder.ReadMemory,
    };

    private static bool IsRights(ulong word) => (word & ~MemoryRights) == 0;
}
