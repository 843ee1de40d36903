// Orders: what each kernel object is asked. Words are w1..w3, capabilities are arguments a0..a3, in and out.
// Every object answers TypeOf with its CapabilityType in w1. Unknown orders give UnknownOrder and change nothing.

namespace Eros.Kernel.Protocol;

/// <summary>Orders that every object knows.</summary>
public static class CommonOrder
{
    /// <summary>→ w1 the capability's type, w2 its rights, w3 its data.</summary>
    public const uint TypeOf = 0x8000_0000;
}

/// <summary>Number: 96 bits of value.</summary>
public static class NumberOrder
{
    /// <summary>→ w1 the low 64 bits, w2 the upper 32.</summary>
    public const uint Get = 1;
}

/// <summary>Page: 4096 bytes of data.</summary>
public static class PageOrder
{
    /// <summary>w1 rights to take away → a0 the reduced capability.</summary>
    public const uint Reduce = 1;

    /// <summary>Clears the page.</summary>
    public const uint Zero = 2;

    /// <summary>a0 another page → this page gets its contents.</summary>
    public const uint CopyFrom = 3;

    /// <summary>w1 offset, w2 length → the bytes as a string.</summary>
    public const uint Read = 4;

    /// <summary>w1 offset, string → stored there.</summary>
    public const uint Write = 5;

    /// <summary>w1 a guard value → a0 the page's capability with that guard, to stand in a space.</summary>
    public const uint WithGuard = 6;
}

/// <summary>Node of any kind: 32 capabilities.</summary>
public static class NodeOrder
{
    /// <summary>w1 slot → a0.</summary>
    public const uint Fetch = 1;

    /// <summary>w1 slot, a0 → stored; a0 what was there.</summary>
    public const uint Swap = 2;

    /// <summary>w1 rights to take away → a0 the reduced node capability.</summary>
    public const uint Reduce = 3;

    /// <summary>Space nodes. w1 guard value, w2 rights to take away → a0 a space capability.</summary>
    public const uint MakeSpace = 4;

    /// <summary>a0 another node → all slots become copies.</summary>
    public const uint CopyFrom = 5;

    /// <summary>All slots become void.</summary>
    public const uint Clear = 6;

    /// <summary>w1 flags (NodeFlags that fit the node's kind) → set.</summary>
    public const uint SetFlags = 7;

    /// <summary>Forwarder nodes. w1 → the payload word, for a target made by MakeOpenStart.</summary>
    public const uint SetWord = 8;

    /// <summary>Forwarder nodes. → a0 a forwarder capability (opaque: it can only be invoked).</summary>
    public const uint MakeForwarder = 9;

    /// <summary>→ w1 kind, w2 slot log2, w3 flags.</summary>
    public const uint Describe = 10;

    /// <summary>
    /// Space nodes. w1 guard value, w2 rights to take away → a0 the node's capability with that guard: addresses pass
    /// through it as through a space, and who may fetch it can change what is below.
    /// </summary>
    public const uint WithGuard = 11;

    /// <summary>
    /// Space nodes. w1 an offset → a0 what the last slot on the way to it holds, a1 the node of that slot, w1 the
    /// slot's number, w2 log2 of the bytes that it spans, w3 the type of a0. The way leads through nodes with guards
    /// that are no more opaque than the first; BadArgument for an offset beyond the node.
    /// </summary>
    public const uint Locate = 12;
}

/// <summary>Space: a node capability that only addresses pass through.</summary>
public static class SpaceOrder
{
    /// <summary>w1 rights to take away, w2 guard value → a0 the reduced capability.</summary>
    public const uint Reduce = 1;
}

/// <summary>The four capabilities of a process beside its registers.</summary>
public static class ProcessSlot
{
    public const uint Schedule = 0;
    public const uint Keeper = 1;
    public const uint Space = 2;
    public const uint Brand = 3;
}

/// <summary>Process: total authority over one process.</summary>
public static class ProcessOrder
{
    /// <summary>w1 capability register 1..31 → a0.</summary>
    public const uint FetchRegister = 1;

    /// <summary>w1 capability register 1..31, a0 → stored; a0 what was there.</summary>
    public const uint SwapRegister = 2;

    /// <summary>w1 a ProcessSlot → a0. The brand is not given out (NoAccess).</summary>
    public const uint FetchSlot = 3;

