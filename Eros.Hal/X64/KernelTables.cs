// KernelTables: the kernel's half of the page tables, built once at boot and then shared by all (Intel SDM volume
// 3A, 4.5).
//
//   63 no-execute | 51:12 frame | 8 global | 7 large (2 MB) | 4 uncached | 3 write-through | 1 writable | 0 present
//
// Everything mapped here is data: no-execute. The image itself was mapped by the boot code, whose tables are kept.
//
// Safety: tables are reached at `origin` + physical address; the caller says where physical memory is seen.

using Eros.Hal.Firmware;

namespace Eros.Hal.X64;

/// <summary>How a range is mapped. The values are bits of an entry.</summary>
public enum MapKind : ulong
{
    Memory = 0,
    Device = (1 << 4) | (1 << 3),
}

/// <summary>The tables below the top table at physical address <paramref name="root"/>.</summary>
public unsafe struct KernelTables(byte* origin, ulong root)
{
    public const ulong PageBytes = 4096;
    public const ulong LargePageBytes = 2 << 20;

    private const int Entries = 512;
    private const int ImageEntry = Entries - 1;
    private const ulong Present = 1;
    private const ulong Writable = 1 << 1;
    private const ulong Large = 1 << 7;
    private const ulong Global = 1 << 8;
    private const ulong NoExecute = 1UL << 63;
    private const ulong FrameMask = 0x000F_FFFF_FFFF_F000;
    private const int LargeLevelShift = 21;
    private const int PageLevelShift = 12;
    private const int TopLevelShift = 39;

    private readonly byte* _origin = origin;

    /// <summary>Physical address of the top table.</summary>
    public ulong Root { get; } = root;

    /// <summary>Takes a frame for an empty top table. False: there is none.</summary>
    public static bool TryCreate(byte* origin, ref BootMemory memory, out KernelTables tables)
    {
        tables = new KernelTables(origin, TakeTable(origin, ref memory));
        return tables.Root != 0;
    }

    /// <summary>Keeps the boot code's mapping of the image; <paramref name="bootRoot"/> is its top table.</summary>
    public readonly void ShareImage(ulong bootRoot) =>
        ((ulong*)(_origin + Root))[ImageEntry] = ((ulong*)(_origin + bootRoot))[ImageEntry];

    /// <summary>Maps whole pages, large ones where both addresses allow it. False: no frame was left for a
    /// table.</summary>
    public readonly bool Map(ulong address, ulong physical, ulong bytes, MapKind kind, ref BootMemory memory)
    {
        for (ulong done = 0; done < bytes;)
        {
            ulong misaligned = ((address + done) | (physical + done)) % LargePageBytes;
            bool isLarge = misaligned == 0 && bytes - done >= LargePageBytes;
            ulong* entry = Entry(address + done, isLarge ? LargeLevelShift : PageLevelShift, ref memory);
            if (entry == null)
            {
                return false;
            }

            *entry = (physical + done) | (ulong)kind | Present | Writable | Global | NoExecute | (isLarge ? Large : 0);
            done += isLarge ? LargePageBytes : PageBytes;
        }

        return true;
    }

    /// <summary>Maps all memory at <see cref="MemoryLayout.DirectMap"/>, in units of 2 MB. False: no frame was
    /// left.</summary>
    public readonly bool MapMemory(in MemoryMap map, ref BootMemory memory)
    {
        for (ulong at = 0; at < map.Top && at < MemoryLayout.DirectMapLimit; at += LargePageBytes)
        {
            if (map.HasMemory(at, at + LargePageBytes)
                && !Map(MemoryLayout.DirectMap + at, at, LargePageBytes, MapKind.Memory, ref memory))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The entry for an address in the table whose entries span 2^<paramref name="level"/> bytes; null: no
    /// frame.</summary>
    private readonly ulong* Entry(ulong address, int level, ref BootMemory memory)
    {
        ulong table = Root;
        for (int shift = TopLevelShift; ; shift -= 9)
        {
            ulong* entry = (ulong*)(_origin + table) + ((address >> shift) & (Entries - 1));
            if (shift == level)
            {
                return entry;
            }

            if ((*entry & Present) == 0)
            {
                ulong added = TakeTable(_origin, ref memory);
                if (added == 0)
                {
                    return null;
                }

                *entry = added | Present | Writable;
            }

            table = *entry & FrameMask;
        }
    }

    /// <summary>An empty table's physical address, 0: no frame.</summary>
    private static ulong TakeTable(byte* origin, ref BootMemory memory)
    {
        ulong table = memory.TakeFrames(1);
        ulong* words = (ulong*)(origin + table);
        for (int i = 0; table != 0 && i < Entries; i++)
        {
            words[i] = 0;
        }

        return table;
    }
}
