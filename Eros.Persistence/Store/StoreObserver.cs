// StoreObserver: what the store tells, and asks of, whoever runs on top of it (the kernel; in tests the simulated
// machine).

using System;
using Eros.Persistence.Base;

namespace Eros.Persistence.Store;

/// <summary>What the checkpointer is doing. The numbers appear on QEMU's debug port.</summary>
public enum StorePhase : byte
{
    Idle = 0,
    Snapshot = 1,
    Stabilise = 2,
    Commit = 3,
    Migrate = 4,
}

/// <summary>
/// Receives the store's events. Unless said otherwise they come from a kernel thread with the gate open.
/// </summary>
public abstract class StoreObserver
{
    /// <summary>Gate closed, at the snapshot: no frame is written any more without MakeDirty.</summary>
    public abstract void Protect();

    /// <summary>
    /// Gate closed, at the snapshot: stores the OIDs of all processes that run or wait for the kernel; returns how
    /// many.
    /// </summary>
    public abstract int CollectProcesses(Span<ulong> oids);

    /// <summary>Gate closed, at the snapshot: nanoseconds since the volume was made.</summary>
    public abstract ulong TimeNs();

    /// <summary>
    /// Gate closed, from MakeDirty: a checkpoint is due, since much of the log is claimed or a claim was refused.
    /// </summary>
    public abstract void SpaceLow();

    /// <summary>Gate closed: who was refused NoSpace or NoMemory by MakeDirty may try again.</summary>
    public abstract void SpaceFreed();

    /// <summary>
    /// Gate closed: few frames are free. Who hears it has some leave by <see cref="FrameTable.FindLeaver"/>.
    /// </summary>
    public abstract void MemoryLow();

    /// <summary>A load ended; on Ok the frame is resident.</summary>
    public abstract void Loaded(ulong frame, Outcome outcome);

    /// <summary>
    /// A new phase has begun. In turn for each checkpoint: Snapshot (gate closed, before the work), Stabilise, Commit
    /// (the log is on the disk, no header is), Migrate (committed, not yet told), Idle. Idle also follows a failure.
    /// </summary>
    public abstract void Phase(StorePhase phase);

    /// <summary>Gate closed: the generation is on disk, a restart comes back to it or to a later one.</summary>
    public abstract void Committed(ulong generation);

    /// <summary>
    /// Gate closed: nothing older than the generation is ever mounted again, and the log has room for the next one.
    /// </summary>
    public abstract void Settled(ulong generation);

    /// <summary>
    /// Something to be told in one line: <see cref="StoreText"/> makes it of the message and its two numbers.
    /// </summary>
    public abstract void Report(StoreMessage message, ulong first, ulong second);
}
