// Madt: the interrupt controllers (ACPI 6.5, 5.2.12).
//
//   36 local controller address u32 | 40 flags u32 | 44 entries: 0 type u8 | 1 length u8
//   type 1 I/O APIC: 2 id u8 | 4 address u32 | 8 first global interrupt u32
//   type 2 override: 3 ISA source u8 | 4 global interrupt u32 | 8 flags u16 (polarity 1:0, trigger 3:2; 3 = low, level)
//   type 5 local controller address: 4 address u64

using System;
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
public struct Madt
{
    public const uint Signature = 0x43495041;

    private const int FirstEntry = 44;
    private const int IsaCount = 16;
    private const int IoApicType = 1;
    private const int OverrideType = 2;
    private const int LocalAddressType = 5;

    private Routes _isa;

    public ulong LocalApic;

    /// <summary>0 when there is none.</summary>
    public ulong IoApic;

    /// <summary>The global number of the I/O APIC's first input.</summary>
    public uint IoApicFirst;

    /// <summary>Reads the table. False: there is no I/O APIC.</summary>
    public bool Read(ReadOnlySpan<byte> table)
    {
        LocalApic = table.U32(36);
        for (int i = 0; i < IsaCount; i++)
        {
            _isa[i].Global = (uint)i;
        }

        for (int at = FirstEntry; at < table.Length;)
        {
            ReadOnlySpan<byte> entry = table.Part(at, table.U8(at + 1));
            if (entry.Length < 2)
            {
                break;
            }

            ReadEntry(entry);
            at += entry.Length;
        }

        return IoApic != 0;
    }

    /// <summary>How ISA interrupt 0..15 arrives.</summary>
    public readonly IsaRoute Isa(int line) => _isa[line];

    private void ReadEntry(ReadOnlySpan<byte> entry)
    {
        switch (entry.U8(0))
        {
            case IoApicType when IoApic == 0 || entry.U32(8) == 0:
                IoApic = entry.U32(4);
                IoApicFirst = entry.U32(8);
                break;
            case OverrideType when entry.U8(3) < IsaCount:
                int flags = entry.U16(8);
                _isa[entry.U8(3)] = new IsaRoute
                {
                    Global = entry.U32(4),
                    IsActiveLow = (flags & 3) == 3,
                    IsLevel = ((flags >> 2) & 3) == 3,
                };
                break;
            case LocalAddressType:
                LocalApic = entry.U64(4);
                break;
            default:
                break;
        }
    }

    [InlineArray(IsaCount)]
    private struct Routes
    {
        private IsaRoute _route0;
    }
}
