// CpuSetup: the processor's features, and its registers as the kernel wants them (Intel SDM volume 3A, 2.5; volume
// 4, MSRs).
//
// The boot code has switched on long mode, write protection, no-execute and XSETBV.

using Eros.Kernel.Machine;

namespace Eros.Hal.X64;

/// <summary>Reads and sets this processor's registers.</summary>
public static unsafe class CpuSetup
{
    private const uint Efer = 0xC000_0080;
    private const ulong SystemCallEnable = 1;
    private const uint Star = 0xC000_0081;
    private const uint LongStar = 0xC000_0082;
    private const uint SystemCallMask = 0xC000_0084;
    private const uint GsBase = 0xC000_0101;
    private const uint KernelGsBase = 0xC000_0102;
    private const uint ArchitecturalCapabilities = 0x10A;

    /// <summary>RFLAGS that SYSCALL clears: TF, IF, DF, IOPL, NT, AC.</summary>
    private const ulong ClearedFlags = (1 << 8) | (1 << 9) | (1 << 10) | (3 << 12) | (1 << 14) | (1 << 18);

    private const ulong PageGlobalEnable = 1 << 7;

    public static CpuFeatures ReadFeatures()
    {
        CpuFeatures cpu = default;
        Native.CpuId(0, 0, &cpu.Vendor);
        Native.CpuId(1, 0, &cpu.Basic);
        Native.CpuId(7, 0, &cpu.Structured);
        Native.CpuId(13, 0, &cpu.Vector);
        cpu.Capabilities = cpu.HasCapabilities ? Native.ReadMsr(ArchitecturalCapabilities) : 0;
        return cpu;
    }

    /// <summary>Turns on what protects the kernel, the vector state, and system calls to <paramref
    /// name="entry"/>.</summary>
    public static void Enable(in CpuFeatures cpu, ulong entry)
    {
        Native.WriteControl4(Native.ReadControl4() | PageGlobalEnable | cpu.Protections);
        Native.WriteExtendedControl0(CpuFeatures.VectorComponents);
        Native.WriteMsr(Star, ((ulong)Selector.UserBase << 48) | ((ulong)Selector.KernelCode << 32));
        Native.WriteMsr(LongStar, entry);
        Native.WriteMsr(SystemCallMask, ClearedFlags);
        Native.WriteMsr(Efer, Native.ReadMsr(Efer) | SystemCallEnable);
    }

    /// <summary>Points GS at the processor's block, as it is in ring 0; the user's base, 0, waits for SWAPGS.</summary>
    public static void SetBlock(ref TrapBlock block)
    {
        Native.WriteMsr(GsBase, block.Self);
        Native.WriteMsr(KernelGsBase, 0);
    }
}
