// BootInfo: what the loader tells the kernel, whichever loader it was.
//
// PVH (QEMU's -kernel; Xen's public/arch-x86/hvm/start_info.h) and Multiboot2 (GRUB; specification 2.0, chapter
// 3.6) are read into the same structure. What the loader left in memory is recorded as taken, so that it stays
// whole until it has been read.

namespace Eros.Hal.Firmware;

/// <summary>Memory, boot module and the way to the ACPI tables. Addresses are physical, 0 where there
/// is none.</summary>
public struct BootInfo
{
    public MemoryMap Memory;

    /// <summary>The ACPI root pointer, or a copy of it.</summary>
    public ulong Rsdp;

    /// <summary>The first module: a pristine volume.</summary>
    public ulong ModuleStart;
    public ulong ModuleBytes;

    /// <summary>Reads what the loader left at <paramref name="address"/>. False: it is not what it should be.</summary>
    public bool Read(PhysicalWindow memory, ulong address, bool isMultiboot2) => isMultiboot2
        ? Multiboot2Info.Read(memory, address, ref this)
        : PvhStartInfo.Read(memory, address, ref this);

    internal void AddModule(ulong start, ulong bytes)
    {
        if (ModuleBytes == 0)
        {
            ModuleStart = start;
            ModuleBytes = bytes;
        }

        Memory.Add(start, bytes, MemoryKind.Taken);
    }
}
