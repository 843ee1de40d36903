namespace Eros.Build.Qemu;

/// <summary>What is asked of a disk.</summary>
public enum DiskRequestKind
{
    Read,
    Write,
    Flush,
}

/// <summary>Requests that a disk refuses.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="Block">The block of 4096 bytes that a request must touch; null: any.</param>
/// <param name="IsOnce">Only the first of them.</param>
public sealed record DiskFault(DiskRequestKind Kind, ulong? Block = null, bool IsOnce = false);
