// Fadt: how the machine is switched off (ACPI 6.5, 5.2.9, 4.8.3.2 and 7.4.2).
//
//   FADT  40 DSDT u32 | 64 PM1a control port u32
//
// The value for "soft off" is the first number of the package \_S5 in the DSDT. Instead of an interpreter, the bytes of
// that package are looked for: "_S5_" 12 (package) length count, then a byte constant 0A nn or an opcode 00 or 01.

using System.Runtime.CompilerServices;

namespace Eros.Hal.Firmware;

/// <summary>The port and the value that switch the machine off.</summary>
public readonly unsafe struct Fadt
{
    public const uint Signature = 0x50434146;

    private const int DsdtOffset = 40;
    private const int ControlOffset = 64;
    private const int MinBytes = 68;

    private const uint S5Name = 0x5F35535F;
    private const byte PackageOp = 0x12;
    private const byte ByteConstantOp = 0x0A;
    private const int PackageBytes = 12;
    private const int SleepTypeShift = 10;
    private const int SleepEnable = 1 << 13;

    /// <param name="tables">All tables.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Fadt(in AcpiTables tables)
    {
        byte* table = (byte*)tables.Find(Signature);
        if (table == null || ((AcpiHeader*)table)->Length < MinBytes)
        {
            return;
        }

        AcpiHeader* dsdt = tables.Table(*(uint*)(table + DsdtOffset));
        int type = dsdt == null ? -1 : FindSoftOff((byte*)dsdt, dsdt->Length);
        if (type >= 0)
        {
            ControlPort = *(ushort*)(table + ControlOffset);
            SoftOff = (ushort)((type << SleepTypeShift) | SleepEnable);
        }
    }

    /// <summary>0 when the tables do not say how.</summary>
    public ushort ControlPort { get; }

    /// <summary>What is written there.</summary>
    public ushort SoftOff { get; }

    private static int FindSoftOff(byte* aml, uint length)
    {
        for (uint at = (uint)sizeof(AcpiHeader); at + PackageBytes <= length; at++)
        {
            if (*(uint*)(aml + at) == S5Name && aml[at + 4] == PackageOp)
            {
                // The package length takes 1 + (its first byte >> 6) bytes; the count of elements one.
                byte* first = aml + at + 7 + (aml[at + 5] >> 6);
                return (*first == ByteConstantOp ? first[1] : *first) & 7;
            }
        }

        return -1;
    }
}
