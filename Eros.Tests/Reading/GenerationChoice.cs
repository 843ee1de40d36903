// GenerationChoice: which generation is mounted: the table of docs/disk-format.md, "How a volume is mounted", 2.

using System.Collections.Generic;

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
        if (!root.HasKnownList)
        {
            return false;
        }

        var unmigrated = new List<LoggedGeneration>();
        foreach ((ulong generation, ulong position) in root.Unmigrated)
        {
            LoggedGeneration? logged = LoggedGeneration.Read(_disk, _map, generation, position);
            if (logged == null)
            {
                return false;
            }

            unmigrated.Add(logged);
        }

        Root = root;
        Unmigrated = unmigrated;
        return true;
    }
}
