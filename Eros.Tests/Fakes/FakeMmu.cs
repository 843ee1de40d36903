using System.Collections.Generic;
using Eros.Kernel.Machine;
using Eros.Persistence.Base;

namespace Eros.Tests.Fakes;

/// <summary>What the processor finds at an address.</summary>
public readonly record struct Translation(uint Pfn, bool IsWritable, bool IsExecutable);

/// <summary>
/// Address translation as the processor does it: it walks the tables in memory by their bits, and remembers both
/// translations and tables until it is told to forget them (Intel SDM volume 3, 4.5 and 4.10). </summary>
public sealed class FakeMmu(PhysicalMemory memory, uint kernelRoot) : Mmu
{
    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong User = 4;
    private const ulong NoExecute = 1UL << 63;

    private readonly Dictionary<ulong, Translation> _pages = [];
    private readonly Dictionary<ulong, Translation> _leaves = [];

    public override uint KernelRoot { get; } = kernelRoot;

    public uint Root { get; private set; } = kernelRoot;

    public int Loads { get; private set; }

    public int Flushes { get; private set; }

    public int Invalidations { get; private set; }

    /// <summary>Page addresses that the processor remembers.</summary>
    public IEnumerable<ulong> Remembered => _pages.Keys;

    public override void LoadRoot(uint pfn)
    {
        Loads++;
        Root = pfn;
        _pages.Clear();
        _leaves.Clear();
    }

    public override void Invalidate(ulong address)
    {
        Invalidations++;
        _pages.Remove(address >> 12 << 12);
        _leaves.Clear();
    }

    public override void InvalidateAll()
    {
        Flushes++;
        _pages.Clear();
        _leaves.Clear();
    }

    /// <summary>A user's access: what the processor remembers is used; else the tables are walked, and remembered.
    /// Null: page fault.</summary>
    public Translation? Access(ulong address, bool isWrite, bool isFetch)
    {
        ulong page = address >> 12 << 12;
        if (_pages.TryGetValue(page, out Translation known) && Allows(known, isWrite, isFetch))
        {
            return known;
        }

        // A page fault forgets the address's translation, and the tables on its way (4.10.4.1), so that the next try
        // walks again.
        _pages.Remove(page);
        Translation? found = Walk(page);
        if (found is not Translation translation || !Allows(translation, isWrite, isFetch))
        {
            _leaves.Remove(page >> 21);
            return null;
        }

        _pages[page] = translation;
        return translation;
    }

    /// <summary>What is remembered for a page address.</summary>
    public Translation Recall(ulong page) => _pages[page];

    private static bool Allows(Translation translation, bool isWrite, bool isFetch) =>
        (!isWrite || translation.IsWritable) && (!isFetch || translation.IsExecutable);

    private Translation? Walk(ulong page)
    {
        if (!_leaves.TryGetValue(page >> 21, out Translation leaf))
        {
            bool isWritable = true;
            bool isExecutable = true;
            uint table = Root;
            for (int shift = 39; shift > 12; shift -= 9)
            {
                ulong upper = Read(table, (int)(page >> shift) & 511);
                if ((upper & Present) == 0 || (upper & User) == 0)
                {
                    return null;
                }

                isWritable &= (upper & Writable) != 0;
                isExecutable &= (upper & NoExecute) == 0;
                table = (uint)((upper & 0x000F_FFFF_FFFF_F000) >> 12);
            }

            leaf = new Translation(table, isWritable, isExecutable);
            _leaves[page >> 21] = leaf;
        }

        ulong entry = Read(leaf.Pfn, (int)(page >> 12) & 511);
        return (entry & Present) == 0 || (entry & User) == 0
            ? null
            : new Translation(
                (uint)((entry & 0x000F_FFFF_FFFF_F000) >> 12),
                leaf.IsWritable && (entry & Writable) != 0,
                leaf.IsExecutable && (entry & NoExecute) == 0);
    }

    private ulong Read(uint table, int index) => memory.As<ulong>(table, index * 8);
}
