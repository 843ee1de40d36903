// PortConfig: the configuration space through ports CF8 and CFC (PCI 3.0, 3.2.2.3.2), where no MCFG table tells of
// a faster way.

using Eros.Hal.X64;

namespace Eros.Hal.Bus;

/// <summary>Configuration mechanism 1.</summary>
public sealed class PortConfig : PciConfig
{
    private const ushort AddressPort = 0xCF8;
    private const ushort DataPort = 0xCFC;

    public override uint Read(PciAddress address, int register)
    {
        Native.Out32(AddressPort, address.PortValue(register));
        return Native.In32(DataPort);
    }

    public override void Write(PciAddress address, int register, uint value)
    {
        Native.Out32(AddressPort, address.PortValue(register));
        Native.Out32(DataPort, value);
    }
}
