// Orders: what each kernel object is asked. Words are w1..w3, capabilities are arguments a0..a3, in and out.
// Every object answers TypeOf with its CapabilityType in w1. Unknown orders give UnknownOrder and change nothing.
//
// The comments are the source of docs/capabilities.md, which `./eros docs` writes. Beside the summary they have
//   in      what the order takes                out     what comes back with Ok
//   fails   "Result: when", each other result   waits   what outside the kernel's power is waited for
// A test holds them to what the kernel does.

namespace Eros.Kernel.Protocol;

/// <summary>Orders that every object knows.</summary>
public static class CommonOrder
{
    /// <summary>Says what capability was invoked.</summary>
    /// <out>w1 its CapabilityType, w2 its rights, w3 its data</out>
    public const uint TypeOf = 0x8000_0000;
}

/// <summary>96 bits of value.</summary>
public static class NumberOrder
{
    /// <summary>The value.</summary>
    /// <out>w1 the low 64 bits, w2 the upper 32</out>
    public const uint Get = 1;
}

/// <summary>4096 bytes of data.</summary>
public static class PageOrder
{
    /// <summary>The same with less to it.</summary>
    /// <in>w1 rights to take away</in>
    /// <out>a0 the reduced capability</out>
    /// <fails>BadArgument: w1 is no rights that memory has.</fails>
    public const uint Reduce = 1;

    /// <summary>Clears the page.</summary>
    /// <fails>NoAccess: read-only or weak.</fails>
    public const uint Zero = 2;

    /// <summary>This page gets the contents of another.</summary>
    /// <in>a0 the other page</in>
    /// <fails>NoAccess: read-only or weak. BadArgument: a0 is no page, or gone.</fails>
    public const uint CopyFrom = 3;

    /// <summary>Reads bytes.</summary>
    /// <in>w1 offset, w2 length</in>
    /// <out>string the bytes</out>
    /// <fails>BadArgument: beyond the page's end.</fails>
    public const uint Read = 4;

    /// <summary>Writes bytes.</summary>
    /// <in>w1 offset, string the bytes</in>
    /// <fails>NoAccess: read-only or weak. BadArgument: beyond the page's end.</fails>
    public const uint Write = 5;

    /// <summary>The page with a guard, to stand in a space.</summary>
    /// <in>w1 a guard value</in>
    /// <out>a0 the page's capability with that guard</out>
    /// <fails>BadArgument: the guard is not of a page's size.</fails>
    public const uint WithGuard = 6;
}

/// <summary>32 capabilities; a node of any kind. What is fetched or stored through a weak capability is weakened on the
/// way.</summary>
public static class NodeOrder
{
    /// <summary>Reads a slot.</summary>
    /// <in>w1 slot</in>
    /// <out>a0 what it holds</out>
    /// <fails>NoAccess: opaque. BadArgument: there is no such slot.</fails>
    public const uint Fetch = 1;

    /// <summary>Stores into a slot.</summary>
    /// <in>w1 slot, a0 what is stored</in>
    /// <out>a0 what was there</out>
    /// <fails>NoAccess: read-only or opaque. BadArgument: there is no such slot.</fails>
    public const uint Swap = 2;

    /// <summary>The same with less to it.</summary>
    /// <in>w1 rights to take away</in>
    /// <out>a0 the reduced node capability</out>
    /// <fails>BadArgument: w1 is no rights that memory has.</fails>
    public const uint Reduce = 3;

    /// <summary>Space nodes: a capability that only addresses pass through.</summary>
    /// <in>w1 guard value, w2 rights to take away</in>
    /// <out>a0 a space capability</out>
    /// <fails>BadArgument: not a space node; the guard is not of its size; w2 is no rights that memory has.</fails>
    public const uint MakeSpace = 4;

    /// <summary>All slots become copies of another node's.</summary>
    /// <in>a0 the other node</in>
    /// <fails>NoAccess: read-only or opaque, or a0 is opaque. BadArgument: a0 is no node, or gone.</fails>
    public const uint CopyFrom = 5;

    /// <summary>All slots become void.</summary>
    /// <fails>NoAccess: read-only or opaque.</fails>
    public const uint Clear = 6;

    /// <summary>Space nodes: whether the last slots are keeper and background. Forwarders: whether the gate is closed;
    /// opening it wakes whoever waits there.</summary>
    /// <in>w1 NodeFlags</in>
    /// <fails>NoAccess: read-only or opaque. BadArgument: flags that do not fit the node's kind.</fails>
    public const uint SetFlags = 7;

