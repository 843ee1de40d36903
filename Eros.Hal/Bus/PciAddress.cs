// PciAddress: bus, device and function, as both ways to the configuration space order them.
//
//   15      8 7    3 2    0
//  +---------+------+------+
//  |   bus   | dev  | func |
//  +---------+------+------+

namespace Eros.Hal.Bus;

/// <summary>The place of one function on PCI segment 0.</summary>
public readonly struct PciAddress
{
    public const int DevicesPerBus = 32;
    public const int FunctionsPerDevice = 8;

    public readonly ushort Value;

    public PciAddress(int value) => Value = (ushort)value;

    public PciAddress(int bus, int device, int function)
        : this((bus << 8) | (device << 3) | function)
    {
    }

    public int Bus => Value >> 8;

    public int Device => (Value >> 3) & (DevicesPerBus - 1);

    public int Function => Value & (FunctionsPerDevice - 1);


    /// <summary>What port CF8 takes for the aligned register (PCI 3.0, 3.2.2.3.2).</summary>
    public uint PortValue(int register) => 0x8000_0000u | ((uint)Value << 8) | (uint)(register & 0xFC);
}
