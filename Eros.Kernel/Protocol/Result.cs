// Result: what comes back in the order word. Domains and kernel objects use the same numbers, so that a caller cannot
// tell them apart.

namespace Eros.Kernel.Protocol;

/// <summary>Common results. A service's own results are small positive numbers below <see
/// cref="FirstCommon"/>.</summary>
public enum Result : uint
{
    Ok = 0,

    /// <summary>Numbers from here on mean the same everywhere.</summary>
    FirstCommon = 0x8000_0000,

    /// <summary>The invoked capability is void, or what it named is gone.</summary>
    VoidCapability = 0x8000_0001,

    /// <summary>The object does not know the order.</summary>
    UnknownOrder = 0x8000_0002,

    /// <summary>A word, string or capability of the message is not what the order takes.</summary>
    BadArgument = 0x8000_0003,

    /// <summary>The capability's rights do not allow it.</summary>
    NoAccess = 0x8000_0004,

    /// <summary>The machine was restarted while the call waited on a device or a clock; nothing else
    /// happened.</summary>
    Restarted = 0x8000_0005,

    /// <summary>A limit was reached (storage, processes, versions).</summary>
    LimitReached = 0x8000_0006,

    /// <summary>The object could not be read from the disk, or did not match its checksum.</summary>
    BadObject = 0x8000_0007,

    /// <summary>The disk is missing or refuses, so nothing can be made durable.</summary>
    NotDurable = 0x8000_0008,

    /// <summary>Another caller holds what can be held only once (a console's reader).</summary>
    Busy = 0x8000_0009,

    /// <summary>Whoever asked has given the request up.</summary>
    Cancelled = 0x8000_000A,
}
