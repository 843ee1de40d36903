// Clock: the seam to time. One time for everything: nanoseconds since the volume was made, which never runs backwards,
// not over a restart either.

namespace Eros.Kernel.Machine;

/// <summary>The time, and one alarm.</summary>
public abstract class Clock
{
    /// <summary>Never armed.</summary>
    public const ulong Never = ulong.MaxValue;

    /// <summary>Nanoseconds since the volume was made.</summary>
    public abstract ulong Now { get; }

    /// <summary>Sets the time, at boot, when the volume's is known. Never back.</summary>
    public abstract void Set(ulong nowNs);

    /// <summary>Sets the one alarm: at <paramref name="deadlineNs"/> or soon after, Scheduler.TimerExpired is called
    /// with the gate closed.
    /// A deadline that has passed expires at once. <see cref="Never"/> takes the alarm back.</summary>
    public abstract void Arm(ulong deadlineNs);
}