    /// <summary>Forwarders: sets the word that takes the payload's place, for a target made by MakeOpenStart.</summary>
    /// <in>w1 the word, 32 bits</in>
    /// <fails>NoAccess: read-only or opaque. BadArgument: not a forwarder, or more than 32 bits.</fails>
    public const uint SetWord = 8;

    /// <summary>Forwarders: a capability that can only be invoked.</summary>
    /// <out>a0 a forwarder capability</out>
    /// <fails>NoAccess: weak or opaque. BadArgument: not a forwarder.</fails>
    public const uint MakeForwarder = 9;

    /// <summary>What kind of node it is.</summary>
    /// <out>w1 NodeKind, w2 log2 of the bytes that a slot of a space node spans, w3 NodeFlags</out>
    public const uint Describe = 10;

    /// <summary>
    /// Space nodes: a node capability that may stand in a space. Addresses pass through it as through a space
    /// capability, and who may fetch it can change what is below.
    /// </summary>
    /// <in>w1 guard value, w2 rights to take away</in>
    /// <out>a0 the node's capability with that guard</out>
    /// <fails>BadArgument: not a space node; the guard is not of its size; w2 is no rights that memory has.</fails>
    public const uint WithGuard = 11;

    /// <summary>
    /// Space nodes: finds the last slot on the way to an offset. The way leads through nodes with guards that are no
    /// more opaque than the first.
    /// </summary>
    /// <in>w1 an offset</in>
    /// <out>a0 what the slot holds, a1 the slot's node, w1 the slot's number, w2 log2 of
    /// the bytes that it spans, w3 the type of a0</out>
    /// <fails>NoAccess: opaque. BadArgument: not a space node, or an offset beyond it.</fails>
    public const uint Locate = 12;
}

/// <summary>A node that only addresses pass through.</summary>
public static class SpaceOrder
{
    /// <summary>The same with less to it, or at another place of its slot.</summary>
    /// <in>w1 rights to take away, w2 guard value</in>
    /// <out>a0 the reduced capability</out>
    /// <fails>BadArgument: the guard is not of the node's size; w1 is no rights that memory has.</fails>
    public const uint Reduce = 1;
}

/// <summary>The four capabilities of a process beside its registers.</summary>
public static class ProcessSlot
{
    /// <summary>With which urgency it runs; without one it does not.</summary>
    public const uint Schedule = 0;

    /// <summary>Is told of its faults, where no keeper of its space has mended them.</summary>
    public const uint Keeper = 1;

    /// <summary>Its memory.</summary>
    public const uint Space = 2;

    /// <summary>By which its maker knows it again.</summary>
    public const uint Brand = 3;
}

/// <summary>Total authority over one process.</summary>
public static class ProcessOrder
{
    /// <summary>Reads a capability register.</summary>
    /// <in>w1 register 1..31</in>
    /// <out>a0 what it holds</out>
    /// <fails>BadArgument: there is no such register.</fails>
    public const uint FetchRegister = 1;

    /// <summary>Stores into a capability register.</summary>
    /// <in>w1 register 1..31, a0 what is stored</in>
    /// <out>a0 what was there</out>
    /// <fails>BadArgument: there is no such register.</fails>
    public const uint SwapRegister = 2;

    /// <summary>Reads a slot.</summary>
    /// <in>w1 a ProcessSlot</in>
    /// <out>a0 what it holds</out>
    /// <fails>BadArgument: there is no such slot. NoAccess: the brand is not given out.</fails>
    public const uint FetchSlot = 3;

    /// <summary>Stores into a slot.</summary>
    /// <in>w1 a ProcessSlot, a0 what is stored</in>
    /// <out>a0 what was there; void for the brand</out>
    /// <fails>BadArgument: there is no such slot.</fails>
    public const uint SwapSlot = 4;

    /// <summary>Reads bytes 64..223 of the process frame: general registers, rip, rflags, fs and gs base.</summary>
    /// <out>string the registers</out>
    public const uint ReadRegisters = 5;

    /// <summary>Sets the registers; rflags are masked.</summary>
    /// <in>string as from ReadRegisters</in>
    /// <fails>BadArgument: another length; rip, fs or gs base is not canonical.</fails>
    public const uint WriteRegisters = 6;

