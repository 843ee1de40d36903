// Devices: the seam to the devices that the kernel does not drive itself: ports, registers in memory, interrupt lines.
// All of it with the gate closed, and each call in bounded time.

namespace Eros.Kernel.Machine;

/// <summary>What drivers outside the kernel reach.</summary>
public abstract class Devices
{
    /// <summary>Reads 1, 2 or 4 bytes.</summary>
    public abstract uint ReadPort(ushort port, int bytes);

    /// <summary>Writes the low 1, 2 or 4 bytes.</summary>
    public abstract void WritePort(ushort port, int bytes, uint value);

    /// <summary>True when physical addresses exist and none of them is memory of the machine.</summary>
    public abstract bool IsDevice(ulong address, ulong bytes);

    /// <summary>Reads 1, 2, 4 or 8 bytes at an address that is a multiple of their number.</summary>
    public abstract ulong ReadMemory(ulong address, int bytes);

    /// <summary>Writes the low 1, 2, 4 or 8 bytes.</summary>
    public abstract void WriteMemory(ulong address, int bytes, ulong value);

    /// <summary>True for an interrupt line that is there and that the kernel does not use.</summary>
    public abstract bool HasLine(ulong line);

    /// <summary>Leads a line to one of Limits.DeviceLines places; interrupts come through while it is open, and are
    /// brought to DeviceLines.Raised.</summary>
    public abstract void SetLine(int place, uint line, bool isOpen);
}
