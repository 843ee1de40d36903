using System.Collections.Generic;
using System.Linq;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>What a capability names.</summary>
internal enum Found
{
    /// <summary>Nothing, or no more.</summary>
    Nothing = 0,
    Object,

    /// <summary>A frame that is on the disk only.</summary>
    Absent,
}

/// <summary>All that a machine holds, as plain objects; and who of its processes does what.</summary>
internal sealed class ModelWorld
{
    private const uint LastVersion = uint.MaxValue;
    private const uint LastProcessVersion = 0xF000_0000;
    private const int CallCountShift = 32;

    private readonly Dictionary<ulong, ModelFrame> _frames = [];
    private readonly List<ModelFrame> _touched = [];
    private readonly ulong _homeFrames;

    public ModelWorld(ulong homeFrames)
    {
        _homeFrames = homeFrames;
        Space = new ModelSpace(this);
        Strings = new ModelStrings(this);
        Calls = new ModelCalls(this);
        Faults = new ModelFaults(this);
        Console = new ModelConsole(this);
        Devices = new ModelDevices(this);
        Reserves = new ModelReserves(this);
    }

    public ModelSpace Space { get; }

    public ModelStrings Strings { get; }

    public ModelCalls Calls { get; }

    public ModelFaults Faults { get; }

    public ModelConsole Console { get; }

    public ModelDevices Devices { get; }

    public IReadOnlyCollection<ModelFrame> Frames => _frames.Values;

    /// <summary>Changed since the last <see cref="ForgetTouched"/>.</summary>
    public IReadOnlyList<ModelFrame> Touched => _touched;

    /// <summary>The process on the processor.</summary>
    public ModelFrame? Current { get; set; }

    public ulong Now { get; set; }

    public ModelReserves Reserves { get; }

    /// <summary>Times that the reserve of a process ended while that was on the disk only.</summary>
    public long RingsLost { get; private set; }

    public ulong BootEpoch { get; set; }

    /// <summary>Frames that may be pinned in this machine's memory.</summary>
    public uint PinLimit { get; set; }

    public uint PinnedFrames => (uint)_frames.Values.Count(frame => frame.IsPinned);

    // ---- what the checkpoint capability tells

    public ulong Working { get; set; } = 1;

    public ulong Committed { get; set; }

    public ulong Settled { get; set; }

    public uint IntervalMs { get; set; } = Limits.CheckpointIntervalMs;

    /// <summary>The bytes that the counters have now: no model of them is wanted.</summary>
    public byte[] Counters { get; set; } = [];

    public ModelFrame? Frame(ulong number) => _frames.GetValueOrDefault(number);

    public ModelFrame Enter(ulong number, FrameKind kind, uint version)
    {
        var frame = new ModelFrame(number) { Kind = kind, Version = version };
        frame.Clear(0);
        _frames.Add(number, frame);
        Touch(frame);
        return frame;
    }

    /// <summary>
    /// What a restart finds that comes back to this world: its objects, and its processes, all of which wait for their
    /// turn as if most urgent. Sessions, devices and times belong to the new life.
    /// </summary>
    public ModelWorld Restarted(ulong bootEpoch, ulong generation, ulong now)
    {
        var world = new ModelWorld(_homeFrames)
        {
            BootEpoch = bootEpoch,
            Now = now,
            Committed = generation,
            Working = generation + 1,
            Settled = generation - 1,
        };
        foreach (ModelFrame frame in _frames.Values)
        {
            ModelFrame copy = frame.Copy();
            copy.IsRestarted = copy.State != ActivityState.Free;
            copy.State = copy.IsRestarted ? ActivityState.Ready : ActivityState.Free;
            copy.Ring = Limits.Priorities - 1;
            copy.Unreadable = null;
            copy.Version = copy.Kind == FrameKind.Pot ? Highest(copy) : copy.Version;
            world._frames.Add(copy.Number, copy);
        }

        return world;
    }

    /// <summary>A frame that has left is in memory again, as it was.</summary>
    public void Return(ModelFrame frame)
    {
        frame.IsOut = false;
        frame.Version = frame.Kind == FrameKind.Pot ? Highest(frame) : frame.Version;
        Touch(frame);
    }

    public bool IsAbsent(ulong frame) =>
        frame < _homeFrames && (!_frames.TryGetValue(frame, out ModelFrame? known) || known.IsOut);

    /// <summary>Says that a frame is about to change.</summary>
    public ModelFrame Touch(ModelFrame frame)
    {
        if (!frame.IsTouched)
        {
            frame.IsTouched = true;
            _touched.Add(frame);
        }

        return frame;
    }

    public void ForgetTouched()
    {
        foreach (ModelFrame frame in _touched)
        {
            frame.IsTouched = false;
        }

        _touched.Clear();
    }

