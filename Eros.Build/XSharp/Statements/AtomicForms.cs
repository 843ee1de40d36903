// Atomic operations on memory. XCHG with memory is locked whether one says so or not.

namespace Eros.Build.XSharp;

internal static class AtomicForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("xchg M, R", "xchg size M,R", Mode.Ours),
        new("lock cmpxchg M, R", "lock cmpxchg size M,R", Mode.Ours),
        new("lock xadd M, R", "lock xadd size M,R", Mode.Ours),
        new("lock M + R", "lock add size M,R", Mode.Ours),
        new("lock M + n as S", "lock add size M,n", Mode.Ours),
        new("lock M - n as S", "lock sub size M,n", Mode.Ours),
        new("lock M | R", "lock or size M,R", Mode.Ours),
        new("lock M & R", "lock and size M,R", Mode.Ours),
        new("mfence", "mfence", Mode.Ours),
        new("lfence", "lfence", Mode.Ours),
        new("sfence", "sfence", Mode.Ours),
        new("pause", "pause", Mode.Ours),
    ];
}
