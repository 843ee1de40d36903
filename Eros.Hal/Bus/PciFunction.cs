// PciFunction: the header and the capabilities of one function (PCI 3.0, 6.1, 6.2.5 and 6.7; bridges: PCI-to-PCI
// Bridge 1.2, 3.2.5.4).
//
//   00 vendor u16, device u16 | 04 command u16, status u16 | 08 class u24 from bit 8 | 0E header type
//   10 six base addresses
//   34 first capability | bridges (header type 1): 1A last bus behind it
//   base address  bit 0: ports; bits 2:1 = 10: 64 bits wide, with the next one; bits 31:4 address
//   capability    0 id u8 | 1 next u8 | 2 ...

using System.Runtime.CompilerServices;

namespace Eros.Hal.Bus;

/// <summary>One function and what its header says.</summary>
public readonly struct PciFunction(PciConfig config, PciAddress address)
{
    public const byte VendorCapability = 0x09;
    public const byte MsixCapability = 0x11;

    private const int CommandRegister = 0x04;
    private const int ClassRegister = 0x08;
    private const int HeaderTypeRegister = 0x0E;
    private const int FirstBaseRegister = 0x10;
    private const int BaseCount = 6;
    private const int CapabilityPointer = 0x34;

    private const ushort MemoryEnable = 1 << 1;
    private const ushort MasterEnable = 1 << 2;
    private const ushort LegacyInterruptDisable = 1 << 10;
    private const uint HasCapabilities = 1 << 20;
    private const byte MultiFunctionBit = 0x80;
    private const byte BridgeHeader = 1;
    private const int LastBusRegister = 0x1A;

    // 192 bytes behind the header hold at most this many capabilities of 4 bytes: a longer list is a cycle.
    public const int MaxCapabilities = 48;

    private readonly PciConfig _config = config;

    public PciAddress Address { get; } = address;

    public bool Exists => Vendor != 0xFFFF;

    public ushort Vendor => Read16(0);

    public ushort Device => Read16(2);

    /// <summary>Base class, subclass and interface, from bits 23:16 down.</summary>
    public uint Class => Read(ClassRegister) >> 8;

    public bool IsMultiFunction => (Read8(HeaderTypeRegister) & MultiFunctionBit) != 0;

    /// <summary>The highest bus behind a bridge; 0 for anything else.</summary>
    public int LastBusBehind =>
        (Read8(HeaderTypeRegister) & ~MultiFunctionBit) == BridgeHeader ? Read8(LastBusRegister) : 0;

    /// <summary>Lets the function decode memory and master the bus; its interrupt pin stays silent.</summary>
    public void Enable() => Write16(CommandRegister,
        (ushort)(Read16(CommandRegister) | MemoryEnable | MasterEnable | LegacyInterruptDisable));

    /// <summary>The physical address in base register 0..5; 0 when it is none of memory.</summary>
    public ulong BaseAddress(int index)
    {
        if (index < 0 || index >= BaseCount)
        {
            return 0;
        }

        uint low = Read(FirstBaseRegister + 4 * index);
        if ((low & 1) != 0)
        {
            return 0;
        }

        bool isWide = (low & 6) == 4 && index + 1 < BaseCount;
        ulong high = isWide ? Read(FirstBaseRegister + 4 * index + 4) : 0;
        return (high << 32) | (low & ~0xFu);
    }

    /// <summary>The register of the next capability with this id behind <paramref name="after"/> (0: the first), 0
    /// when there is none.</summary>
    public int FindCapability(byte id, int after = 0)
    {
        if ((Read(CommandRegister) & HasCapabilities) == 0)
        {
            return 0;
        }

        int at = after == 0 ? Read8(CapabilityPointer) & 0xFC : Read8(after + 1) & 0xFC;
        for (int i = 0; i < MaxCapabilities && at != 0; i++)
        {
            if (Read8(at) == id)
            {
                return at;
            }

            at = Read8(at + 1) & 0xFC;
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint Read(int register) => _config.Read(Address, register);

    public byte Read8(int register) => _config.Read8(Address, register);

    public ushort Read16(int register) => _config.Read16(Address, register);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Write16(int register, ushort value) => _config.Write16(Address, register, value);
}
