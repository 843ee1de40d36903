using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>
/// The pause of a snapshot with so many pages dirty besides what the snapshot itself dirties, by the kernel's own
/// count.
/// </summary>
internal sealed class SnapshotPause(ICheckpoint checkpoint, CounterReader counters, byte[] pages, int dirty)
    : Measurement($"snapshot pause, {dirty} dirty")
{
    private readonly ICheckpoint _checkpoint = checkpoint;
    private readonly CounterReader _counters = counters;
    private readonly byte[] _pages = pages;
    private readonly int _dirty = dirty;
    private ulong _generation;

    public override void Prepare()
    {
        for (int page = 0; page < _dirty; page++)
        {
            _pages[page * MappedPage.SizeInBytes]++;
        }
    }

    public override ulong Once()
    {
        _checkpoint.Take(out _generation);
        _checkpoint.WaitCommitted(_generation);
        return _counters.Read().SnapshotCycles;
    }

    // The next snapshot would wait for it anyhow.
    public override void CleanUp() => _checkpoint.WaitMigrated(_generation);
}

/// <summary>Reads the kernel's counters.</summary>
internal sealed class CounterReader(ICheckpoint checkpoint)
{
    private readonly ICheckpoint _checkpoint = checkpoint;

    public KernelCounters Read()
    {
        KernelCounters counters = default;
        System.Span<KernelCounters> one = new(ref counters);
        _checkpoint.Counters(System.Runtime.InteropServices.MemoryMarshal.AsBytes(one), out _);
        return counters;
    }
}
