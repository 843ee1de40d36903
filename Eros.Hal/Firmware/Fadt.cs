// Fadt: how the machine is switched off (ACPI 6.5, 5.2.9, 4.8.3.2 and 7.4.2).
//
//   FADT  40 DSDT u32 | 64 PM1a control port u32 | 140 DSDT u64
//
// The value for "soft off" is the first number of the package \_S5 in the DSDT. Instead of an interpreter, the bytes of
// that package are looked for: "_S5_" 12 (package) length count, then a byte constant 0A nn or an opcode 00 or 01.

using System;

namespace Eros.Hal.Firmware;

/// <summary>The port and the value that switch the machine off.</summary>
public readonly struct Fadt
{
    public const uint Signature = 0x50434146;

    private const uint S5Name = 0x5F35535F;
    private const byte PackageOp = 0x12;
    private const byte ByteConstantOp = 0x0A;
    private const int SleepTypeShift = 10;
    private const int SleepEnable = 1 << 13;

    public Fadt(ReadOnlySpan<byte> table, AcpiTables tables)
    {
        uint port = table.U32(64);
        ulong dsdt = table.U64(140) != 0 ? table.U64(140) : table.U32(40);
        if (port is 0 or > ushort.MaxValue || dsdt == 0 || !FindSoftOff(tables.Table(dsdt), out int type))
        {
            return;
        }

        ControlPort = (ushort)port;
        SoftOff = (ushort)((type << SleepTypeShift) | SleepEnable);
    }

    /// <summary>0 when the tables do not say how.</summary>
    public ushort ControlPort { get; }

    /// <summary>What is written there.</summary>
    public ushort SoftOff { get; }

    private static bool FindSoftOff(ReadOnlySpan<byte> aml, out int type)
    {
        for (int at = AcpiTables.HeaderBytes; at < aml.Length; at++)
        {
            if (aml.U32(at) == S5Name && aml.U8(at + 4) == PackageOp)
            {
                // The package length takes 1 + (its first byte >> 6) bytes; the count of elements one.
                int first = at + 7 + (aml.U8(at + 5) >> 6);
                type = (aml.U8(first) == ByteConstantOp ? aml.U8(first + 1) : aml.U8(first)) & 7;
                return true;
            }
        }

        type = 0;
        return false;
    }
}
