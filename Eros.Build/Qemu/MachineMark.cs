namespace Eros.Build.Qemu;

/// <summary>The points that the kernel marks, by the byte that it writes to the debug port. One checkpoint: S s c i m
/// i.
/// </summary>
public enum MachineMark : byte
{
    /// <summary>First instructions of the kernel.</summary>
    Entry = (byte)'k',

    /// <summary>Everything stops, dirty objects become copy-on-write.</summary>
    Snapshot = (byte)'S',

    /// <summary>The snapshot is being written to the log.</summary>
    Stabilise = (byte)'s',

    /// <summary>The log is written; the checkpoint headers are being written.</summary>
    Commit = (byte)'c',

    /// <summary>Objects are being copied from the log to their homes.</summary>
    Migrate = (byte)'m',

    /// <summary>Nothing is under way: the generation is committed and migration has not begun, or it is home.</summary>
    Idle = (byte)'i',
}
