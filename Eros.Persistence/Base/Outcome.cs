// Outcome: what users or disks can cause. What only a bug can cause is Fail.

namespace Eros.Persistence.Base;

/// <summary>How an operation of the store or of the disk ended.</summary>
public enum Outcome : byte
{
    Ok = 0,

    /// <summary>The object is on disk: have it loaded, then retry.</summary>
    Absent,

    /// <summary>Dirtying must wait until the running checkpoint has written more.</summary>
    NoSpace,

    /// <summary>No physical frame is free.</summary>
    NoMemory,

    /// <summary>The OID names no frame of this volume, or one of another kind.</summary>
    NoObject,

    /// <summary>The disk reported an error.</summary>
    DiskError,

    /// <summary>What was read does not match its checksum, magic or name.</summary>
    BadBlock,

    /// <summary>There is no disk.</summary>
    NoDisk,

    /// <summary>The object's versions are used up: it is void for ever and never bought again.</summary>
    Retired,
}
