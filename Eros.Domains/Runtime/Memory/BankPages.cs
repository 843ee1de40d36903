using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime.Memory;

/// <summary>Lengthens the heap with pages of the bank's.</summary>
internal sealed class BankPages : HeapPages
{
    private readonly Grower _grower;

    /// <param name="pages">Pages that the composition has put there.</param>
    public BankPages(int pages) => _grower = new Grower(pages);

    public override bool Add() => _grower.Grow() == Result.Ok;

    private sealed class Grower(int pages) : SpaceGrower(
        SpaceLayout.HeapRegion,
        SpaceLayout.RegionCount,
        pages,
        CapabilityRegisters.GrowingRegion,
        CapabilityRegisters.GrowingLeaf)
    {
        protected override Result Buy(uint kind, int slotLog2, int register)
        {
            MessageRegisters message = default;
            message.Order = kind == RangeKind.Page ? SpaceBankOrder.BuyPage : SpaceBankOrder.BuySpaceNode;
            message.Word1 = (ulong)slotLog2;
            message.Call(CapabilityRegisters.Bank, 0, InvocationWord.Registers(register));
            return message.Result;
        }
    }
}
