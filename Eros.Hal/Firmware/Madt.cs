// Madt: the interrupt controllers (ACPI 6.5, 5.2.12).
//
//   36 local controller address u32 | 40 flags u32 | 44 entries: 0 type u8 | 1 length u8
//   type 1 I/O APIC: 2 id u8 | 4 address u32 | 8 first global interrupt u32
//   type 2 override: 3 ISA source u8 | 4 global interrupt u32 | 8 flags u16 (polarity 1:0, trigger 3:2; 3 = low, level)

using System.Runtime.CompilerServices;

namespace Eros.Hal.Firmware;

/// <summary>Where an ISA interrupt arrives at the I/O APIC.</summary>
public struct IsaRoute
{
    /// <summary>The input, counted over all I/O APICs.</summary>
    public uint Global;
    public bool IsActiveLow;
    public bool IsLevel;
}

/// <summary>The local APIC, the I/O APIC that serves the ISA interrupts, and their overrides.</summary>
public unsafe struct Madt
{
    public const uint Signature = 0x43495041;

    /// <summary>Interrupts of the ISA devices: 0..15.</summary>
    public const int IsaCount = 16;

    private const int LocalApicOffset = 36;
    private const int FirstEntry = 44;
    private const int IoApicType = 1;
    private const int IoApicBytes = 12;
    private const int OverrideType = 2;
    private const int OverrideBytes = 10;

    private Routes _isa;

    public ulong LocalApic;

    /// <summary>0 when there is none.</summary>
    public ulong IoApic;

    /// <summary>The global number of the I/O APIC's first input.</summary>
    public uint IoApicFirst;

    /// <summary>Reads the table, which may be null. False: there is no I/O APIC.</summary>
    public bool Read(AcpiHeader* table)
    {
        if (table == null || table->Length < FirstEntry)
        {
            return false;
        }

        LocalApic = *(uint*)((byte*)table + LocalApicOffset);
        for (int i = 0; i < IsaCount; i++)
        {
            _isa[i].Global = (uint)i;
        }

        byte* end = (byte*)table + table->Length;
        for (byte* entry = (byte*)table + FirstEntry; end - entry >= 2 && entry[1] >= 2 && entry[1] <= end - entry;)
        {
            ReadEntry(entry);
            entry += entry[1];
        }

        return IoApic != 0;
    }

    /// <summary>How ISA interrupt 0..15 arrives.</summary>
    public readonly IsaRoute Isa(int line) => _isa[line];

    /// <summary>How any line arrives: those beyond ISA are of PCI, level and active low.</summary>
    public readonly IsaRoute Line(uint line) => line < IsaCount
        ? _isa[(int)line]
        : new IsaRoute { Global = line, IsActiveLow = true, IsLevel = true };

    private void ReadEntry(byte* entry)
    {
        uint second = *(uint*)(entry + 4);
        if (entry[0] == IoApicType && entry[1] >= IoApicBytes && (IoApic == 0 || *(uint*)(entry + 8) == 0))
        {
            IoApic = second;
            IoApicFirst = *(uint*)(entry + 8);
        }
        else if (entry[0] == OverrideType && entry[1] >= OverrideBytes && entry[3] < IsaCount)
        {
            int flags = entry[8];
            ref IsaRoute route = ref _isa[entry[3]];
            route.Global = second;
            route.IsActiveLow = (flags & 3) == 3;
            route.IsLevel = (flags & 12) == 12;
        }
    }

    [InlineArray(IsaCount)]
    private struct Routes
    {
        private IsaRoute _route0;
    }
}
