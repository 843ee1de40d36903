// Mmu: the seam to the processor's address translation. Page tables themselves are ordinary frames, written by
// Eros.Kernel/Spaces; what only the machine can do is to use one, and to forget what it remembers of them.
//
// Source: Intel SDM volume 3, 4.10 (caching translation information). Without PCIDs a load of a root forgets all user
// translations.

namespace Eros.Kernel.Machine;

/// <summary>The registers of address translation.</summary>
public abstract class Mmu
{
    /// <summary>The frame of the boot-time root: its upper 256 entries map the kernel and stand in every other
    /// root.</summary>
    public abstract uint KernelRoot { get; }

    /// <summary>Makes the root in frame <paramref name="pfn"/> the current one and forgets every user
    /// translation.</summary>
    public abstract void LoadRoot(uint pfn);

    /// <summary>Forgets the translation of the page at <paramref name="address"/> in the current root.</summary>
    public abstract void Invalidate(ulong address);

    /// <summary>Forgets every user translation of the current root.</summary>
    public abstract void InvalidateAll();
}
