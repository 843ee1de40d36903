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
