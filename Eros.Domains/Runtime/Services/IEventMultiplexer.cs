using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Sizes of event multiplexers.</summary>
public static class EventLimits
{
    /// <summary>Places to wait at.</summary>
    public const uint Recipients = 16;
}

/// <summary>
/// Brings events of 32 kinds from those who post them, who never wait, to those who wait for them, each of whom hears
/// of every one. Posting twice before it is heard is heard once.
/// </summary>
public interface IEventMultiplexer : ICapability
{
    /// <summary>The right to post the kinds of <paramref name="kinds"/>, a bit each.</summary>
    [Order(1)]
    Result Source(uint kinds, out INotification source);

    /// <summary>A place to wait at, 0 to <see cref="EventLimits.Recipients"/> - 1; BadArgument beyond.</summary>
    [Order(2)]
    Result Recipient(uint number, out IEventRecipient recipient);
}

/// <summary>A place to wait for events at.</summary>
public interface IEventRecipient : ICapability
{
    /// <summary>
    /// Waits for any of the kinds; those that have come, which are forgotten here then. Busy while somebody else waits
    /// at this place, BadArgument for no kind at all.
    /// </summary>
    [Order(1)]
    Result Wait(uint kinds, out uint come);
}
