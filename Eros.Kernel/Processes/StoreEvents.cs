// StoreEvents: what the store tells the kernel. It is made before the frame table, and the kernel after it; in between
// nothing happens.
//
// Hal derives from it to mark the phases on QEMU's debug port.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Kernel.Processes;

/// <summary>The kernel's ear at the store.</summary>
public abstract class StoreEvents : StoreObserver
{
    private readonly byte[] _line = new byte[StoreText.LineBytes];
    private Kernel? _kernel;
    private ulong _snapshotSince;

    /// <summary>Completes it at boot.</summary>
    public void Attach(Kernel kernel) => _kernel = kernel;

    public sealed override void Phase(StorePhase phase)
    {
        if (phase == StorePhase.Snapshot)
        {
            _snapshotSince = _kernel!.Processor.ReadTimestamp();
            _kernel.Counters.Values.SnapshotFrames = (ulong)_kernel.Frames.DirtyCount;
        }
        else if (phase == StorePhase.Commit)
        {
            _kernel!.Spaces.Check.Run(_kernel.Processor);
        }

        Mark(phase);
    }

    public override void Protect() => _kernel!.Spaces.Protect();

    public override int CollectProcesses(Span<ulong> oids)
    {
        _kernel!.Checkpoints.Working++;
        return _kernel.Activities.Collect(oids);
    }

    /// <summary>The last thing that a snapshot asks: its pause ends.</summary>
    public override ulong TimeNs()
    {
        _kernel!.Counters.Values.SnapshotCycles = _kernel.Processor.ReadTimestamp() - _snapshotSince;
        return _kernel.Clock.Now;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void SpaceLow() => _kernel!.Services.AskCheckpoint();

    public override void SpaceFreed() => _kernel!.Services.WakeForRoom();

    public override void MemoryLow() => _kernel!.Services.LoadDue.Signal();

    public override void Loaded(ulong frame, Outcome outcome)
    {
        _kernel!.Processor.Close();
        _kernel.Services.Loaded(frame, outcome);
        _kernel.Processor.Open();
    }

    public override void Committed(ulong generation)
    {
        _kernel!.Checkpoints.Committed = generation;
        _kernel.Counters.Values.Checkpoints++;
        _kernel.Services.Wake(StallReason.Committed);
    }

    public override void Settled(ulong generation)
    {
        _kernel!.Checkpoints.Settled = generation;
        _kernel.Services.Wake(StallReason.Settled);
    }

    public override void Report(StoreMessage message, ulong first, ulong second)
    {
        // Two threads may have something to tell at once.
        _kernel!.Processor.Close();
        int length = StoreText.Format(message, first, second, _line);
        _kernel.Log.Begin(default).Text(_line.AsSpan(0, length)).End();
        _kernel.Processor.Open();
    }

    /// <summary>A new phase has begun; for tests to see.</summary>
    protected abstract void Mark(StorePhase phase);
}
