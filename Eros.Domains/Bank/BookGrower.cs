using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bank;

/// <summary>Lengthens the books with pages that the bank sells to itself.</summary>
internal sealed class BookGrower(Shelf shelf, int pages) : SpaceGrower(SpaceLayout.OwnRegion, pages)
{
    private readonly Shelf _shelf = shelf;

    /// <summary>Frames that the books have entries for.</summary>
    public ulong Entries => (ulong)(Pages - 1) * Books.EntriesPerPage;

    protected override Result Buy(uint kind, int slotLog2, int register) =>
        _shelf.Sell(Books.SystemAccount, kind, slotLog2, register);
}
