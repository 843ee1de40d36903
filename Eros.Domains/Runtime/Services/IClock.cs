using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>The time of day. Instants are ticks of 100 ns since 1970 began, in UTC (<see cref="UtcTime"/>).</summary>
public interface IClock : ICapability
{
    /// <summary>
    /// The time now. It never runs backwards, over restarts too, unless somebody sets it. Unknown when the machine has
    /// no clock that can be read, and nobody has set the time.
    /// </summary>
    [Order(1)]
    Result Now(out ulong ticks);

    /// <summary>
    /// When an instant comes by the machine's time (<see cref="ISleep"/>), if nothing happens until then: a moment ago
    /// for what is past. Who is to wait for it sleeps until then (<see cref="ISleep.Until"/>), and asks again after a
    /// restart, when it may be later or earlier. Unknown, as Now.
    /// </summary>
    [Order(2)]
    Result WhenIs(ulong ticks, out ulong time);
}

/// <summary>The right to say what time it is.</summary>
public interface IClockSetter : ICapability
{
    /// <summary>It is so late now. BadArgument for what is after the year 9999.</summary>
    [Order(1)]
    Result Set(ulong ticks);
}

/// <summary>The machine's clock that goes on while it is off.</summary>
public interface IRealTimeClock : ICapability
{
    /// <summary>Seconds since 1970 began, in UTC, as the clock has it. Unknown when there is none, or nonsense in it.
    /// </summary>
    [Order(1)]
    Result Read(out ulong seconds);
}

/// <summary>What clocks answer beside the kernel's results.</summary>
public static class Clocks
{
    /// <summary>A clock's own result: nobody knows the time.</summary>
    public const Result Unknown = (Result)1;
}
