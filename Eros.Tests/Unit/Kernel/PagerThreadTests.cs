using System.Collections.Generic;
using System.Linq;
using Eros.Kernel.Processes;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>The thread that loads, and tells listeners.</summary>
public sealed class PagerThreadTests
{
    private const int Loads = 40;

    [Test]
    public void A_listener_is_told_though_others_have_ever_more_to_load()
    {
        using var rig = new StoreRig();
        rig.Disk.Fails = request => !request.IsWrite;
        var isDue = new List<bool>();
        rig.Disk.OnCall = () =>
        {
            if (isDue.Count == 0)
            {
                rig.Kernel.Terminal.Listener = new Capability(
                    CapabilityType.Notification, Oid.Of(Loads + 1), version: 0, data: 0);
                rig.Kernel.Terminal.Typed((byte)'x');
            }

            isDue.Add(rig.Kernel.Terminal.MustTell);
        };
        rig.Await(StallReason.Load, [.. Enumerable.Range(1, Loads).Select(frame => (ulong)frame)]);
        Assert.That(isDue, Has.Count.GreaterThan(2 * Loads));
        Assert.That(isDue[0], Is.True);
        Assert.That(isDue.Skip(isDue.Count / 2), Has.All.False);
    }

    [Test]
    public void Who_finds_no_memory_for_a_load_lends_the_checkpointer_its_urgency()
    {
        const int Urgency = 20;
        using var rig = new StoreRig();
        rig.Processor.Enter(() =>
        {
            int activity = rig.Kernel.Activities.Allocate(frame: 1, ring: Urgency);
            rig.Kernel.Stalls.Stall(activity, StallReason.Load, 1);
            rig.Kernel.Services.Loaded(1, Outcome.NoMemory);
            Assert.That(rig.Kernel.Services.Checkpointer!.Level, Is.EqualTo(Urgency));
        });
    }

    [Test]
    public void Of_those_who_wait_for_room_each_in_turn_is_the_first_for_some_times()
    {
        const int Waiting = 3;
        const int Times = 5;
        using var rig = new StoreRig();
        var firsts = new List<int>();
        rig.Processor.Enter(() =>
        {
            int[] activities =
                [.. Enumerable.Range(1, Waiting).Select(i => rig.Kernel.Activities.Allocate((ulong)i, ring: 20))];
            for (int i = 0; i < 2 * Waiting * Times; i++)
            {
                // In the same order each time, as where one that never ends uses the room up before the others come.
                foreach (int activity in activities)
                {
                    rig.Kernel.Stalls.Stall(activity, StallReason.Space, 0);
                }

                rig.Kernel.Services.WakeForRoom();
                firsts.Add(rig.Kernel.Scheduler.Pick());
                foreach (int activity in activities.Where(activity => activity != firsts[^1]))
                {
                    rig.Kernel.Scheduler.Remove(activity);
                }

                // There is room again, and nobody waits for it.
                rig.Kernel.Services.WakeForRoom();
            }

            foreach (int activity in activities)
            {
                rig.Kernel.Activities.Free(activity);
            }
        });
        foreach (int[] turn in firsts.Chunk(Times))
        {
            Assert.That(turn, Has.All.EqualTo(turn[0]));
        }

        Assert.That(firsts.Distinct().Count(), Is.EqualTo(Waiting));
    }
}
