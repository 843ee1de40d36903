using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime.Memory;

/// <summary>Lengthens the heap with pages of the bank's, and gives them back.</summary>
internal sealed class BankPages : HeapPages
{
    private readonly Grower _grower;

    /// <param name="pages">Pages that the composition has put there.</param>
    public BankPages(int pages) => _grower = new Grower(pages);

    public override bool Add() => _grower.Grow() == Result.Ok;

    public override bool Restore(int page) => _grower.Put(page) == Result.Ok;

    public override void Remove(int page) => _grower.GiveBack(page);

    private sealed class Grower(int pages) : SpaceGrower(
        SpaceLayout.HeapRegion,
        SpaceLayout.RegionCount,
        pages,
        CapabilityRegisters.GrowingRegion,
        CapabilityRegisters.GrowingLeaf)
    {
        public void GiveBack(int page)
        {
            if (Remove(page) == Result.Ok)
            {
                MessageRegisters message = default;
                message.Order = SpaceBankOrder.Free;
                message.Call(CapabilityRegisters.Bank, InvocationWord.Registers(CapabilityRegisters.Passing), 0);
            }
        }

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