    /// <summary>The frame of the object that a capability names, if it is still that one.</summary>
    public Found Find(in Capability capability, out ModelFrame? frame)
    {
        frame = null;
        Oid oid = capability.Oid;
        if (oid.Volume != 0)
        {
            return Found.Nothing;
        }

        if (IsAbsent(oid.Frame))
        {
            return Found.Absent;
        }

        if (!_frames.TryGetValue(oid.Frame, out frame))
        {
            return Found.Nothing;
        }

        return Names(capability, frame) ? Found.Object : Found.Nothing;
    }

    private static bool Names(in Capability capability, ModelFrame frame)
    {
        int index = capability.Oid.Index;
        switch (capability.Type)
        {
            case CapabilityType.Page:
                return frame.Kind == FrameKind.Page && index == 0 && capability.Version == frame.Version;
            case CapabilityType.Node or CapabilityType.Space or CapabilityType.Forwarder:
                if (frame.Kind != FrameKind.Pot || index >= NodePot.NodeCount)
                {
                    return false;
                }

                ref Node node = ref frame.Nodes[index];
                return node.Version == capability.Version
                    && (capability.Type != CapabilityType.Space || node.Kind == NodeKind.Space)
                    && (capability.Type != CapabilityType.Forwarder || node.Kind == NodeKind.Forwarder);
            case CapabilityType.Process or CapabilityType.Start or CapabilityType.Notification:
                return frame.Kind == FrameKind.Process && index == 0 && capability.Version == frame.Version;
            case CapabilityType.Resume or CapabilityType.FaultResume:
                return frame.Kind == FrameKind.Process && index == 0 && capability.Count == frame.Process.CallCount;
            default:
                return false;
        }
    }

    // ---- lives of objects (V1 to V4)

    /// <summary>The version that a new object of that kind and place would have; null when they are used up.</summary>
    public static uint? VersionAfter(ModelFrame frame, FrameKind kind, int index)
    {
        bool isProcess = kind == FrameKind.Process;
        uint version = frame.Kind == kind && !isProcess ? frame.VersionOf(index) : Highest(frame);
        return version >= (isProcess ? LastProcessVersion : LastVersion) - 1 ? null : version + 1;
    }

    public void Create(ModelFrame frame, FrameKind kind, int index, NodeKind nodeKind, byte slotLog2)
    {
        Touch(frame);
        if (frame.Kind == kind)
        {
            End(frame, index);
            Rescind(frame, index);
        }
        else
        {
            for (ulong i = 0; frame.Has(i); i++)
            {
                End(frame, (int)i);
            }

            Retype(frame, kind);
        }

        if (kind == FrameKind.Pot)
        {
            frame.Nodes[index].Kind = nodeKind;
            frame.Nodes[index].SlotLog2 = slotLog2;
        }
        else if (kind == FrameKind.Process)
        {
            int mxcsr = ProcessFrame.VectorStateOffset + ProcessFrame.MxcsrOffset;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(
                frame.Bytes[mxcsr..], ProcessFrame.InitialMxcsr);
        }
    }

    public void Destroy(ModelFrame frame, int index)
    {
        Touch(frame);
        End(frame, index);
        Rescind(frame, index);
        if (frame.Kind == FrameKind.Process && Highest(frame) < LastVersion - 1)
        {
            Retype(frame, FrameKind.Free);
        }
    }

    /// <summary>The object goes on under another version.</summary>
    public void Sever(ModelFrame frame, int index)
    {
        Touch(frame);
        End(frame, index);
        frame.IsPinned = false;
        if (frame.Kind == FrameKind.Pot)
        {
            frame.Nodes[index].Version++;
        }
        else
        {
            frame.Version++;
        }
    }

    private static uint Highest(ModelFrame frame)
    {
        uint highest = frame.Kind == FrameKind.Pot ? 0 : frame.Version;
        highest = frame.Version > highest ? frame.Version : highest;
        if (frame.Kind == FrameKind.Pot)
        {
            foreach (ref Node node in frame.Nodes)
            {
                highest = node.Version > highest ? node.Version : highest;
            }
        }
        else if (frame.Kind == FrameKind.Process)
        {
            uint calls = (uint)(frame.Process.CallCount >> CallCountShift);
            highest = calls > highest ? calls : highest;
        }

        return highest;
    }

    /// <summary>Whoever waits for the object tries again, and will find nothing.</summary>
    private void End(ModelFrame frame, int index)
    {
        if (frame.Kind == FrameKind.Process)
        {
            Detach(frame);
            Wake(StallReason.Available, frame.Number);
        }
        else
        {
            Wake(StallReason.Gate, Oid.Of(frame.Number, index).Value);
        }
    }

