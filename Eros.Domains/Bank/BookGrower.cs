using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bank;

/// <summary>Lengthens a run of the books with pages that the bank sells to itself.</summary>
internal sealed class BookGrower(Shelf shelf, BookRun run, int pages)
    : SpaceGrower(run.FirstRegion, run.EndRegion, pages, run.RegionRegister, run.LeafRegister)
{
    private readonly Shelf _shelf = shelf;

    protected override Result Buy(uint kind, int slotLog2, int register) =>
        _shelf.Sell(BankTree.Own, kind, slotLog2, register, out _);
}

/// <summary>Where a run of the books is in the bank's space.</summary>
/// <param name="RegionRegister">Where the bank keeps the node of its last region.</param>
/// <param name="LeafRegister">And that of its last leaf.</param>
internal sealed record BookRun(int FirstRegion, int EndRegion, int RegionRegister, int LeafRegister);

/// <summary>The addresses of the two runs, for who writes the first books.</summary>
public static class BookPlaces
{
    public const int BanksRegion = SpaceLayout.OwnRegion;
    public const int BanksEnd = SpaceLayout.HeapRegion;
    public const int FramesRegion = SpaceLayout.HeapRegion + 1;
    public const int FramesEnd = SpaceLayout.RegionCount;
    public const ulong Banks = (ulong)BanksRegion << SpaceLayout.RegionLog2;
    public const ulong Frames = (ulong)FramesRegion << SpaceLayout.RegionLog2;
}