    /// <summary>Makes a start capability whose payload stays, whatever forwarders lead to it.</summary>
    /// <in>w1 payload</in>
    /// <out>a0 a start capability</out>
    /// <fails>BadArgument: more than 32 bits.</fails>
    public const uint MakeStart = 7;

    /// <summary>Makes a notification capability.</summary>
    /// <in>w1 the bits that it sets, 32 bits</in>
    /// <out>a0 a notification capability</out>
    /// <fails>BadArgument: more than 32 bits.</fails>
    public const uint MakeNotification = 8;

    /// <summary>The right to say what becomes of its fault.</summary>
    /// <out>a0 a fault-resume capability, for the process as it stands</out>
    /// <fails>BadArgument: it is neither Waiting nor Faulted.</fails>
    public const uint MakeFaultResume = 9;

    /// <summary>Makes it run from its rip, whatever it was doing; pending faults are cleared.</summary>
    public const uint Run = 10;

    /// <summary>Makes it Available; what it waited for is rescinded.</summary>
    public const uint MakeAvailable = 11;

    /// <summary>What it is doing.</summary>
    /// <out>w1 RunState, w2 FaultCode, w3 fault address</out>
    public const uint Describe = 12;

    /// <summary>As MakeStart, but a forwarder that leads to it puts its own word in the payload's place. With any
    /// other start capability the payload stays: else whoever has a forwarder could forge it.</summary>
    /// <in>w1 payload</in>
    /// <out>a0 a start capability</out>
    /// <fails>BadArgument: more than 32 bits.</fails>
    public const uint MakeOpenStart = 13;

    /// <summary>Reads its memory as it would itself; no keeper is called.</summary>
    /// <in>w1 address, w2 bytes, 4096 at most</in>
    /// <out>string the bytes, as far as there is memory from there on</out>
    /// <fails>BadArgument: more than 4096 bytes.</fails>
    public const uint ReadMemory = 14;
}

/// <summary>A keeper's right to say what becomes of a fault; it takes a result as order.</summary>
public static class FaultResumeOrder
{
    /// <summary>The fault is mended: the process runs on and repeats the instruction. Any other order: the process's
    /// own keeper is told, or it stays Faulted.</summary>
    public const uint Retry = 0;
}

/// <summary>Authority over home frames, held by the space bank alone.</summary>
public static class RangeOrder
{
    /// <summary>How large it is.</summary>
    /// <out>w1 frames in the range</out>
    public const uint Query = 1;

    /// <summary>Makes an object. What was there is rescinded; the frame is retyped if need be, which rescinds every
    /// object of the frame.</summary>
    /// <in>w1 frame within the range, w2 a RangeKind, w3 node's index in its pot (low 8) and slot log2 (next 8)</in>
    /// <out>a0 the object's capability with all rights</out>
    /// <fails>BadArgument: not in the range; no such kind, index or slot size. LimitReached: the frame's versions are
    /// used up, or there are as many processes as can be.</fails>
    public const uint Create = 2;

    /// <summary>Ends an object: its capabilities are void everywhere, its storage is cleared.</summary>
    /// <in>w1 frame within the range, w2 index</in>
    /// <fails>BadArgument: not in the range; no object there.</fails>
    public const uint Rescind = 3;

    /// <summary>Says where an object lies. The object is not invoked: a bank may ask about anything.</summary>
    /// <in>a0 an object</in>
    /// <out>w1 frame within the range, w2 index, w3 its capability's type (low 8) and rights (next 8)</out>
    /// <fails>BadArgument: a0 is not of this range, or gone.</fails>
    public const uint Identify = 4;

    /// <summary>A capability for an object as it stands.</summary>
    /// <in>w1 frame within the range, w2 index</in>
    /// <out>a0 the capability with all rights, w1 its RangeKind</out>
    /// <fails>BadArgument: not in the range; no object there. LimitReached: its versions are used up.</fails>
    public const uint Get = 5;

    /// <summary>Makes every capability for a page or node void but a new one. What is in it stays.</summary>
    /// <in>w1 frame within the range, w2 index</in>
    /// <out>a0 the new capability with all rights</out>
    /// <fails>BadArgument: not in the range; no page or node there. LimitReached: its versions are used up.</fails>
    public const uint Sever = 6;
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

/// <summary>The clock. Times are nanoseconds since the volume was made, and never run backwards.</summary>
public static class SleepOrder
{
    /// <summary>Waits for a time to pass.</summary>
    /// <in>w1 nanoseconds</in>
    /// <waits>until they have passed; Restarted after a restart</waits>
    public const uint For = 1;

