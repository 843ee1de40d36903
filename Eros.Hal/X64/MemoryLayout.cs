// MemoryLayout: where things are in the kernel's half of every address space. Entries of the top table in brackets.
//
//   FFFF_8000_0000_0000  [256..]  direct map: all physical memory, 2 MB pages, writable, not executable
//   FFFF_E000_0000_0000  [448]    registers of devices, uncached
//   FFFF_F000_0000_0000  [480]    stacks of the kernel's threads, an absent page below each
//   FFFF_FFFF_8000_0000  [511]    the kernel's image: code r-x, constants r--, data rw-

namespace Eros.Hal.X64;

/// <summary>Virtual addresses of the kernel.</summary>
public static class MemoryLayout
{
    public const ulong DirectMap = 0xFFFF_8000_0000_0000;
    public const ulong Devices = 0xFFFF_E000_0000_0000;
    public const ulong Stacks = 0xFFFF_F000_0000_0000;

    /// <summary>Physical memory above this would reach the next region; it is not used.</summary>
    public const ulong DirectMapLimit = Devices - DirectMap;
}
