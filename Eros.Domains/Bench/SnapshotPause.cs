using Eros.Domains.Runtime;

namespace Eros.Domains.Bench;

/// <summary>
/// The pause of a snapshot with so many pages dirty besides what the snapshot itself dirties, by the kernel's own
/// count. What else is measured of it is the whole checkpoint, until everything is home. Allocates nothing once it is
/// made: to grow the heap would dirty objects of others.
/// </summary>
internal sealed class SnapshotPause(
    ICheckpoint checkpoint, CounterReader counters, byte[] pages, int dirty, int samples)
    : Measurement($"snapshot pause, {dirty} dirty")
{
    private readonly ICheckpoint _checkpoint = checkpoint;
    private readonly CounterReader _counters = counters;
    private readonly byte[] _pages = pages;
    private readonly int _dirty = dirty;
    private ulong _generation;
    private int _count;

    /// <summary>The longest stretch with interrupts off in each of the last checkpoints, cycles.</summary>
    public ulong[] Closed { get; } = new ulong[samples];

    // The field is written here too, and the counters are read, so that the snapshot finds the same pages dirty whether
    // it is taken within the call that asks for it or soon after.
    public override void Prepare()
    {
        _generation = 0;
        _counters.Read();
        _counters.Forget();
        for (int page = 0; page < _dirty; page++)
        {
            _pages[page * MappedPage.SizeInBytes]++;
        }
    }

    public override ulong Once()
    {
        _checkpoint.Take(out _generation);
        _checkpoint.WaitCommitted(_generation);
        _checkpoint.WaitSettled(_generation);
        ulong pause = _counters.Read().SnapshotCycles;
        Closed[_count++ % Closed.Length] = _counters.Longest;
        return pause;
    }
}