    /// <summary>Waits for a time to come.</summary>
    /// <in>w1 time</in>
    /// <waits>until it has come; Restarted after a restart</waits>
    public const uint Until = 2;

    /// <summary>The time, and which boot it is of.</summary>
    /// <out>w1 the time now, w2 the boot epoch: 1 in a volume's first boot</out>
    public const uint Now = 3;

    /// <summary>Waits for the machine to be started again since a boot: none is missed, whatever a checkpoint finds the
    /// caller at.</summary>
    /// <in>w1 the boot epoch that the caller knows of</in>
    /// <waits>until the next restart, and not at all when it is another boot already; then Restarted</waits>
    /// <fails>Restarted: it is another boot.</fails>
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

/// <summary>Looks at capabilities without invoking them. One that is gone is void to it.</summary>
public static class DiscrimOrder
{
    /// <summary>What a capability is of.</summary>
    /// <in>a0 any capability</in>
    /// <out>w1 a DiscrimClass, w2 the rights that a page, node or space lacks</out>
    public const uint Classify = 1;

    /// <summary>Whether nothing can be changed and nobody told anything through a capability: void, number, discrim, a
    /// page that is read-only or weak, a node or space that is read-only, weak and no-call.</summary>
    /// <in>a0 any capability</in>
    /// <out>w1 1 if so, else 0</out>
    public const uint VerifyDiscreet = 2;

    /// <summary>Whether two capabilities are the same.</summary>
    /// <in>a0 and a1 any capabilities</in>
    /// <out>w1 a DiscrimComparison</out>
    public const uint Compare = 3;
}

/// <summary>The only way to ask "is this one of mine?". A brand is the capability in a process's brand slot, which
/// nobody reads; who can show it gets the full capability behind one that was given out.</summary>
public static class ProcessToolOrder
{
    /// <summary>From a start capability to its process.</summary>
    /// <in>a0 a start capability, a1 the brand of its process</in>
    /// <out>a0 the process's capability, w1 the payload</out>
    /// <fails>NoAccess: for everything else.</fails>
    public const uint AmplifyStart = 1;

    /// <summary>From a space to its node, for the node's keeper. The node lacks the rights that a0 lacks, but for
    /// opaque.</summary>
    /// <in>a0 a space capability or opaque node whose keeper is a start capability of a process with brand a1, a1 the
    /// brand</in>
    /// <out>a0 the node's capability</out>
    /// <fails>NoAccess: for everything else.</fails>
    public const uint AmplifySpace = 2;

    /// <summary>From a forwarder to its node with all rights.</summary>
    /// <in>a0 a forwarder to a start capability made by MakeOpenStart of a process with brand a1, a1 the brand</in>
    /// <out>a0 the node's capability, w1 its word</out>
    /// <fails>NoAccess: for everything else.</fails>
    public const uint AmplifyForwarder = 3;

    /// <summary>Whether two start capabilities are of processes with the same brand.</summary>
    /// <in>a0 and a1 start capabilities</in>
    /// <out>w1 1 if so, else 0</out>
    public const uint SameBrand = 4;
}

/// <summary>Authority over the machine's persistence.</summary>
public static class CheckpointOrder
{
    /// <summary>Asks for a snapshot.</summary>
    /// <out>w1 the generation that will hold this very call as finished</out>
    /// <fails>NotDurable: there is no disk, or it refuses.</fails>
    public const uint Take = 1;

    /// <summary>Waits for a checkpoint to be durable.</summary>
    /// <in>w1 a generation</in>
    /// <out>w1 the newest committed one</out>
    /// <waits>until it or a later one is committed</waits>
    /// <fails>BadArgument: it has not been begun. NotDurable: it can't be.</fails>
    public const uint WaitCommitted = 2;

    /// <summary>Waits for a checkpoint to be settled: the kernel has done all that comes with it, and journals
    /// pages.</summary>
    /// <in>w1 a generation</in>
    /// <out>w1 the newest settled one</out>
    /// <waits>until it or a later one is settled</waits>
    /// <fails>BadArgument: it has not been begun. NotDurable: it can't be.</fails>
    public const uint WaitSettled = 3;

    /// <summary>Where persistence stands.</summary>
    /// <out>w1 the newest committed generation, w2 the working one, w3 the interval in ms</out>
    public const uint Generation = 4;

