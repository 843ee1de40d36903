using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>What rots on a disk where nobody reads it is found, and mended from the other disk.</summary>
public sealed class ScrubTests : MirrorTestBase
{
    [Test]
    public void Nothing_is_told_of_a_sound_volume_and_nothing_written()
    {
        BringHome();
        int written = Machine.Disk.BlocksWritten;
        ScrubAll();
        Tend();
        Assert.That(Machine.Reports, Is.Empty);
        Assert.That(Machine.Disk.BlocksWritten, Is.EqualTo(written));
    }

    [TestCase(0, false)]
    [TestCase(0, true)]
    [TestCase(1, false)]
    [TestCase(1, true)]
    public void What_one_of_two_disks_has_wrong_is_mended_from_the_other(int member, bool isTag)
    {
        ulong block = Home(isTag);
        Disks[member].Writable((int)block)[100] ^= 4;
        ScrubAll();
        Tend();
        Assert.That(Disks[member].Read((int)block).SequenceEqual(Disks[1 - member].Read((int)block)), Is.True);
        Assert.That(Machine.Reports, Is.Empty);
        BootOne(Disks[member]);
    }

    [TestCase(0)]
    [TestCase(1)]
    public void What_one_of_two_disks_cannot_read_is_written_to_it_again(int member)
    {
        ulong block = Home(isTag: false);
        CrashDisk disk = member == 0 ? Machine.Disk : Machine.Second!;
        bool isBad = true;
        disk.Fails = request =>
        {
            isBad &= request.Block != block || !request.IsWrite;
            return isBad && request.Block == block;
        };
        ScrubAll();
        Tend();
        Assert.That(isBad, Is.False);
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
    }

    [TestCase(false, StoreMessage.ObjectBad)]
    [TestCase(true, StoreMessage.TagBlockBad)]
    public void What_the_only_disk_has_wrong_is_told_once_in_each_round(bool isTag, StoreMessage message)
    {
        ulong block = Home(isTag);
        BootOne(Disks[0]);
        Migrate();
        Fixture.Damage(block);
        Machine.Reports.Clear();
        ScrubAll();
        Assert.That(Machine.Reports.Select(report => report.Message), Is.EqualTo(new[] { message }));
        ScrubAll();
        Assert.That(Machine.Reports.Select(report => report.Message), Is.EqualTo(new[] { message, message }));
        Assert.That(Machine.Reports[0].Second, Is.EqualTo(block));
    }

    [Test]
    public void A_home_block_that_will_be_written_is_not_looked_at()
    {
        (ulong frame, ulong block) = BringHome();
        Fixture.Store.MostKept = 4;
        Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.MakeDirty(Machine.Entry(frame)), Is.True);
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Migrate();
        Fixture.Damage(block);
        ScrubAll();
        Assert.That(Machine.Reports, Is.Empty);
    }

    [Test]
    public void Of_each_cluster_both_disks_are_looked_at_before_the_next_one()
    {
        BringHome();
        List<(int Disk, ulong Cluster)> read = [];
        Machine.Disk.Fails = request => Note(0, request.Block);
        Machine.Second!.Fails = request => Note(1, request.Block);
        ScrubAll();
        Machine.Disk.Fails = Machine.Second.Fails = null;
        Assert.That(read.Select(one => one.Cluster), Is.Ordered);
        Assert.That(read.Select(one => one.Cluster).Distinct().Count(), Is.GreaterThan(2));
        foreach (IGrouping<ulong, (int Disk, ulong Cluster)> cluster in read.GroupBy(one => one.Cluster))
        {
            Assert.That(cluster.Select(one => one.Disk), Is.Ordered.And.Member(0).And.Member(1), $"{cluster.Key}");
        }

        // A tag block is read from the first disk once more: that is the one that loads go by.
        bool Note(int disk, ulong block)
        {
            ulong place = block - Fixture.Geometry.TagBlockOf(0);
            const ulong Blocks = TagBlock.FramesPerCluster + 1;
            if (place % Blocks != 0 || disk == 1)
            {
                read.Add((disk, place / Blocks));
            }

            return false;
        }
    }

    [Test]
    public void An_older_tag_block_on_the_second_disk_makes_nothing_damaged()
    {
        BringHome();
        ulong block = Home(isTag: true);
        byte[] older = Disks[1].Read((int)block).ToArray();
        for (int i = 0; i < 12; i++)
        {
            Save();
        }

        Migrate();
        Assert.That(Disks[1].Read((int)block).SequenceEqual(older), Is.False);
        Disks[1].Write((int)block, older);
        ScrubAll();
        Assert.That(Machine.Reports, Is.Empty);
    }

    [Test]
    public void A_disk_that_cannot_be_read_is_left_alone_for_a_while_and_told_once_each_time()
    {
        BringHome();
        BootOne(Disks[0]);
        Migrate();
        Machine.Reports.Clear();
        Machine.Disk.Fails = request => !request.IsWrite;
        for (int tries = 1; tries <= 3; tries++)
        {
            Assert.That(Fixture.Store.Scrub(), Is.EqualTo(10_000));
            Assert.That(Machine.Reports.Select(report => report.Message),
                Is.EqualTo(Enumerable.Repeat(StoreMessage.ObjectUnreadable, tries)));
        }
    }

    private ulong Home(bool isTag)
    {
        (ulong frame, ulong block) = BringHome();
        return isTag ? Fixture.Geometry.TagBlockOf(frame / TagBlock.FramesPerCluster) : block;
    }

    private void ScrubAll()
    {
        const uint Hour = 3_600_000;
        for (int steps = 1; Fixture.Store.Scrub() != Hour; steps++)
        {
            Assert.That(steps, Is.LessThan(10_000));
        }
    }

    private void Tend()
    {
        Fixture.Store.Tend();
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
    }
}
