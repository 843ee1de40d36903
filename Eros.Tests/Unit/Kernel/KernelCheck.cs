using System.Collections.Generic;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>The invariants A1, A3, P1 and P3, looked up in a whole simulated machine.</summary>
public static class KernelCheck
{
    public static void Check(SimulatedMachine machine, string when)
    {
        var activityOf = new Dictionary<ulong, int>();
        for (int i = 0; i < Limits.Processes; i++)
        {
            ref Activity activity = ref machine.Kernel.Activities[i];
            if (activity.State != ActivityState.Free)
            {
                Assert.That(activityOf.TryAdd(activity.Frame, i), $"{when}: A1, two for frame {activity.Frame}");
            }
        }

        Assert.That(activityOf, Has.Count.EqualTo(machine.Kernel.Activities.Count), when);
        for (int entry = 0; entry < machine.Frames.Capacity; entry++)
        {
            ulong frame = machine.Frames[entry].Frame;
            if (machine.Frames[entry].Kind == FrameKind.Process && machine.Frames.Find(frame) == entry)
            {
                CheckProcess(machine, entry, activityOf, when);
            }
        }

        Assert.That(activityOf, Is.Empty, $"{when}: A1 activities of no process");
        CheckSpaces(machine, when);
    }

    private static void CheckProcess(
        SimulatedMachine machine, int entry, Dictionary<ulong, int> activityOf, string when)
    {
        ref ProcessFrame frame = ref machine.Kernel.Objects.Process(entry);
        string where = $"{when}: process {frame.Frame}, {frame.RunState}";
        bool hasOne = activityOf.Remove(frame.Frame, out int activity);
        Assert.That(hasOne, Is.EqualTo(frame.RunState is RunState.Running or RunState.KernelWait), $"{where}: A1");
        Assert.That(frame.RunState == RunState.Available && frame.Notifications != 0, Is.False, $"{where}: P1");
        Assert.That(frame.Registers[0], Is.EqualTo(Capability.Void), $"{where}: register 0");
        Assert.That(frame.Version, Is.EqualTo(machine.Frames[entry].Version), $"{where}: version");
        if (hasOne)
        {
            ActivityState state = machine.Kernel.Activities[activity].State;
            bool isCurrent = ProcessControl.Current(machine.Kernel) == entry;
            Assert.That(state == ActivityState.Running, Is.EqualTo(isCurrent), $"{where}: {state}");
            Assert.That(!isCurrent || machine.Frames.IsWritable(entry), $"{where}: P3");
        }
    }

    private static void CheckSpaces(SimulatedMachine machine, string when)
    {
        SpacesCheck check = machine.Kernel.Spaces.Check;
        for (int table = 1; table < check.TableCount; table++)
        {
            SpacesFlaw flaw = check.CheckTable(table, out ulong address);
            Assert.That(flaw, Is.EqualTo(SpacesFlaw.None), $"{when}: table {table}, address {address:x}");
        }

        for (int entry = 0; entry < machine.Frames.Capacity; entry++)
        {
            Assert.That(check.CheckFrame(entry), Is.EqualTo(SpacesFlaw.None), $"{when}: entry {entry}");
        }
    }
}
