// Msix: message-signalled interrupts (PCI 3.0, 6.8.2). A device interrupts by writing a word to an address.
//
//   capability  0 id 11 | 1 next | 2 control u16: bit 15 enable, bit 14 all masked
//               4 table: bits 2:0 base register, 31:3 offset
//   table entry 0 address u64 | 8 data u32 | 12 control u32: bit 0 masked          (16 bytes)

using System.Runtime.CompilerServices;
using System.Threading;

namespace Eros.Hal.Bus;

/// <summary>The first entry of a function's table.</summary>
public static unsafe class Msix
{
    private const int ControlOffset = 2;
    private const int TableOffset = 4;
    private const ushort EnableBit = 1 << 15;
    private const ushort AllMaskedBit = 1 << 14;

    /// <summary>Physical address of entry 0; 0 when the function has no such table.</summary>
    public static ulong TableAddress(PciFunction function)
    {
        int at = function.FindCapability(PciFunction.MsixCapability);
        uint table = at == 0 ? 0 : function.Read(at + TableOffset);
        ulong bar = at == 0 ? 0 : function.BaseAddress((int)(table & 7));
        return bar == 0 ? 0 : bar + (table & ~7u);
    }

    /// <summary>Sets entry 0, seen at <paramref name="entry"/>, and turns messages on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Enable(PciFunction function, byte* entry, ulong address, int vector)
    {
        Volatile.Write(ref *(uint*)entry, (uint)address);
        Volatile.Write(ref *(uint*)(entry + 4), (uint)(address >> 32));
        Volatile.Write(ref *(uint*)(entry + 8), (uint)vector);
        Volatile.Write(ref *(uint*)(entry + 12), 0);
        int control = function.FindCapability(PciFunction.MsixCapability) + ControlOffset;
        function.Write16(control, (ushort)((function.Read16(control) | EnableBit) & ~AllMaskedBit));
    }
}