    /// <summary>w1 a ProcessSlot, a0 → stored; a0 what was there (void for the brand).</summary>
    public const uint SwapSlot = 4;

    /// <summary>→ string: bytes 64..223 of the process frame (general registers, rip, rflags, fs and gs
    /// base).</summary>
    public const uint ReadRegisters = 5;

    /// <summary>String as from ReadRegisters → set. BadArgument for an rip that is not canonical; rflags are
    /// masked.</summary>
    public const uint WriteRegisters = 6;

    /// <summary>w1 payload → a0 a start capability.</summary>
    public const uint MakeStart = 7;

    /// <summary>w1 mask (32 bits) → a0 a notification capability that sets those bits.</summary>
    public const uint MakeNotification = 8;

    /// <summary>→ a0 a fault-resume capability for the process as it stands (Waiting or Faulted).</summary>
    public const uint MakeFaultResume = 9;

    /// <summary>Makes it run from its rip, whatever it was doing; pending faults are cleared.</summary>
    public const uint Run = 10;

    /// <summary>Makes it Available; what it waited for is rescinded.</summary>
    public const uint MakeAvailable = 11;

    /// <summary>→ w1 run state, w2 fault code, w3 fault address.</summary>
    public const uint Describe = 12;

    /// <summary>As MakeStart, but a forwarder that leads to it puts its own word in the payload's place. With any
    /// other start capability the payload stays: else whoever has a forwarder could forge it.</summary>
    public const uint MakeOpenStart = 13;
}

/// <summary>Forwarder orders are its target's; resume and fault-resume take a result as order.</summary>
public static class FaultResumeOrder
{
    /// <summary>The fault is mended: the process runs on and repeats the instruction. Any other order: the process's
    /// own keeper is told, or it stays Faulted.</summary>
    public const uint Retry = 0;
}

/// <summary>Range: authority over home frames, held by the space bank alone.</summary>
public static class RangeOrder
{
    /// <summary>→ w1 frames in the range.</summary>
    public const uint Query = 1;

    /// <summary>w1 frame within the range, w2 a RangeKind, w3 node's index in its pot (low 8) and slot log2 (next 8) →
    /// a0. What was there is rescinded; the frame is retyped if need be, which rescinds every object of the
    /// frame.</summary>
    public const uint Create = 2;

    /// <summary>w1 frame, w2 index → the object's capabilities are void everywhere; its storage is cleared.</summary>
    public const uint Rescind = 3;

    /// <summary>a0 an object → w1 frame within the range, w2 index, w3 its capability's type (low 8) and rights (next
    /// 8);
    /// BadArgument when it is not of this range. The object is not invoked: a bank may ask about anything.</summary>
    public const uint Identify = 4;

    /// <summary>w1 frame, w2 index → a0 a capability for the object as it stands, w1 its RangeKind.</summary>
    public const uint Get = 5;
}

/// <summary>What a range is asked to create.</summary>
public static class RangeKind
{
    public const uint Page = 1;
    public const uint PlainNode = 2;
    public const uint SpaceNode = 3;
    public const uint ForwarderNode = 4;
    public const uint Process = 5;
}

/// <summary>Sleep: the clock. Times are nanoseconds since the volume was made, and never run backwards.</summary>
public static class SleepOrder
{
    /// <summary>w1 nanoseconds → Ok when they have passed, Restarted after a restart.</summary>
    public const uint For = 1;

    /// <summary>w1 time → Ok when it has come, Restarted after a restart.</summary>
    public const uint Until = 2;

    /// <summary>→ w1 the time now.</summary>
    public const uint Now = 3;

    /// <summary>→ Restarted, after the next restart.</summary>
    public const uint UntilRestart = 4;
}

/// <summary>What Discrim sees of a capability. What passes messages on, and all kernel objects but those named here,
/// are one class: nobody learns whether the kernel or a domain answers.</summary>
public static class DiscrimClass
{
    /// <summary>Nothing, or something that is gone.</summary>
    public const uint Void = 0;
    public const uint Number = 1;
    public const uint Page = 2;
    public const uint Node = 3;
    public const uint Space = 4;
    public const uint Schedule = 5;

    /// <summary>The right to answer: resume or fault-resume.</summary>
    public const uint Resume = 6;
    public const uint Other = 7;
}