    /// <summary>The kernel's counters.</summary>
    /// <out>string KernelCounters</out>
    public const uint Counters = 5;

    /// <summary>Stops the machine as it stands: the last committed checkpoint is what a restart sees. Does not
    /// answer.</summary>
    public const uint PowerOff = 6;

    /// <summary>How often checkpoints are made.</summary>
    /// <in>w1 milliseconds between checkpoints (0: none but on request)</in>
    /// <fails>BadArgument: too few, or more than 32 bits.</fails>
    public const uint SetInterval = 7;

    /// <summary>
    /// Makes one page durable: its contents, as they are now or later, are what a restart comes back to, at once and
    /// not with the next checkpoint.
    /// </summary>
    /// <in>a0 a page that may be written</in>
    /// <waits>until it is on the disk</waits>
    /// <fails>BadArgument: a0 is no such page, or gone. NotInCheckpoint: the newest checkpoint has no such page, or
    /// another owner's; take one instead. NotDurable: there is no disk, or it refuses.</fails>
    public const uint JournalPage = 8;
}

/// <summary>Results of checkpoint orders, beside the common ones.</summary>
public static class CheckpointResult
{
    /// <summary>The newest checkpoint has no such page, or another owner's: take one instead.</summary>
    public const uint NotInCheckpoint = 1;
}

/// <summary>
/// The lasting right to the terminal, held by the login agent; makes sessions, which die at a restart, at the
/// attention key (Ctrl-] of a serial terminal, Ctrl-Alt-Del of a keyboard), and when they are closed.
/// </summary>
public static class ConsoleGrantOrder
{
    /// <summary>Opens the terminal.</summary>
    /// <out>a0 a session capability of this boot</out>
    /// <fails>LimitReached: 2^32 sessions have been closed in this boot, or the volume was started as often.</fails>
    public const uint OpenSession = 1;

    /// <summary>Voids every session; what was typed and not read is dropped, and nobody listens any more.</summary>
    public const uint CloseSessions = 2;

    /// <summary>
    /// Sets who is told of the attention key. The key voids every session and drops what waits to be read or shown;
    /// no domain gets it as input. Nobody is told after a restart until this is asked again.
    /// </summary>
    /// <in>a0 a notification capability, or void for nobody</in>
    /// <fails>BadArgument: a0 is neither.</fails>
    public const uint ListenAttention = 3;
}

/// <summary>The terminal, until sessions are closed or the machine is started again.</summary>
public static class ConsoleSessionOrder
{
    /// <summary>Writes text.</summary>
    /// <in>string the text</in>
    /// <waits>for room</waits>
    public const uint Write = 1;

    /// <summary>Reads what was typed, at once and perhaps nothing.</summary>
    /// <out>string what was typed</out>
    public const uint Read = 2;

    /// <summary>Sets who is told of input: whenever something is typed after a Read emptied the input.</summary>
    /// <in>a0 a notification capability, or void for nobody</in>
    /// <fails>BadArgument: a0 is neither.</fails>
    public const uint Listen = 3;
}

/// <summary>
/// The lasting right to all devices of the machine. Without a unit that checks where devices write,
/// whoever may tell a device to is master of the machine: so this is for who is trusted with everything, and nothing
/// that it makes is ever discreet.
/// </summary>
public static class DeviceGrantOrder
{
    /// <summary>Opens ports.</summary>
    /// <in>w1 the first port, w2 their number, up to 65535</in>
    /// <out>a0 a port capability of this boot</out>
    /// <fails>BadArgument: there are no such ports. LimitReached: the volume was started 2^32 times.</fails>
    public const uint OpenPorts = 1;

    /// <summary>Opens registers in memory.</summary>
    /// <in>w1 a physical address, w2 bytes, both multiples of 4096</in>
    /// <out>a0 a device memory capability of this boot</out>
    /// <fails>BadArgument: not multiples; some of it is the machine's memory, or no address. LimitReached: the volume
    /// was started 2^32 times.</fails>
    public const uint OpenMemory = 2;

    /// <summary>Opens an interrupt line.</summary>
    /// <in>w1 the line: 0..15 of ISA, from 16 on inputs of the I/O APIC</in>
    /// <out>a0 an interrupt capability of this boot</out>
    /// <fails>BadArgument: there is no such line, or the kernel uses it. LimitReached: the volume was started 2^32
    /// times.</fails>
    public const uint OpenInterrupt = 3;
}

/// <summary>Ports of a device.</summary>
public static class IoPortOrder
{
    /// <summary>Reads a port.</summary>
    /// <in>w1 offset from the first port, w2 bytes: 1, 2 or 4</in>
    /// <out>w1 the value</out>
    /// <fails>BadArgument: beyond the range, or no such size.</fails>
    public const uint Read = 1;

