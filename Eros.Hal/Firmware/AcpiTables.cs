// AcpiTables: finds a table by its signature (ACPI 6.5, 5.2.5 to 5.2.8).
//
//   root pointer  0 "RSD PTR " | 8 checksum of 20 bytes | 15 revision | 16 RSDT u32 | 20 length u32 | 24 XSDT u64
//   every table   0 signature u32 | 4 length u32 | 8 revision u8 | 9 checksum | 36 contents
//   RSDT, XSDT    36 addresses of the other tables, 4 or 8 bytes each

using System;

namespace Eros.Hal.Firmware;

/// <summary>The ACPI tables that a root pointer leads to. Sums are checked; a table whose sum is wrong is not
/// found.</summary>
public readonly struct AcpiTables
{
    /// <summary>Bytes before a table's contents.</summary>
    public const int HeaderBytes = 36;

    private const ulong PointerSignature = 0x2052545020445352;
    private const ulong PointerBytes = 36;
    private const ulong OldPointerBytes = 20;
    private const uint MaxTableBytes = 1 << 20;

    private readonly PhysicalWindow _memory;
    private readonly ulong _root;
    private readonly int _entryBytes;

    /// <param name="memory">Must cover the tables.</param>
    /// <param name="rsdp">Physical address of the root pointer, 0 when there is none.</param>
    public AcpiTables(PhysicalWindow memory, ulong rsdp)
    {
        _memory = memory;
        ReadOnlySpan<byte> pointer = memory.Bytes(rsdp, OldPointerBytes);
        if (rsdp == 0 || pointer.U64(0) != PointerSignature || Sum(pointer) != 0)
        {
            return;
        }

        ReadOnlySpan<byte> long64 = memory.Bytes(rsdp, PointerBytes);
        bool extended = pointer.U8(15) >= 2 && long64.U64(24) != 0;
        _root = extended ? long64.U64(24) : pointer.U32(16);
        _entryBytes = extended ? 8 : 4;
    }

    /// <summary>The whole table, header included; empty when there is none.</summary>
    public ReadOnlySpan<byte> Find(uint signature)
    {
        ReadOnlySpan<byte> root = _root == 0 ? default : Table(_root);
        for (int at = HeaderBytes; at + _entryBytes <= root.Length; at += _entryBytes)
        {
            ulong address = _entryBytes == 8 ? root.U64(at) : root.U32(at);
            if (_memory.Bytes(address, HeaderBytes).U32(0) == signature)
            {
                return Table(address);
            }
        }

        return default;
    }

    /// <summary>The table at an address; empty when its sum is wrong.</summary>
    public ReadOnlySpan<byte> Table(ulong address)
    {
        uint length = _memory.Bytes(address, HeaderBytes).U32(4);
        ReadOnlySpan<byte> table = length <= MaxTableBytes ? _memory.Bytes(address, length) : default;
        return Sum(table) == 0 ? table : default;
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum;
    }
}
