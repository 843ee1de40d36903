// Kernel: everything that changes hangs off this one object, made at boot; nothing is static. So a test can make fifty.
//
// Entries from ring 3. The trap stubs have saved all registers of the process in its frame, the gate is closed once,
// and the entry stack is empty. Each entry runs to completion in bounded time; the stub then calls Scheduler.Dispatch,
// which does not return.
//   SystemCall   the SYSCALL instruction, after the fast path has declined and the vector state is saved
//   PageFault    #PF
//   Fault        every other exception, after the fast path has declined
// The scheduler enters activities through DomainRunner.
//
// All of it is a cache. What a restart needs is in the objects, in the store's log, and in the list of processes that
// have an activity.

using System.Runtime.CompilerServices;
using Eros.Kernel.Console;
using Eros.Kernel.Invocation;
using Eros.Kernel.Machine;
using Eros.Kernel.Objects;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel;

/// <summary>The kernel.</summary>
public sealed class Kernel
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Kernel(
        PhysicalMemory memory,
        FrameTable frames,
        AddressSpaces spaces,
        ActivityTable activities,
        Scheduler scheduler,
        Processor processor,
        Clock clock,
        Power power,
        Devices devices,
        Counters counters)
    {
        Memory = memory;
        Frames = frames;
        Spaces = spaces;
        Activities = activities;
        Scheduler = scheduler;
        State = processor.State;
        Processor = processor;
        Clock = clock;
        Power = power;
        Devices = devices;
        Counters = counters;
        Objects = spaces.Objects;
        Stalls = new StallQueues(Activities, Scheduler);
        Services = new Services(this);
        Terminal = new Terminal(Services, Stalls);
        Lines = new DeviceLines(devices, Services);
        Log = new KernelLog(Terminal, Services);
        Checkpoints = new CheckpointControl(Services);
        Invoker = new Invoker(this);
        FastTargets.Publish(this);
    }

    // ---- what it stands on
    public PhysicalMemory Memory { get; }

    public FrameTable Frames { get; }

    public AddressSpaces Spaces { get; }

    public ActivityTable Activities { get; }

    public Scheduler Scheduler { get; }

    public Processor Processor { get; }

    public ProcessorState State { get; }

    public Clock Clock { get; }

    public Power Power { get; }

    public Devices Devices { get; }

    public Counters Counters { get; }

    // ---- its own
    public ObjectTable Objects { get; }

    public StallQueues Stalls { get; }

    public Invoker Invoker { get; }

    public Services Services { get; }

    public Terminal Terminal { get; }

    public DeviceLines Lines { get; }

    public KernelLog Log { get; }

    public CheckpointControl Checkpoints { get; }

    /// <summary>The current process invokes a capability; its registers say which.</summary>
    public void SystemCall()
    {
        int process = ProcessControl.Current(this);
        if (Invoker.Run(process, out ulong address) == Verdict.SenderFault)
        {
            Objects.Process(process).Rip -= InvocationWord.InstructionBytes;
            Faults.PageFault(this, process, address, Access.Read);
        }
    }

    /// <summary>The current process has no page, or not the right, at an address.</summary>
    public void PageFault(ulong address, Access access) =>
        Faults.PageFault(this, ProcessControl.Current(this), address, access);

    /// <summary>The current process did what it cannot do. Its keeper is told.</summary>
    public void Fault(FaultCode code, ulong address, ulong info) =>
        Faults.Raise(this, ProcessControl.Current(this), code, address, info);

    /// <summary>A step of ageing: of up to so many entries, one is watched for its next use, or leaves memory. Returns
    /// how many the hand has passed, at least one.</summary>
    public int Age(int entries)
    {
        int left = entries;
        int entry = Frames.FindLeaver(ref left, out bool leaves);
        if (leaves)
        {
            Spaces.FrameGone(entry);
            Frames.Remove(entry);
        }
        else if (entry != FrameTable.None)
        {
            Spaces.Watch(entry);
        }

        return entries - left;
    }

    /// <summary>Tells the listeners of terminal and interrupt lines that must be told; for the pager. Absent: <paramref
    /// name="frame"/> must be loaded first; NoSpace, NoMemory: there is no room to dirty the listener. One whose frame
    /// is <paramref name="unreadable"/> counts as told, for others wait: at the next key, or interrupt, it is tried
    /// again.</summary>
    public Outcome TellListener(out ulong frame, ulong unreadable = ulong.MaxValue)
    {
        frame = 0;
        while (Terminal.MustTell || Lines.MustTell)
        {
            bool isTerminal = Terminal.MustTell;
            Capability listener = isTerminal ? Terminal.Due : Lines.Due;
            frame = listener.Oid.Frame;
            Outcome outcome = Objects.Find(listener, out int process);
            if (outcome == Outcome.Ok)
            {
                outcome = Frames.MakeDirty(process);
            }

            if (outcome is not (Outcome.Ok or Outcome.NoObject) && frame != unreadable)
            {
                return outcome;
            }

            if (isTerminal)
            {
                Terminal.Told(isHeard: outcome is Outcome.Ok or Outcome.NoObject);
            }
            else
            {
                Lines.Told();
            }

            if (outcome == Outcome.Ok && ProcessControl.Notify(this, process, listener.Data))
            {
                ProcessControl.Start(this, process);
            }
        }

        return Outcome.Ok;
    }
}
