using System.Collections.Generic;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;
using Eros.Tests.Fuzz.Model;

namespace Eros.Tests.Fuzz;

/// <content>Page tables with a flipped bit.</content>
internal sealed partial class ModelRun
{
    private const int Entries = 512;
    private const int UserEntries = 256;
    private const int EntryBytes = 8;
    private const int RootShift = 39;
    private const int LeafShift = 12;
    private const int LevelBits = 9;
    private const int Samples = 64;
    private const ulong PfnMask = 0x000F_FFFF_FFFF_F000;

    // Present, writable, the user's, not executable.
    private static readonly int[] _bitsOfRights = [0, 1, 2, 63];

    /// <summary>Flips a bit of an entry for the process that runs; mostly of one that is present, and half the time one
    /// that gives a right. False: it has no page tables.</summary>
    public bool TryFlipPageTable(SeededRandom random, out ulong address, out bool isLeaf)
    {
        List<(uint Table, int Index, ulong Address, int Shift)> present = [];
        Collect(_machine.Mmu.Root, 0, RootShift, present);
        (address, isLeaf) = (0, false);
        if (World.Current == null || present.Count == 0)
        {
            return false;
        }

        (uint table, int index, address, int shift) = present[random.Below(present.Count)];
        if (random.Chance(20))
        {
            int neighbour = random.Below(shift == RootShift ? UserEntries : Entries);
            address = address - ((ulong)index << shift) + ((ulong)neighbour << shift);
            index = neighbour;
        }

        isLeaf = shift == LeafShift;
        int bit = random.Chance(50) ? _bitsOfRights[random.Below(_bitsOfRights.Length)] : random.Below(64);
        _machine.Memory.As<ulong>(table, index * EntryBytes) ^= 1UL << bit;
        return true;
    }

    /// <summary>Flips a bit of a link that an entry of any leaf has. False: nothing is mapped.</summary>
    public bool TryFlipLink(SeededRandom random)
    {
        List<(uint Links, int Index)> used = [];
        SpacesCheck check = Kernel.Spaces.Check;
        for (int table = 1; table < check.TableCount; table++)
        {
            (uint entries, uint links) = check.FramesOf(table);
            for (int i = 0; links != 0 && i < Entries; i++)
            {
                if ((_machine.Memory.As<ulong>(entries, i * EntryBytes) & 1) != 0)
                {
                    used.Add((links, i));
                }
            }
        }

        if (used.Count == 0)
        {
            return false;
        }

        (uint frame, int index) = used[random.Below(used.Count)];
        _machine.Memory.As<ulong>(frame, index * EntryBytes) ^= 1UL << random.Below(64);
        return true;
    }

    /// <exception cref="InvariantException">The page tables are wrong.</exception>
    public void CheckBeforeCommit() => Kernel.Spaces.Check.Run(Kernel.Processor);

    /// <summary>True when the process that runs can do something below that entry which its space does not allow.
    /// </summary>
    public bool HasGained(ulong address, bool isLeaf)
    {
        _machine.Mmu.InvalidateAll();
        for (ulong i = 0; i < (isLeaf ? 1u : Samples); i++)
        {
            ulong page = address + (i << LeafShift);
            foreach (Access access in (System.ReadOnlySpan<Access>)[Access.Read, Access.Write, Access.Execute])
            {
                Translation? there = _machine.Mmu.Access(page, access == Access.Write, access == Access.Execute);
                Sight sight = World.Space.Look(World.Current!.Process.Space, page, access);
                if (there is { } found && (sight.Page == null || !IsFor(sight.Page, found.Pfn, access)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>True when the page is in that frame, and may be written if it is to be.</summary>
    private bool IsFor(ModelFrame page, uint pfn, Access access)
    {
        int entry = _machine.Frames.Find(page.Number);
        return _machine.Frames[entry].Pfn == pfn && (access != Access.Write || _machine.Frames.IsWritable(entry));
    }

    private void Collect(uint table, ulong address, int shift, List<(uint, int, ulong, int)> present)
    {
        int count = shift == RootShift ? UserEntries : Entries;
        for (int i = 0; i < count; i++)
        {
            ulong entry = _machine.Memory.As<ulong>(table, i * EntryBytes);
            if ((entry & 1) == 0)
            {
                continue;
            }

            ulong below = address + ((ulong)i << shift);
            present.Add((table, i, below, shift));
            if (shift > LeafShift)
            {
                Collect((uint)((entry & PfnMask) / PhysicalMemory.FrameBytes), below, shift - LevelBits, present);
            }
        }
    }
}
