using System;
using Eros.Kernel.Console;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>The checkpointer: when it mounts, installs, saves, and tries again.</summary>
public sealed class StoreThreadTests
{
    [Test]
    public void A_checkpoint_that_failed_is_tried_again_even_where_none_would_be_due([Values] bool hasInterval)
    {
        using var rig = new StoreRig();
        Assert.That(rig.Console, Does.Contain("first boot"));
        rig.Kernel.Checkpoints.SetInterval(hasInterval ? 60_000ul : 0);
        rig.Disk.Fails = request => request.IsWrite;
        rig.Processor.Enter(rig.Kernel.Services.AskCheckpoint);
        Assert.That(rig.Console, Does.Contain("generation 1 could not be saved"));
        Assert.That(rig.Kernel.Checkpoints.IsDurable, Is.False);

        // Who waits for room cannot ask again.
        rig.Disk.Fails = null;
        rig.Processor.Compute(11 * StoreRig.Second);
        Assert.That(rig.Kernel.Checkpoints.Committed, Is.EqualTo(1));
        Assert.That(rig.Kernel.Checkpoints.IsDurable, Is.True);
    }

    [Test]
    public void Whoever_waits_for_the_journal_is_told_when_the_disk_fails([Values] bool whileMigrating)
    {
        using var rig = new StoreRig();
        int activity = rig.Kernel.Activities.Allocate(5, 0);
        rig.Kernel.Activities[activity].Flags = ActivityFlags.Restarted;
        rig.Kernel.Stalls.Stall(activity, StallReason.Journal, 5);
        rig.Disk.Fails = request => request.IsWrite && (!whileMigrating || request.Block == 3);
        rig.Processor.Enter(rig.Kernel.Services.AskCheckpoint);
        rig.Processor.Compute(StoreRig.Second);
        Assert.That(rig.Kernel.Checkpoints.IsDurable, Is.False);
        Assert.That(rig.Kernel.Activities.Count, Is.Zero, "it was woken, and has ended: there is no such process");
        Assert.That(rig.Kernel.Activities[activity].Flags & ActivityFlags.Journalled, Is.EqualTo(ActivityFlags.None));
    }

    [Test]
    public void A_block_that_cannot_be_read_while_a_generation_is_saved_does_not_make_that_fail([Range(1, 5)] int seed)
    {
        const int Generations = 40;
        using var rig = new StoreRig(pauses: new SeededRandom((ulong)seed));
        while (!rig.Console.Contains("first boot", StringComparison.Ordinal))
        {
            rig.Processor.Compute(StoreRig.Second);
        }

        rig.Kernel.Checkpoints.SetInterval(0);
        ulong block = rig.Geometry.TagBlockOf(0);
        int failures = 0;
        rig.Disk.Fails = request =>
        {
            bool isBad = !request.IsWrite && request.Block == block;
            failures += isBad ? 1 : 0;
            return isBad;
        };
        for (ulong generation = 1; generation <= Generations; generation++)
        {
            rig.Processor.Enter(rig.Kernel.Services.AskCheckpoint);
            while (rig.Kernel.Checkpoints.Committed < generation)
            {
                rig.Load(frame: 9);
                rig.Processor.Compute(StoreRig.Second / 1_000);
                Assert.That(rig.Console, Does.Not.Contain("write error"));
            }
        }

        Assert.That(failures, Is.GreaterThan(Generations));
    }

    [Test]
    public void Without_an_interval_nothing_is_saved_that_nobody_asked_for()
    {
        using var rig = new StoreRig();
        rig.Kernel.Checkpoints.SetInterval(0);
        rig.Processor.Enter(rig.Kernel.Services.AskCheckpoint);
        rig.Processor.Compute(100 * StoreRig.Second);
        Assert.That(rig.Kernel.Checkpoints.Committed, Is.EqualTo(1));
    }

    [Test]
    public void After_a_page_that_could_not_be_journalled_a_checkpoint_is_tried_though_none_would_be_due()
    {
        const ulong Page = 9;
        using var rig = new StoreRig();
        rig.Kernel.Checkpoints.SetInterval(0);
        rig.Await(StallReason.Load, Page);
        rig.Processor.Enter(() => rig.Kernel.Frames.MakeDirty(rig.Kernel.Frames.Find(Page)));
        rig.Disk.Fails = request => request.IsWrite;
        rig.Await(StallReason.Journal, Page);
        Assert.That(rig.Kernel.Checkpoints.IsDurable, Is.False);
        int waiting = rig.Kernel.Stalls.MostUrgent(StallReason.Journal, StallReason.Journal);
        Assert.That(waiting, Is.EqualTo(ActivityTable.None));

        rig.Disk.Fails = null;
        rig.Processor.Compute(11 * StoreRig.Second);
        Assert.That(rig.Kernel.Checkpoints.IsDurable, Is.True);
        Assert.That(rig.Kernel.Checkpoints.Committed, Is.EqualTo(1));
    }

    [Test]
    public void A_new_interval_begins_at_once([Values] bool hadOne)
    {
        using var rig = new StoreRig();
        rig.Kernel.Checkpoints.SetInterval(hadOne ? 60_000ul : 0);
        rig.Processor.Enter(() => rig.Kernel.Checkpoints.SetInterval(1_000));
        rig.Processor.Compute(2 * StoreRig.Second);
        Assert.That(rig.Kernel.Checkpoints.Committed, Is.GreaterThan(1));
    }

