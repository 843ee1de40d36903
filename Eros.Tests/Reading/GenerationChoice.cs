// GenerationChoice: which generation is mounted: the table of docs/disk-format.md, "How a volume is mounted", 2.

using System.Collections.Generic;
using System.Linq;

namespace Eros.Tests.Reading;

internal sealed class GenerationChoice(DiskView disk, VolumeMap map)
{
    private readonly DiskView _disk = disk;
    private readonly VolumeMap _map = map;

    /// <summary>The header of what is mounted, and what of it is in the log.</summary>
    public CheckpointRoot? Root { get; private set; }
    public List<LoggedGeneration>? Unmigrated { get; private set; }

    public Refusal Choose()
    {
        CheckpointRoot? even = NewestIn(0);
        CheckpointRoot? odd = NewestIn(1);
        bool isEven = odd == null || (even != null && even.Generation > odd.Generation);
        CheckpointRoot? newest = isEven ? even : odd;
        CheckpointRoot? other = isEven ? odd : even;
        if (newest == null)
        {
            return Refusal.NoCheckpoint;
        }

        ulong? mark = NewestMark();
        bool isNext = other != null && other.Generation + 1 == newest.Generation;
        if (mark > newest.Generation)
        {
            return Refusal.NewerMigrationBegun;
        }

        if (mark == null && !isNext)
        {
            return Refusal.NothingShowsNewest;
        }

        bool mayFallBack = isNext && mark + 1 == newest.Generation;
        return Mount(newest) || (mayFallBack && Mount(other!)) ? Refusal.None : Refusal.DamagedGeneration;
    }

    private CheckpointRoot? NewestIn(ulong parity)
    {
        CheckpointRoot? a = CheckpointRoot.Read(_disk, _map, parity, 0);
        CheckpointRoot? b = CheckpointRoot.Read(_disk, _map, parity, 1);
        return a == null || (b != null && b.Generation > a.Generation) ? b : a;
    }

    private ulong? NewestMark()
    {
        ulong? newest = null;
        for (ulong copy = 0; copy < 2; copy++)
        {
            if (Block.TryRead(_disk, _map.MarkBlockOf(copy), Block.Mark, _map.Id, out Block mark)
                && mark.Generation != ulong.MaxValue
                && (newest == null || mark.Generation > newest))
            {
                newest = mark.Generation;
            }
        }

        return newest;
    }

    private bool Mount(CheckpointRoot root)
    {
        if (!root.IsListSound)
        {
            return false;
        }

        var unmigrated = new List<LoggedGeneration>();
        foreach ((ulong generation, ulong position) in root.Unmigrated)
        {
            LoggedGeneration? logged = LoggedGeneration.Read(_disk, _map, generation, position);
            LoggedGeneration? previous = unmigrated.Count == 0 ? null : unmigrated[^1];
            if (logged == null || (previous != null && !logged.Follows(previous)))
            {
                return false;
            }

            unmigrated.Add(logged);
        }

        if (unmigrated.Count != 0 && !AreSound(unmigrated, root))
        {
            return false;
        }

        Root = root;
        Unmigrated = unmigrated;
        return true;
    }

    /// <summary>What the generations of a list take together, and the processes of the last.</summary>
    private bool AreSound(List<LoggedGeneration> unmigrated, CheckpointRoot root)
    {
        ulong most = (2 * LoggedGeneration.MostDirectoryBlocksOf(_map)) + CheckpointRoot.ListPlaces;
        return unmigrated.Aggregate(0UL, static (sum, generation) => sum + generation.DirectoryBlocks) <= most
            && root.End - unmigrated[0].First <= _map.LogBlocks - (_map.LogBlocks / 3)
            && unmigrated[^1].ReadProcesses();
    }
}
