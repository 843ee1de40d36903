// SpaceLayout: the address space of a domain, 128 MB: one space node with 32 slots of 4 MB.
//
//   slot 0       nothing: null pointers fault
//   slot 1       the program as linked: text r-x (shared), constants r--, data rw-
//   slot 2       stack, at the upper end; below it nothing, so that an overflow faults
//   slot 3       windows: pages that the composition puts there
//   slots 4..7   left to the domain
//   slots 8..31  heap, 96 MB: the first pages are there from the start, the rest is bought from the bank (but of the
//                bank itself, whose heap does not grow: slots 9..31 are left to it, too)
//
// A constructor's product has all of it but what it has written from the image of its program, page by page.

namespace Eros.Domains.Runtime;

public static class SpaceLayout
{
    public const int PageLog2 = 12;
    public const int LeafLog2 = 17;
    public const int RegionLog2 = 22;
    public const int SpaceLog2 = 27;

    public const ulong Program = 1UL << RegionLog2;
    public const int StackRegionNumber = 2;
    public const ulong StackRegion = (ulong)StackRegionNumber << RegionLog2;
    public const ulong StackTop = 3UL << RegionLog2;
    public const ulong Windows = 3UL << RegionLog2;
    public const int OwnRegion = 4;
    public const ulong Own = (ulong)OwnRegion << RegionLog2;
    public const int RegionCount = 32;
    public const int HeapRegion = 8;
    public const ulong Heap = (ulong)HeapRegion << RegionLog2;

    /// <summary>
    /// Pages that the heap of a constructor's product begins with, which appear when they are touched; all below one
    /// node.
    /// </summary>
    public const int ProductHeapPages = 16;
}