/// <summary>How two capabilities compare.</summary>
public static class DiscrimComparison
{
    public const uint Different = 0;

    /// <summary>Both are of one page, node or process, with other rights, types or data.</summary>
    public const uint SameObject = 1;

    /// <summary>Bit for bit.</summary>
    public const uint Same = 2;
}

/// <summary>Discrim: looks at capabilities without invoking them. One that is gone is void to it.</summary>
public static class DiscrimOrder
{
    /// <summary>a0 → w1 a DiscrimClass, w2 the rights that a page, node or space lacks.</summary>
    public const uint Classify = 1;

    /// <summary>a0 → w1 1 when nothing can be passed on or told through it: void, number, discrim, a page that is
    /// read-only or weak, a node or space that is read-only, weak and no-call; 0 for all else.</summary>
    public const uint VerifyDiscreet = 2;

    /// <summary>a0, a1 → w1 a DiscrimComparison.</summary>
    public const uint Compare = 3;
}

/// <summary>Process tool: the only way to ask "is this one of mine?". A brand is the capability in a process's brand
/// slot, which nobody reads; who can show it amplifies.</summary>
public static class ProcessToolOrder
{
    /// <summary>a0 a start capability, a1 the brand of its process → a0 the process's capability, w1 the payload.
    /// NoAccess for everything else.</summary>
    public const uint AmplifyStart = 1;

    /// <summary>a0 a space capability or opaque node whose keeper is a start capability of a process with brand a1 →
    /// a0 the node's capability, which lacks what a0 does, but for opaque. NoAccess for everything else.</summary>
    public const uint AmplifySpace = 2;

    /// <summary>a0 a forwarder that leads to a start capability made by MakeOpenStart, of a process with brand a1 → a0
    /// the forwarder's node with all rights, w1 its word. NoAccess for everything else.</summary>
    public const uint AmplifyForwarder = 3;

    /// <summary>a0, a1 → w1 1 when both are start capabilities of processes with the same brand; else 0.</summary>
    public const uint SameBrand = 4;
}

/// <summary>Checkpoint: authority over the machine's persistence.</summary>
public static class CheckpointOrder
{
    /// <summary>Asks for a snapshot → w1 the generation that will hold this very call as finished.</summary>
    public const uint Take = 1;

    /// <summary>w1 a generation → Ok when it is committed, or a later one is. NotDurable when that can't be.</summary>
    public const uint WaitCommitted = 2;

    /// <summary>w1 a generation → Ok when it is migrated home.</summary>
    public const uint WaitMigrated = 3;

    /// <summary>→ w1 the newest committed generation, w2 the working one, w3 the interval in ms.</summary>
    public const uint Generation = 4;

    /// <summary>→ string: the kernel's counters (KernelCounters).</summary>
    public const uint Counters = 5;

    /// <summary>Stops the machine as it stands (the last committed checkpoint is what a restart sees).</summary>
    public const uint PowerOff = 6;

    /// <summary>w1 milliseconds between checkpoints (0: none but on request).</summary>
    public const uint SetInterval = 7;

    /// <summary>
    /// A page that may be written → Ok when its contents, as they are now or later, are what a restart comes back to,
    /// at once and not with the next checkpoint. NotInCheckpoint: the newest one has no such page, or another owner's.
    /// NotDurable when the disk refuses.
    /// </summary>
    public const uint JournalPage = 8;

    /// <summary>A result of <see cref="JournalPage"/>: take a checkpoint instead.</summary>
    public const uint NotInCheckpoint = 1;
}

/// <summary>Console grant: persistent, held by the session agent; makes sessions, which die at a restart.</summary>
public static class ConsoleGrantOrder
{
    /// <summary>→ a0 a session capability of this boot.</summary>
    public const uint OpenSession = 1;
}

/// <summary>Console session: the terminal, for this boot.</summary>
public static class ConsoleSessionOrder
{
    /// <summary>String → written.</summary>
    public const uint Write = 1;

    /// <summary>→ string: what was typed, at once and perhaps empty.</summary>
    public const uint Read = 2;

    /// <summary>a0 a notification capability, invoked whenever something is typed after a Read emptied the
    /// input.</summary>
    public const uint Listen = 3;
}
