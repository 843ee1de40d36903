// CheckpointControl: what invocations know of the store's generations, and how they ask for a checkpoint.
//
// The cut is made by the checkpointer's thread, never inside an invocation: so whoever asks has its call finished
// before the cut, and a restart does not repeat it.

using Eros.Kernel.Protocol;

namespace Eros.Kernel.Processes;

/// <summary>Generations as the kernel sees them. Kept up to date by StoreEvents.</summary>
public sealed class CheckpointControl(Services services)
{
    private readonly Services _services = services;

    /// <summary>The generation that the next snapshot will be.</summary>
    public ulong Working { get; set; } = 1;

    /// <summary>The newest generation that a restart would come back to.</summary>
    public ulong Committed { get; set; }

    /// <summary>The newest generation that is settled: what comes with its commit is done.</summary>
    public ulong Settled { get; set; }

    /// <summary>False when there is no disk, or it has failed: nothing will be committed.</summary>
    public bool IsDurable { get; set; } = true;

    /// <summary>Milliseconds between checkpoints; 0: none but on request.</summary>
    public uint IntervalMs { get; private set; } = Limits.CheckpointIntervalMs;

    /// <summary>Asks for a snapshot; returns the generation that it will be.</summary>
    public ulong Ask()
    {
        _services.AskCheckpoint();
        return Working;
    }

    /// <summary>Changes the interval; the time to the next checkpoint is counted from now on.</summary>
    public Result SetInterval(ulong milliseconds)
    {
        if (milliseconds > uint.MaxValue || (milliseconds != 0 && milliseconds < Limits.MinCheckpointIntervalMs))
        {
            return Result.BadArgument;
        }

        IntervalMs = (uint)milliseconds;
        _services.ChangeInterval();
        return Result.Ok;
    }
}