    /// <summary>Writes a port.</summary>
    /// <in>w1 offset from the first port, w2 bytes: 1, 2 or 4, w3 the value, whose low bytes are written</in>
    /// <fails>BadArgument: beyond the range, or no such size.</fails>
    public const uint Write = 2;
}

/// <summary>Registers of a device at physical addresses. They cannot be mapped: pages of spaces are objects.</summary>
public static class DeviceMemoryOrder
{
    /// <summary>Reads a register.</summary>
    /// <in>w1 offset, w2 bytes: 1, 2, 4 or 8, of which the offset is a multiple</in>
    /// <out>w1 the value</out>
    /// <fails>BadArgument: beyond the range, no such size, or no multiple.</fails>
    public const uint Read = 1;

    /// <summary>Writes a register.</summary>
    /// <in>w1 offset, w2 bytes: 1, 2, 4 or 8, of which the offset is a multiple, w3 the value, whose low bytes are
    /// written</in>
    /// <fails>BadArgument: beyond the range, no such size, or no multiple.</fails>
    public const uint Write = 2;
}

/// <summary>One interrupt line.</summary>
public static class InterruptOrder
{
    /// <summary>Sets who is told of an interrupt. After each the line is closed until it is acknowledged.</summary>
    /// <in>a0 a notification capability, or void for nobody</in>
    /// <fails>BadArgument: a0 is neither. LimitReached: as many lines as can be are listened to.</fails>
    public const uint Listen = 1;

    /// <summary>Lets the line interrupt again. Whoever does so then looks at the device once more: what an edge said
    /// meanwhile is lost.</summary>
    public const uint Acknowledge = 2;
}

/// <summary>
/// The lasting right to promise the processor's time, and memory, held by the reserve manager. A reserve is gone after
/// a restart, until it is installed again; who has a schedule with it runs at the priority beside it meanwhile. What is
/// pinned stays so over a restart.
/// </summary>
public static class ReserveGrantOrder
{
    /// <summary>
    /// Installs a reserve: in each period, whoever has a schedule with it may run so long before all priorities. It
    /// takes the place of what the number stood for.
    /// </summary>
    /// <in>w1 the reserve's number, 0 to 15 (low 8), the priority beside it (next 8) and its version (upper 32), w2
    /// the period and w3 the time in each, in nanoseconds</in>
    /// <out>a0 a schedule capability with the reserve</out>
    /// <fails>BadArgument: no such number or priority; the period is not from 1 ms to 1 s; the time is less than 100 us
    /// or more than the period. LimitReached: all reserves would take more than 69 % together.</fails>
    public const uint Install = 1;

    /// <summary>Ends a reserve, if there is one of that number.</summary>
    /// <in>w1 the number</in>
    /// <fails>BadArgument: no such number.</fails>
    public const uint Remove = 2;

    /// <summary>What a reserve is, and what was used of it. A period of 0: none is installed.</summary>
    /// <in>w1 the number</in>
    /// <out>w1 the period, w2 the time in each, w3 the time that was used of it since it was installed, in
    /// nanoseconds</out>
    /// <fails>BadArgument: no such number.</fails>
    public const uint Describe = 3;

    /// <summary>
    /// Pins the frame that an object is in: once it is in memory it stays there, also after a restart, until this is
    /// taken back, or any object of the frame ends or is severed. The seven nodes of a frame share it. Where a machine
    /// has so much less memory that fewer frames may be pinned than are, none stays until they are few enough.
    /// </summary>
    /// <in>a0 an object</in>
    /// <out>w1 frames that are pinned, w2 the most that may be: a twentieth of memory</out>
    /// <fails>BadArgument: a0 names no object, or is gone. LimitReached: as many as may be are pinned.</fails>
    public const uint Pin = 4;

    /// <summary>Takes that back, whoever asked for it.</summary>
    /// <in>a0 an object of the frame</in>
    /// <out>w1 frames that are pinned, w2 the most that may be</out>
    /// <fails>BadArgument: a0 names no object, or is gone.</fails>
    public const uint Unpin = 5;
}
