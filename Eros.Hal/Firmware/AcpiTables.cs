// AcpiTables: finds a table by its signature (ACPI 6.5, 5.2.5 to 5.2.8).

using System.Runtime.InteropServices;

namespace Eros.Hal.Firmware;

/// <summary>What every table begins with.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public unsafe struct AcpiHeader
{
    public uint Signature;

    /// <summary>Bytes of the table, with this header.</summary>
    public uint Length;
    public byte Revision;
    public byte Checksum;
    public fixed byte Origin[26];
}

/// <summary>The ACPI tables that a root pointer leads to. Sums are checked; a table whose sum is wrong is not
/// found.</summary>
public readonly unsafe struct AcpiTables
{
    private const ulong PointerSignature = 0x2052545020445352;
    private const ulong OldPointerBytes = 20;
    private const uint MaxTableBytes = 1 << 20;

    private readonly PhysicalWindow _memory;
    private readonly AcpiHeader* _root;
    private readonly bool _isWide;

    /// <param name="memory">Must cover the tables.</param>
    /// <param name="rsdp">Physical address of the root pointer, 0 when there is none.</param>
    public AcpiTables(PhysicalWindow memory, ulong rsdp)
    {
        _memory = memory;
        RootPointer* pointer = (RootPointer*)memory.Find(rsdp, (ulong)sizeof(RootPointer));
        if (pointer != null && pointer->Signature == PointerSignature && Sum((byte*)pointer, OldPointerBytes) == 0)
        {
            _isWide = pointer->Revision >= 2 && pointer->Xsdt != 0;
            _root = Table(_isWide ? pointer->Xsdt : pointer->Rsdt);
        }
    }

    /// <summary>The table with this signature, null when there is none.</summary>
    public AcpiHeader* Find(uint signature)
    {
        uint step = _isWide ? 8u : 4u;
        for (uint at = (uint)sizeof(AcpiHeader); _root != null && at + step <= _root->Length; at += step)
        {
            byte* entry = (byte*)_root + at;
            AcpiHeader* table = Table(_isWide ? *(ulong*)entry : *(uint*)entry);
            if (table != null && table->Signature == signature)
            {
                return table;
            }
        }

        return null;
    }

    /// <summary>The table at an address; null when it is not in memory or its sum is wrong.</summary>
    public AcpiHeader* Table(ulong address)
    {
        AcpiHeader* table = (AcpiHeader*)_memory.Find(address, (ulong)sizeof(AcpiHeader));
        bool isWhole = table != null && table->Length >= sizeof(AcpiHeader) && table->Length <= MaxTableBytes
            && _memory.Find(address, table->Length) != null && Sum((byte*)table, table->Length) == 0;
        return isWhole ? table : null;
    }

    private static byte Sum(byte* bytes, ulong count)
    {
        byte sum = 0;
        for (ulong i = 0; i < count; i++)
        {
            sum += bytes[i];
        }

        return sum;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct RootPointer
    {
        public ulong Signature;
        public byte Checksum;
        public fixed byte Origin[6];
        public byte Revision;
        public uint Rsdt;
        public uint Length;
        public ulong Xsdt;
        public uint LongChecksum;
    }
}