    [Test]
    public void Programs_are_told_which_boot_this_is()
    {
        using var rig = new StoreRig();
        Assert.That(rig.Kernel.Counters.Values.BootEpoch, Is.EqualTo(1));
        rig.Processor.Enter(rig.Kernel.Services.AskCheckpoint);
        rig.Restart();
        Assert.That(rig.Kernel.Counters.Values.BootEpoch, Is.EqualTo(2));
    }

    [Test]
    public void An_installed_disk_that_is_larger_than_its_volume_outlives_its_first_block(
        [Values(300, 301, 1000)] int blocks)
    {
        using var rig = new StoreRig(blocks, isBlank: true);
        Type(rig, 'y');
        Assert.That(rig.Console, Does.Contain("installed").And.Contain("first boot"));
        rig.Disk.Flush();
        rig.Image.Writable(0).Clear();
        rig.Restart();
        Assert.That(rig.Console, Does.Contain("copy 0 of the volume header is damaged").And.Contain("first boot"));
    }

    [Test]
    public void A_disk_that_cannot_be_written_is_not_installed_on_and_the_machine_runs_from_memory()
    {
        using var rig = new StoreRig(isBlank: true);
        rig.Disk.Fails = request => request.IsWrite && request.Block == 200;
        Type(rig, 'y');
        Assert.That(rig.Console, Does.Contain("it is not installed"));
        Assert.That(rig.Console, Does.Contain("nothing will be kept").And.Contain("first boot"));
        Assert.That(rig.Kernel.Checkpoints.IsDurable, Is.False);
        rig.Disk.Flush();
        Assert.That(rig.Image.Read(0).ContainsAnyExcept((byte)0), Is.False, "no volume");
    }

    [Test]
    public void On_a_disk_that_is_too_small_nothing_is_installed()
    {
        using var rig = new StoreRig(100, isBlank: true);
        Type(rig, 'y');
        Assert.That(rig.Console, Does.Contain("too small").And.Contain("nothing will be kept"));
        Assert.That(rig.Disk.BlocksWritten, Is.Zero);
    }

    [Test]
    public void A_listener_that_cannot_be_read_is_tried_once_for_each_key_and_keeps_no_other_from_being_told()
    {
        using var rig = new StoreRig();
        rig.Disk.Fails = request => !request.IsWrite;
        rig.Processor.Enter(() =>
        {
            rig.Kernel.Terminal.AttentionListener = Listener(8);
            rig.Kernel.Terminal.Typed(Terminal.AttentionByte);
            rig.Kernel.Terminal.Listener = Listener(9);
        });
        for (int keys = 1; keys <= 3; keys++)
        {
            rig.Processor.Enter(() => rig.Kernel.Terminal.Typed((byte)'x'));
            for (int i = 0; i < 20; i++)
            {
                rig.Processor.Compute(StoreRig.Second / 20);
            }

            Assert.That(rig.Console.Split("cannot be read").Length - 1, Is.EqualTo(keys + 1));
            Assert.That(rig.Kernel.Terminal.MustTell, Is.False);
        }
    }

    [Test]
    public void After_a_failure_only_a_checkpoint_makes_the_disk_durable_again()
    {
        const ulong Page = 9;
        const int FirstOfLog = 5;
        using var rig = new StoreRig();
        rig.Kernel.Checkpoints.SetInterval(0);
        rig.Await(StallReason.Load, Page);
        rig.Processor.Enter(() => rig.Kernel.Frames.MakeDirty(rig.Kernel.Frames.Find(Page)));
        int tries = 0;
        rig.Disk.Fails = request =>
        {
            bool isOfLog = request.IsWrite && request.Block >= FirstOfLog;
            if (isOfLog && tries++ > 0)
            {
                Assert.That(rig.Kernel.Checkpoints.IsDurable, Is.False);
            }

            return isOfLog;
        };
        rig.Await(StallReason.Journal, Page);
        rig.Processor.Compute(45 * StoreRig.Second);
        Assert.That(tries, Is.GreaterThan(3));
        Assert.That(rig.Kernel.Checkpoints.Committed, Is.Zero);
        rig.Disk.Fails = null;
        rig.Processor.Compute(11 * StoreRig.Second);
        Assert.That(rig.Kernel.Checkpoints.IsDurable, Is.True);
    }

    [Test]
    public void Between_checkpoints_the_disk_is_looked_at_once_an_hour_and_not_before_something_was_saved()
    {
        using var rig = new StoreRig();
        rig.Kernel.Checkpoints.SetInterval(0);
        ulong tags = rig.Geometry.TagBlockOf(0);
        int looks = 0;
        rig.Disk.Fails = request =>
        {
            looks += request == (tags, false) ? 1 : 0;
            return false;
        };
        rig.Processor.Compute(100 * StoreRig.Second);
        Assert.That(looks, Is.Zero);
        rig.Processor.Enter(rig.Kernel.Services.AskCheckpoint);
        rig.Processor.Compute(100 * StoreRig.Second);
        Assert.That(looks, Is.EqualTo(1));
        for (int i = 0; i < 36; i++)
        {
            rig.Processor.Compute(100 * StoreRig.Second);
        }

        Assert.That(looks, Is.EqualTo(2));
    }

    private static Capability Listener(ulong frame) => new(CapabilityType.Notification, Oid.Of(frame), 0);

    private static void Type(StoreRig rig, char key)
    {
        Assert.That(rig.Console, Does.Contain("Install Eros on it? (y/n)"));
        rig.Processor.Enter(() => rig.Kernel.Terminal.Typed((byte)key));
        rig.Processor.Compute(StoreRig.Second);
    }
}
