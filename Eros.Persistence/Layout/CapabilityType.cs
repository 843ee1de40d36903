// CapabilityType, Rights: the two numbers of a capability that programs see too (CommonOrder.TypeOf).

namespace Eros.Persistence.Layout;

/// <summary>What a capability is of. The numbers are part of the disk format.</summary>
public enum CapabilityType : byte
{
    Void = 0,
    Number = 1,
    Page = 2,
    Node = 3,
    Space = 4,
    Forwarder = 5,
    Process = 6,
    Start = 7,
    Notification = 8,
    Resume = 9,
    FaultResume = 10,
    Range = 11,
    Schedule = 12,
    Sleep = 13,
    Discrim = 14,
    ProcessTool = 15,
    Checkpoint = 16,
    ConsoleGrant = 17,
    ConsoleSession = 18,
    DeviceMemory = 19,
    IoPort = 20,
    Interrupt = 21,
}

/// <summary>Restrictions: each bit takes something away, so that accumulating rights is a bitwise or.</summary>
[System.Flags]
public enum Rights : byte
{
    None = 0,

    /// <summary>Nothing can be written through it.</summary>
    ReadOnly = 1,

    /// <summary>What is fetched through it is weakened (read-only, weak, no-call; void if that is
    /// impossible).</summary>
    Weak = 2,

    /// <summary>Keepers at or below it are not called.</summary>
    NoCall = 4,

    /// <summary>Addresses pass through it, slots can be neither fetched nor stored.</summary>
    Opaque = 8,

    /// <summary>Nothing below it can be executed.</summary>
    NoExecute = 16,

    /// <summary>Start: a forwarder's word does not take the place of the payload.</summary>
    FixedPayload = 32,
}
