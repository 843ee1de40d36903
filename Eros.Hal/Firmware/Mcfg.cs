// Mcfg: where PCI configuration space is mapped into memory (PCI Firmware Specification 3.3, 4.1.2).
//
//   44 entries of 16 bytes: 0 address u64 | 8 segment u16 | 10 first bus u8 | 11 last bus u8

using System;

namespace Eros.Hal.Firmware;

/// <summary>The enhanced configuration area of segment 0.</summary>
public readonly struct Mcfg
{
    public const uint Signature = 0x4746434D;

    private const int FirstEntry = 44;
    private const int EntryBytes = 16;

    public Mcfg(ReadOnlySpan<byte> table)
    {
        for (int at = FirstEntry; at + EntryBytes <= table.Length; at += EntryBytes)
        {
            if (table.U16(at + 8) == 0 && table.U8(at + 10) == 0)
            {
                Address = table.U64(at);
                LastBus = table.U8(at + 11);
            }
        }
    }

    /// <summary>Physical address of bus 0, 0 when there is no such area.</summary>
    public ulong Address { get; }

    public byte LastBus { get; }
}