    private static void Rescind(ModelFrame frame, int index)
    {
        frame.IsPinned = false;
        if (frame.Kind == FrameKind.Pot)
        {
            ref Node node = ref frame.Nodes[index];
            uint version = node.Version == LastVersion ? LastVersion : node.Version + 1;
            node = default;
            node.Version = version;
            return;
        }

        ulong calls = frame.Kind == FrameKind.Process ? frame.Process.CallCount + 1 : 0;
        frame.Version = frame.Version == LastVersion ? LastVersion : frame.Version + 1;
        frame.Clear(calls);
    }

    private static void Retype(ModelFrame frame, FrameKind kind)
    {
        frame.IsPinned = false;
        frame.Version = Highest(frame) + 1;
        frame.Kind = kind;
        frame.Clear((ulong)frame.Version << CallCountShift);
    }

    // ---- who does what

    public int RingOf(ModelFrame process) => Reserves.RingOf(process.Process.Schedule);

    /// <summary>The schedule of a process, or what it stands for, has changed.</summary>
    public void FindRing(ModelFrame process)
    {
        int ring = RingOf(process);
        if (process.State == ActivityState.Ready && process.Ring != ring)
        {
            Reserves.Begin(ring);
        }

        process.Ring = process.State == ActivityState.Free ? process.Ring : ring;
    }

    /// <summary>The reserve of a process that is on the disk only has ended. What its schedule is worth now is seen
    /// when its turn comes: that is to be soon.</summary>
    public void LoseRing(ModelFrame process)
    {
        process.Ring = Limits.Priorities - 1;
        RingsLost++;
    }

    /// <summary>The process has become Running, and gets its turn.</summary>
    public void Start(ModelFrame process)
    {
        Renew(process);
        MakeReady(process);
    }

    private void Renew(ModelFrame process)
    {
        process.Ring = RingOf(process);
        process.Unreadable = null;
        process.IsRestarted = false;
    }

    /// <summary>The process takes the place on the processor that another gives up.</summary>
    public void Hand(ModelFrame process)
    {
        Current!.State = ActivityState.Free;
        Renew(process);
        process.State = ActivityState.Running;
        Current = process;
    }

    public void Drop()
    {
        Current!.State = ActivityState.Free;
        Current = null;
    }

    public void Requeue()
    {
        MakeReady(Current!);
        Current = null;
    }

    /// <summary>Who was preempted waits for the rest of its turn.</summary>
    public void PutBack()
    {
        Current!.State = ActivityState.Ready;
        Current = null;
    }

    private void MakeReady(ModelFrame process)
    {
        Reserves.Begin(process.Ring);
        process.State = ActivityState.Ready;
    }

    public void Stall(StallReason reason, ulong key)
    {
        Current!.State = ActivityState.Stalled;
        Current.Reason = reason;
        Current.Key = key;
        Current = null;
    }

    public void Sleep(ModelFrame process, ulong until)
    {
        Touch(process);
        process.Process.RunState = RunState.KernelWait;
        process.Process.WaitsFor = (ulong)CapabilityType.Sleep;
        if (process == Current)
        {
            Current = null;
        }
        else
        {
            Renew(process);
        }

        process.State = ActivityState.Sleeping;
        process.Key = until;
    }

    public void Detach(ModelFrame process)
    {
        process.State = ActivityState.Free;
        Current = Current == process ? null : Current;
    }

    public void Wake(StallReason reason, ulong key = 0)
    {
        foreach (ModelFrame frame in _frames.Values)
        {
            if (frame.State == ActivityState.Stalled && frame.Reason == reason && frame.Key == key)
            {
                MakeReady(frame);
                frame.Unreadable = null;
            }
        }
    }

    /// <summary>The load of a frame has ended.</summary>
    public void Loaded(ulong number, bool isGood)
    {
        foreach (ModelFrame frame in _frames.Values)
        {
            if (frame.State == ActivityState.Stalled && frame.Reason == StallReason.Load && frame.Key == number)
            {
                MakeReady(frame);
                frame.Unreadable = isGood ? null : number;
            }
        }
    }

    /// <summary>Time has come for some.</summary>
    public void Pass(ulong now)
    {
        Reserves.Pass(now - Now, now);
        Now = now;
        foreach (ModelFrame frame in _frames.Values)
        {
            if (frame.State == ActivityState.Sleeping && frame.Key <= now && frame.Key != ulong.MaxValue)
            {
                MakeReady(frame);
            }
        }
    }

    public void BecomeAvailable(ModelFrame process)
    {
        Touch(process);
        process.Process.RunState = RunState.Available;
        if (process.Process.Notifications != 0)
        {
            ModelCalls.DeliverNotifications(process);
            Start(process);
            return;
        }

        Wake(StallReason.Available, process.Number);
    }

    /// <summary>True when the process runs because of it, and has no turn yet.</summary>
    public bool Notify(ModelFrame process, uint bits)
    {
        Touch(process).Process.Notifications |= bits;
        if (process.Process.RunState != RunState.Available || bits == 0)
        {
            return false;
        }

        ModelCalls.DeliverNotifications(process);
        return true;
    }
}
