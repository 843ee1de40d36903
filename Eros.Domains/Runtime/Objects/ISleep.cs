using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>The clock. Times are nanoseconds since the volume was made; they never run backwards.</summary>
public interface ISleep : ICapability
{
    /// <summary>Ok when the time has passed; Restarted when the machine was restarted meanwhile.</summary>
    [Order(SleepOrder.For)]
    Result For(ulong nanoseconds);

    [Order(SleepOrder.Until)]
    Result Until(ulong time);

    /// <summary>The time, and the boot that it is of; 1 is a volume's first.</summary>
    [Order(SleepOrder.Now)]
    Result Now(out ulong time, out ulong boot);

    /// <summary>Restarted, when it is another boot than <paramref name="boot"/>: at once, or after the next restart.
    /// </summary>
    [Order(SleepOrder.UntilRestart)]
    Result UntilRestart(ulong boot);
}

/// <summary>Sleeping until what nobody tells of.</summary>
public static class Sleeps
{
    /// <summary>Between two tries of what fails for a while.</summary>
    public const ulong RetryNs = 1_000_000_000;

    /// <summary>True: the disk could not read what was invoked, and it is to be tried again now. Nobody tells when it
    /// can.</summary>
    public static bool PauseIfUnread(this ISleep sleep, Result result)
    {
        if (result == Result.BadObject)
        {
            sleep.For(RetryNs);
        }

        return result == Result.BadObject;
    }
}
