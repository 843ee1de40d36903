// DeviceWindow: maps the registers of devices, uncached, one range after the other, at boot.

using Eros.Hal.Firmware;

namespace Eros.Hal.X64;

/// <summary>Addresses from <see cref="MemoryLayout.Devices"/> upwards.</summary>
public unsafe struct DeviceWindow(KernelTables tables)
{
    private readonly KernelTables _tables = tables;
    private ulong _next = MemoryLayout.Devices;

    /// <summary>Where <paramref name="bytes"/> at a physical address are seen; null when no frame is left for a
    /// table.</summary>
    public byte* Map(ulong physical, ulong bytes, ref BootMemory memory)
    {
        ulong first = physical & ~(KernelTables.PageBytes - 1);
        ulong length = (physical + bytes - first + KernelTables.PageBytes - 1) & ~(KernelTables.PageBytes - 1);
        ulong at = _next;
        _next += length;
        return _tables.Map(at, first, length, MapKind.Device, ref memory) ? (byte*)(at + (physical - first)) : null;
    }
}
