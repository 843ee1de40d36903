// CapabilityType, Rights: the two numbers of a capability that programs see too (CommonOrder.TypeOf).
//
// The comments are the source of the tables in docs/capabilities.md, which `./eros docs` writes: beside the summary,
// rights are those that mean something for the type, data is what its version and data mean.

namespace Eros.Persistence.Layout;

/// <summary>What a capability is of. The numbers are part of the disk format.</summary>
public enum CapabilityType : byte
{
    /// <summary>Nothing. A capability whose object is gone is void too.</summary>
    Void = 0,

    /// <summary>96 bits of value.</summary>
    /// <data>version, data and the upper half of the OID are the value</data>
    Number = 1,

    /// <summary>4096 bytes of data.</summary>
    /// <rights>read-only; weak is read-only; no-execute; no-call and opaque mean nothing</rights>
    /// <data>the object's version; a guard</data>
    Page = 2,

    /// <summary>32 capabilities, of any kind of node.</summary>
    /// <rights>read-only, weak, opaque; in a space also no-call and no-execute</rights>
    /// <data>the object's version; a guard if it is to stand in a space</data>
    Node = 3,

    /// <summary>A space node that only addresses pass through.</summary>
    /// <rights>read-only, weak, no-call, no-execute; it is opaque as it is</rights>
    /// <data>the object's version; a guard</data>
    Space = 4,

    /// <summary>Passes messages on to what its node's slot 0 holds, while the gate is open. Its orders are its
    /// target's.</summary>
    /// <rights>opaque, always</rights>
    /// <data>the object's version; nothing</data>
    Forwarder = 5,

    /// <summary>Total authority over one process.</summary>
    /// <data>the object's version; nothing</data>
    Process = 6,

    /// <summary>Sends messages to a process that waits for anybody; senders wait for one that is busy. Its orders are
    /// the process's.</summary>
    /// <rights>fixed-payload: forwarders do not put their word in the payload's place</rights>
    /// <data>the object's version; the payload, which the process gets with each message</data>
    Start = 7,

    /// <summary>Sets bits of a process's pending notifications, whatever the order, and never waits. The process gets
    /// them as a message when it is next available.</summary>
    /// <data>the object's version; the bits</data>
    Notification = 8,

    /// <summary>Answers one call of a process, once: a use of any copy ends all copies. It takes a result as
    /// order.</summary>
    /// <data>together the process's call count</data>
    Resume = 9,

    /// <summary>Says what becomes of a fault of a process, once.</summary>
    /// <data>together the process's call count</data>
    FaultResume = 10,

    /// <summary>Authority over home frames.</summary>
    /// <data>together the number of frames; the OID is that of the first</data>
    Range = 11,

    /// <summary>Stands in the schedule slot of a process and lets it run; asked, it only says what it is.</summary>
    /// <data>the reserve's version; the priority, 0 (least urgent) to 31, and the reserve's number plus 1 (next 8
    /// bits), 0 for none</data>
    Schedule = 12,

    /// <summary>The clock.</summary>
    Sleep = 13,

    /// <summary>Looks at capabilities without invoking them.</summary>
    Discrim = 14,

    /// <summary>Tells a service which capabilities are of its making.</summary>
    ProcessTool = 15,

    /// <summary>Authority over the machine's persistence.</summary>
    Checkpoint = 16,

    /// <summary>The lasting right to the terminal.</summary>
    ConsoleGrant = 17,

    /// <summary>The terminal, until sessions are closed or the machine is started again.</summary>
    /// <data>the boot epoch; the number of the sessions that are open</data>
    ConsoleSession = 18,

    /// <summary>Registers of a device at physical addresses, for one boot. A device that can write into memory makes
    /// this total authority over the machine.</summary>
    /// <data>the boot epoch; the number of frames, the OID is the first</data>
    DeviceMemory = 19,

    /// <summary>Ports of a device, for one boot. A device that can write into memory makes this total authority over
    /// the machine.</summary>
    /// <data>the boot epoch; the first port (low 16) and their number</data>
    IoPort = 20,

    /// <summary>An interrupt line of a device, for one boot.</summary>
    /// <data>the boot epoch; the line</data>
    Interrupt = 21,

    /// <summary>The lasting right to all devices of the machine.</summary>
    DeviceGrant = 22,

    /// <summary>The lasting right to promise the processor's time, and memory.</summary>
    ReserveGrant = 23,
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
