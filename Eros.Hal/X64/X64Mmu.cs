// X64Mmu: CR3 and INVLPG (Intel SDM volume 3A, 4.10.4). The kernel's own entries are global: they survive a load of
// CR3.

using Eros.Kernel.Machine;

namespace Eros.Hal.X64;

/// <summary>The address translation of this processor; <paramref name="kernelRoot"/> is the frame of the boot-time
/// root. Only CR3 says which root is loaded: the fast path loads it too.</summary>
public sealed class X64Mmu(uint kernelRoot) : Mmu
{
    public override uint KernelRoot { get; } = kernelRoot;

    public override void LoadRoot(uint pfn) => Native.WriteControl3((ulong)pfn * KernelTables.PageBytes);

    public override void Invalidate(ulong address) => Native.Invalidate(address);

    public override void InvalidateAll() => Native.WriteControl3(Native.ReadControl3());
}
