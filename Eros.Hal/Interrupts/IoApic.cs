// IoApic: brings the interrupt lines of the ISA devices to the local APIC (Intel 82093AA data sheet, 3.1 and 3.2).
//
//   two registers in memory: 00 select, 10 window. Selected: 01 version (bits 23:16 last input), 10 + 2n and 11 + 2n
//   the redirection of input n
//   redirection  63:56 destination | 16 masked | 15 level | 13 active low | 10:8 delivery mode (0 fixed) | 7:0 vector

using System.Threading;
using Eros.Hal.Firmware;

namespace Eros.Hal.Interrupts;

/// <summary>The registers at <paramref name="registers"/>, mapped uncached; <paramref name="first"/> is the global
/// number of input 0.</summary>
public sealed unsafe class IoApic(byte* registers, uint first)
{
    private const int Window = 0x10;
    private const uint VersionRegister = 0x01;
    private const uint FirstRedirection = 0x10;
    private const uint MaskedBit = 1 << 16;
    private const int DestinationShift = 24;

    private readonly byte* _registers = registers;
    private readonly uint _first = first;

    private uint InputCount => ((Read(VersionRegister) >> 16) & 0xFF) + 1;

    /// <summary>Masks every input.</summary>
    public void MaskAll()
    {
        uint count = InputCount;
        for (uint i = 0; i < count; i++)
        {
            Write(FirstRedirection + 2 * i, MaskedBit);
        }
    }

    /// <summary>The low half of a redirection: how the line behaves and where it leads.</summary>
    public static uint Redirection(IsaRoute route, int vector) =>
        (uint)vector | (route.IsActiveLow ? 1u << 13 : 0) | (route.IsLevel ? 1u << 15 : 0);

    /// <summary>True when an interrupt, by its global number, arrives here.</summary>
    public bool HasInput(ulong global) => global - _first < InputCount;

    /// <summary>Leads a line to a vector of one processor, or holds it back. False: the line arrives at another I/O
    /// APIC.</summary>
    public bool Connect(IsaRoute route, int vector, byte apicId, bool isOpen = true)
    {
        uint input = route.Global - _first;
        if (input >= InputCount)
        {
            return false;
        }

        Write(FirstRedirection + 2 * input + 1, (uint)apicId << DestinationShift);
        Write(FirstRedirection + 2 * input, Redirection(route, vector) | (isOpen ? 0 : MaskedBit));
        return true;
    }

    private uint Read(uint register)
    {
        Volatile.Write(ref *(uint*)_registers, register);
        return Volatile.Read(ref *(uint*)(_registers + Window));
    }

    private void Write(uint register, uint value)
    {
        Volatile.Write(ref *(uint*)_registers, register);
        Volatile.Write(ref *(uint*)(_registers + Window), value);
    }
}
