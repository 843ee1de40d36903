using System;
using System.Collections.Generic;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fakes;

/// <summary>An invariant that a whole machine has broken.</summary>
public sealed class BrokenInvariantException(string what) : Exception(what);

/// <summary>The invariants A1, A3, P1 and P3, and those of address spaces, looked up in a whole simulated
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

        CheckSpaces(machine, when);
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
