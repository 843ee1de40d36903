// PciConfig: the configuration space, 256 bytes for each function (PCI 3.0, chapter 6). Both ways there, the ports
// and the memory area, transfer aligned 32-bit words; smaller fields are cut out of them.

using System.Runtime.CompilerServices;

namespace Eros.Hal.Bus;

/// <summary>The configuration space of segment 0. A function that is not there reads as all ones.</summary>
public abstract class PciConfig
{
    /// <summary>Reads the aligned word at a register below 256.</summary>
    public abstract uint Read(PciAddress address, int register);

    /// <summary>Writes the aligned word at a register below 256.</summary>
    public abstract void Write(PciAddress address, int register, uint value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ushort Read16(PciAddress address, int register) =>
        (ushort)(Read(address, register & ~3) >> ((register & 2) * 8));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public byte Read8(PciAddress address, int register) => (byte)(Read(address, register & ~3) >> ((register & 3) * 8));

    /// <summary>Changes a 16-bit field; the other half of the word is written back as it was read.</summary>
    public void Write16(PciAddress address, int register, ushort value)
    {
        int shift = (register & 2) * 8;
        uint word = Read(address, register & ~3) & ~(0xFFFFu << shift);
        Write(address, register & ~3, word | ((uint)value << shift));
    }
}
