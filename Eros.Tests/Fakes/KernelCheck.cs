using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Eros.Kernel;
using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fakes;

/// <summary>An invariant that a whole machine has broken.</summary>
public sealed class BrokenInvariantException(string what) : Exception(what);

/// <summary>The invariants A1, A3, F1, F2, P1 and P3, and those of address spaces, looked up in a whole simulated
/// machine.</summary>
public static class KernelCheck
{
    /// <exception cref="BrokenInvariantException">One does not hold.</exception>
    public static void Check(SimulatedMachine machine, string when)
    {
        var activityOf = new Dictionary<ulong, int>();
        for (int i = 0; i < Limits.Processes; i++)
        {
            ref Activity activity = ref machine.Kernel.Activities[i];
            bool isFree = activity.State == ActivityState.Free;
            if (!isFree && !activityOf.TryAdd(activity.Frame, i))
            {
                throw Broken($"A1, two activities for frame {activity.Frame}", when);
            }
        }

        if (activityOf.Count != machine.Kernel.Activities.Count)
        {
            throw Broken($"{activityOf.Count} activities, {machine.Kernel.Activities.Count} counted", when);
        }

        for (int entry = 0; entry < machine.Frames.Capacity; entry++)
        {
            ulong frame = machine.Frames[entry].Frame;
            if (machine.Frames[entry].Kind == FrameKind.Process && machine.Frames.Find(frame) == entry)
            {
                CheckProcess(machine, entry, activityOf, when);
            }
        }

        if (activityOf.Count != 0)
        {
            throw Broken($"A1, {activityOf.Count} activities of no process", when);
        }

        CheckReserves(machine, when);
        CheckSpaces(machine, when);
        for (int i = 0; i < FastTargets.Lines; i++)
        {
            ref FastTarget line = ref machine.Kernel.Spaces.Targets[i];
            bool isUsed = new Capability(line.Start, 0).Type == CapabilityType.Start;
            if ((isUsed && !IsRightProcess(machine, in line)) || !IsRightForwarder(machine, in line))
            {
                throw Broken($"F1 or F2, line {i}", when);
            }
        }
    }

    private static void CheckReserves(SimulatedMachine machine, string when)
    {
        Reserves reserves = machine.Kernel.Scheduler.Reserves;
        int running = reserves.Running;
        int current = machine.Kernel.Scheduler.Current;
        if (running != Reserves.None
            && (current == ActivityTable.None
                || machine.Kernel.Activities[current].Ring != running
                || reserves[running - Limits.Priorities].LeftNs <= 0))
        {
            throw Broken($"Q5, ring {running}", when);
        }

        uint share = 0;
        for (int i = 0; i < Limits.Reserves; i++)
        {
            share += reserves[i].Share;
        }

        if (share != reserves.Share || share > Limits.ReservedShare)
        {
            throw Broken($"Q6, {share} and {reserves.Share}", when);
        }
    }

    private static unsafe bool IsRightProcess(SimulatedMachine machine, in FastTarget line)
    {
        ref ProcessFrame frame = ref *(ProcessFrame*)line.Frame;
        var known = new SimulatedDomain(machine, line.Process);
        return machine.Frames[line.Process].Kind == FrameKind.Process
            && machine.Frames.IsWritable(line.Process)
            && Unsafe.AreSame(ref frame, ref known.Frame)
            && line.Start == new Capability(CapabilityType.Start, known.Oid, 0).Low
            && line.Version == frame.Version
            && line.Priority == ProcessControl.RingOf(machine.Kernel, ref frame)
            && line.Priority < Limits.Priorities
            && line.Root == machine.Kernel.Spaces.KnownRoot(line.Process)
            && frame.Schedule.Type == CapabilityType.Schedule
            && (frame.FsBase | frame.GsBase) == 0;
    }

    private static bool IsRightForwarder(SimulatedMachine machine, in FastTarget line)
    {
        var forwarder = new Capability(line.Forwarder, line.ForwarderVersion);
        if (forwarder.Type != CapabilityType.Forwarder)
        {
            return true;
        }

        if (machine.Kernel.Objects.Find(forwarder, out _) != Outcome.Ok)
        {
            return false;
        }

        ref Node node = ref machine.NodeOf(forwarder);
        Capability target = node.Slots[0];
        uint payload = (target.Rights & Rights.FixedPayload) == 0 ? node.Word : target.Data;
        return node.Flags == NodeFlags.None
            && target.Type == CapabilityType.Start
            && target.Oid.Value == new Capability(line.Target, 0).Oid.Value
            && target.Version == line.TargetVersion
            && payload == line.Payload;
    }

    private static BrokenInvariantException Broken(string what, string when) => new($"{when}: {what}");

    private static void CheckProcess(
        SimulatedMachine machine, int entry, Dictionary<ulong, int> activityOf, string when)
    {
        ref ProcessFrame frame = ref machine.Kernel.Objects.Process(entry);
        bool hasOne = activityOf.Remove(frame.Frame, out int activity);
        bool isCurrent = ProcessControl.Current(machine.Kernel) == entry;
        string? what =
            hasOne != (frame.RunState is RunState.Running or RunState.KernelWait) ? "A1"
            : frame.RunState == RunState.Available && frame.Notifications != 0 ? "P1"
            : !frame.Registers[0].SameAs(Capability.Void) ? "register 0 is not void"
            : frame.Version != machine.Frames[entry].Version ? "version"
            : hasOne && (machine.Kernel.Activities[activity].State == ActivityState.Running) != isCurrent ? "A1, on"
            : hasOne && isCurrent && !machine.Frames.IsWritable(entry) ? "P3"
            : null;
        if (what != null)
        {
            throw Broken($"process {frame.Frame}, {frame.RunState}: {what}", when);
        }
    }

    private static void CheckSpaces(SimulatedMachine machine, string when)
    {
        SpacesCheck check = machine.Kernel.Spaces.Check;
        for (int table = 1; table < check.TableCount; table++)
        {
            SpacesFlaw flaw = check.CheckTable(table, out ulong address);
            if (flaw != SpacesFlaw.None)
            {
                throw Broken($"{flaw}, table {table}, address {address:x}", when);
            }
        }

        for (int entry = 0; entry < machine.Frames.Capacity; entry++)
        {
            SpacesFlaw flaw = check.CheckFrame(entry);
            if (flaw != SpacesFlaw.None)
            {
                throw Broken($"{flaw}, entry {entry}", when);
            }
        }
    }
}
