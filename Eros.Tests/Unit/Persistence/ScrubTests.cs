using System;
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
    public void What_comes_home_while_it_is_looked_at_is_not_damaged()
    {
        BringHome();
        int migrated = 0;
        for (int round = 0; round < 20; round++)
        {
            Fixture.Change(20);
            int calls = 0;
            Machine.Disk.OnCall = () =>
            {
                if (++calls == 10 + round)
                {
                    Machine.Disk.OnCall = null;
                    Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
                    Migrate();
                    migrated++;
                }
            };
            ScrubAll();
            Machine.Disk.OnCall = null;
            Migrate();
        }

        Assert.That(Machine.Reports, Is.Empty);
        Assert.That(migrated, Is.EqualTo(20));
    }

    [Test]
    public void What_comes_home_while_it_is_looked_at_is_not_written_over_with_what_the_other_disk_lost()
    {
        (ulong frame, ulong block) = BringHome();
        byte[] older = Disks[1].Read((int)block).ToArray();
        bool isNew = false;
        Machine.Disk.Fails = request =>
        {
            if (request.Block == block && !request.IsWrite && !isNew)
            {
                isNew = true;
                Assert.That(Machine.MakeDirty(Machine.Entry(frame)), Is.True);
                Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
                Migrate();
                Disks[1].Write((int)block, older);
            }

            return false;
        };
        ScrubAll();
        Assert.That(isNew, Is.True);
        byte[] newer = Disks[0].Read((int)block).ToArray();
        Assert.That(newer, Is.Not.EqualTo(older));
        Tend();
        Assert.That(Disks[0].Read((int)block).SequenceEqual(newer), Is.True);
        Assert.That(Disks[1].Read((int)block).SequenceEqual(newer), Is.True);
    }

    [Test]
    public void Nothing_is_looked_at_before_the_mount()
    {
        Machine.Boot(new LayeredImage(Disks[0].BlockCount, null));
        Machine.Disk.OnCall = () => Assert.Fail("a disk that is not mounted was read");
        Assert.That(Fixture.Store.Scrub(), Is.True);
    }

    private ulong Home(bool isTag)
    {
        (ulong frame, ulong block) = BringHome();
        return isTag ? Fixture.Geometry.TagBlockOf(frame / TagBlock.FramesPerCluster) : block;
    }

    private void ScrubAll()
    {
        int steps = 1;
        for (; Fixture.Store.Scrub(); steps++)
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
