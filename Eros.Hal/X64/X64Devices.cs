// X64Devices: ports, registers in memory and interrupt lines for drivers outside the kernel.
//
// A register is seen through one page of the device window, which is mapped to the register's page before each access.
//
// Safety: the window's page is mapped at boot, so its tables are there, and nothing else is seen through it; an access
// is aligned, so it stays inside.

using System.Threading;
using Eros.Hal.Firmware;
using Eros.Hal.Interrupts;
using Eros.Kernel.Machine;

namespace Eros.Hal.X64;

/// <summary>This machine's devices.</summary>
public sealed unsafe class X64Devices(
    in MemoryMap memory, in Madt madt, IoApic ioApic, byte apicId, KernelTables tables, byte* window) : Devices
{
    // Lines that are the kernel's own, one bit each: the timer, the keyboard, the cascade, the serial line.
    private const uint KernelLines = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 4);

    private const ulong PhysicalLimit = 1UL << 52;

    private readonly MemoryMap _memory = memory;
    private readonly Madt _madt = madt;
    private readonly IoApic _ioApic = ioApic;
    private readonly byte _apicId = apicId;
    private readonly KernelTables _tables = tables;
    private readonly byte* _window = window;
    private BootMemory _noFrames;

    public override uint ReadPort(ushort port, int bytes) =>
        bytes == 1 ? Native.In8(port) : bytes == 2 ? Native.In16(port) : Native.In32(port);

    public override void WritePort(ushort port, int bytes, uint value)
    {
        if (bytes == 1)
        {
            Native.Out8(port, (byte)value);
        }
        else if (bytes == 2)
        {
            Native.Out16(port, (ushort)value);
        }
        else
        {
            Native.Out32(port, value);
        }
    }

    public override bool IsDevice(ulong address, ulong bytes) =>
        address < PhysicalLimit && bytes <= PhysicalLimit - address && !_memory.HasMemory(address, address + bytes);

    public override ulong ReadMemory(ulong address, int bytes)
    {
        byte* at = See(address);
        return bytes switch
        {
            1 => Volatile.Read(ref *at),
            2 => Volatile.Read(ref *(ushort*)at),
            4 => Volatile.Read(ref *(uint*)at),
            _ => Volatile.Read(ref *(ulong*)at),
        };
    }

    public override void WriteMemory(ulong address, int bytes, ulong value)
    {
        byte* at = See(address);
        switch (bytes)
        {
            case 1:
                Volatile.Write(ref *at, (byte)value);
                break;
            case 2:
                Volatile.Write(ref *(ushort*)at, (ushort)value);
                break;
            case 4:
                Volatile.Write(ref *(uint*)at, (uint)value);
                break;
            default:
                Volatile.Write(ref *(ulong*)at, value);
                break;
        }
    }

    public override bool HasLine(ulong line) =>
        line < Madt.IsaCount ? (KernelLines >> (int)line & 1) == 0 : _ioApic.HasInput(line);

    public override void SetLine(int place, uint line, bool isOpen) =>
        _ioApic.Connect(_madt.Line(line), Vector.FirstLine + place, _apicId, isOpen);

    private byte* See(ulong address)
    {
        ulong offset = address & (KernelTables.PageBytes - 1);
        _tables.Map((ulong)_window, address - offset, KernelTables.PageBytes, MapKind.Device, ref _noFrames);
        Native.Invalidate((ulong)_window);
        return _window + offset;
    }
}
