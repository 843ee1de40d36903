using System.Collections.Generic;
using Eros.Kernel;
using Eros.Kernel.Machine;

namespace Eros.Tests.Fakes;

/// <summary>Ports, and registers from <see cref="Registers"/> on, that keep what is written to them; and
/// lines.</summary>
public sealed class FakeDevices : Devices
{
    /// <summary>The first physical address that is no memory.</summary>
    public const ulong Registers = 0xF000_0000;

    /// <summary>The end of those.</summary>
    public const ulong RegistersEnd = Registers + 0x1_0000;

    /// <summary>Lines that there are, and one of them that the kernel uses.</summary>
    public const ulong LineCount = 24;
    public const ulong KernelLine = 4;

    /// <summary>What is at ports and addresses, by number and size.</summary>
    public Dictionary<(ulong Address, int Bytes), ulong> Values { get; } = [];

    /// <summary>The line at each place, and whether it is open.</summary>
    public (uint Line, bool IsOpen)[] Lines { get; } = new (uint, bool)[Limits.DeviceLines];

    public override uint ReadPort(ushort port, int bytes) => (uint)Values.GetValueOrDefault((port, bytes));

    public override void WritePort(ushort port, int bytes, uint value) => Values[(port, bytes)] = value;

    public override bool IsDevice(ulong address, ulong bytes) =>
        address >= Registers && address < RegistersEnd && bytes <= RegistersEnd - address;

    public override ulong ReadMemory(ulong address, int bytes) => Values.GetValueOrDefault((address, bytes));

    public override void WriteMemory(ulong address, int bytes, ulong value) => Values[(address, bytes)] = value;

    public override bool HasLine(ulong line) => line < LineCount && line != KernelLine;

    public override void SetLine(int place, uint line, bool isOpen) => Lines[place] = (line, isOpen);
}
