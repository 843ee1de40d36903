using System;
using System.Linq;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>One volume on two disks: a disk that is silent for a moment is no disk with a bad block, nor the other way
/// round.</summary>
public sealed class MirrorSilenceTests : MirrorTestBase
{
    [Test]
    public void A_disk_that_is_silent_while_it_is_copied_has_no_bad_blocks()
    {
        BeginToCopy();
        Assert.That(Machine.Mirror.IsCopying, Is.True);
        int written = Machine.Second!.BlocksWritten;
        Machine.Disk.Vanish(CutPattern.KeepAll);
        Copy(steps: 5);
        Assert.That(Machine.Second.BlocksWritten, Is.EqualTo(written));
        Machine.Disk.ComeBack();
        CopyAll();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
        DemandEqual();
    }

    [Test]
    public void A_disk_with_a_bad_block_that_is_copied_beside_what_is_not_flushed_was_not_silent()
    {
        BeginToCopy();
        ulong bad = (ulong)Machine.Disk.BlockCount / 2;
        int failures = 0;
        Machine.Disk.Fails = request =>
        {
            bool isBad = !request.IsWrite && request.Block == bad;
            failures += isBad ? 1 : 0;
            return isBad;
        };
        while (!Machine.Mirror.IsCopied)
        {
            WriteUnflushed();
            Copy(steps: 1);
            Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
            Assert.That(Machine.Mirror.IsCopying, Is.True);
        }

        Assert.That(failures, Is.Positive);
        Machine.Disk.Fails = null;
        Fixture.Store.Tend();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
    }

    [Test]
    public void A_disk_that_was_silent_while_it_was_copied_has_lost_what_was_not_flushed()
    {
        BeginToCopy();
        WriteUnflushed();
        Machine.Disk.Vanish(CutPattern.DropAll);
        Copy(steps: 1);
        Machine.Disk.ComeBack();
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void A_copy_of_a_disk_that_may_have_lost_something_meanwhile_is_not_in_step()
    {
        BeginToCopy();
        WriteUnflushed();
        Machine.Disk.Vanish(CutPattern.DropAll);
        Copy(steps: 1);
        Machine.Disk.ComeBack();
        CopyAll();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.DiskError));
        CopyAll();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
    }

    [Test]
    public void A_lost_disk_is_left_alone_until_the_other_one_has_written_that_it_is_alone()
    {
        BootBothAndChange();
        bool isRecordRefused = true;
        Machine.Disk.Fails = request => request.IsWrite;
        Machine.Second!.Fails = request => request.IsWrite && isRecordRefused && IsRecord(request.Block);
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
        Machine.Disk.Fails = null;
        Copy(steps: 30);
        Assert.That(Machine.Disk.PendingCount, Is.Zero);
        Assert.That(Record(Disks[0]), Is.EqualTo((1ul, MirrorRecord.Both, 0u)));
        isRecordRefused = false;
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.DiskError), "it may have lost what was not flushed");
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Copy(steps: 30);
        Assert.That(Record(Disks[0]), Is.EqualTo((2ul, 2u, 0u)));
    }

    [Test]
    public void A_flush_between_a_read_that_failed_and_its_notice_does_not_count_for_that_disk()
    {
        (ulong frame, _) = BringHome();
        Fixture.EvictAll();
        WriteAgain(Fixture.Geometry.HomeBlock(frame), out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        Machine.Disk.Vanish(CutPattern.DropAll);
        bool isFirst = true;
        Machine.Second!.OnCall = () =>
        {
            if (isFirst)
            {
                isFirst = false;
                Machine.Disk.ComeBack();
                Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
            }
        };
        Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void One_disk_that_went_and_came_back_and_only_a_read_has_seen_it_has_lost_what_was_not_flushed(int seen)
    {
        BootOne(Disks[0]);
        Save();
        Migrate();
        ulong block = Fixture.Geometry.HomeBlock(FrameWithImage());
        WriteAgain(block, out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        Machine.Disk.Vanish(CutPattern.DropAll);
        int calls = 0;
        Machine.Disk.OnCall = () =>
        {
            // It has refused one request, or what comes after that, too.
            if (++calls == 2 + (4 * seen))
            {
                Machine.Disk.ComeBack();
            }
        };
        transfer.IsWrite = false;
        Machine.Mirror.Start(transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        Machine.Disk.OnCall = null;
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void A_flush_between_a_read_that_failed_and_the_turn_of_who_waited_for_it_does_not_count(
        [Values] bool isPair, [Values] bool hasItsTurnWhileTheFlushWaits)
    {
        (_, ulong block) = BringHome();
        if (!isPair)
        {
            BootOne(Disks[0]);
            Migrate();
        }

        WriteUnflushed();
        Machine.Disk.Vanish(CutPattern.DropAll);
        var read = new DiskTransfer { FirstBlock = block, Count = 1 };
        read.Frames[0] = SeededRun.MachineFrames + 2;
        Machine.Mirror.Start(read);
        Machine.Disk.ComeBack();
        int calls = 0;
        Machine.Disk.OnCall = () =>
        {
            // The flush is the first call.
            if (++calls == 2 && hasItsTurnWhileTheFlushWaits)
            {
                Assert.That(Machine.Mirror.Wait(read), Is.EqualTo(Outcome.Ok));
            }
        };
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(isPair ? Outcome.Ok : Outcome.DiskError));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(isPair ? 2u : 1u));
        Machine.Disk.OnCall = null;
        if (!hasItsTurnWhileTheFlushWaits)
        {
            Machine.Mirror.Wait(read);
        }

        // Who waited may have its doubts, too, and asks again.
        Machine.Mirror.Start(read);
        Assert.That(Machine.Mirror.Wait(read), Is.EqualTo(Outcome.Ok));
        Machine.Mirror.Flush();
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void Where_neither_disk_answers_a_read_no_flush_counts()
    {
        (ulong frame, ulong block) = BringHome();
        Fixture.EvictAll();
        WriteAgain(block, out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        Machine.Disk.Vanish(CutPattern.DropAll);
        Machine.Second!.Vanish(CutPattern.DropAll);
        Assert.That(Fixture.Store.Load(frame), Is.Not.EqualTo(Outcome.Ok));
        Machine.Disk.ComeBack();
        Machine.Second.ComeBack();
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_bad_block_that_is_read_while_something_is_not_flushed_keeps_nothing_from_being_flushed(bool isPair)
    {
        (ulong frame, ulong block) = BringHome();
        if (!isPair)
        {
            BootOne(Disks[0]);
            Migrate();
        }

        Fixture.EvictAll();
        WriteUnflushed();
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite;
        Assert.That(Fixture.Store.Load(frame) == Outcome.Ok, Is.EqualTo(isPair));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(isPair ? MirrorRecord.Both : 1u));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void A_disk_that_goes_while_a_bad_block_of_it_is_read_again_has_lost_what_was_not_flushed(int refused)
    {
        (ulong frame, ulong block) = BringHome();
        BootOne(Disks[0]);
        Migrate();
        Fixture.EvictAll();
        WriteUnflushed();
        bool isRead = false;
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite && (isRead = true);
        int calls = 0;
        Machine.Disk.OnCall = () =>
        {
            // Each request is two calls, and the first one's second comes first.
            calls += isRead ? 1 : 0;
            if (calls == 2)
            {
                Machine.Disk.Vanish(CutPattern.DropAll);
            }
            else if (calls == 2 + (2 * refused))
            {
                Machine.Disk.ComeBack();
            }
        };
        Assert.That(Fixture.Store.Load(frame), Is.Not.EqualTo(Outcome.Ok));
        Machine.Disk.OnCall = null;
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
    }

    [TestCase(3)]
    [TestCase(4)]
    public void A_record_that_cannot_be_read_once_is_read_again(int times)
    {
        int left = times;
        ulong[] records = [Fixture.Geometry.MirrorBlock(0), Fixture.Geometry.MirrorBlock(1)];
        RecoveryResult result = Machine.Boot(
            Disks[0], Disks[1], request => records.Contains(request.Block) && left-- > 0);
        Assert.That(left, Is.LessThanOrEqualTo(0));
        Assert.That(result.IsMounted, Is.True);
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(times == 3 ? MirrorRecord.Both : 2u));
    }

    [Test]
    public void A_disk_whose_record_cannot_be_read_at_the_mount_is_told_to_be_lost()
    {
        ulong[] records = [Fixture.Geometry.MirrorBlock(0), Fixture.Geometry.MirrorBlock(1)];
        RecoveryResult result = Machine.Boot(Disks[0], Disks[1], request => records.Contains(request.Block));
        Assert.That(result.IsMounted, Is.True);
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
        Assert.That(HasReport(StoreMessage.MirrorLost), Is.True);
    }

    [Test]
    public void A_disk_whose_record_cannot_be_read_is_not_written_to()
    {
        BootOne(Disks[0]);
        Save();
        BootBoth();
        Migrate();
        bool isSilent = true;
        Machine.Second!.Fails = request => isSilent && IsRecord(request.Block) && !request.IsWrite;
        Copy(steps: 30);
        Assert.That(Machine.Second.BlocksWritten, Is.Zero);
        isSilent = false;
        Copy(steps: 30);
        Assert.That(Machine.Second.BlocksWritten, Is.Not.Zero);
    }

    [Test]
    public void A_page_of_the_journal_that_one_disk_cannot_read_and_nobody_needs_keeps_nothing_from_being_saved()
    {
        BootBoth();
        Save();
        Migrate();
        BootBoth();
        ulong block = Fixture.Geometry.JournalBlock(40);
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite;
        Save();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
    }

    [Test]
    public void A_record_of_the_journal_that_can_no_longer_be_read_for_the_other_disk_keeps_all_from_being_saved()
    {
        BootBoth();
        Save();
        BootBoth();
        ulong block = Fixture.Geometry.JournalBlock(40) + 1;
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite;
        Assert.That(Fixture.Store.Migrate(), Is.EqualTo(Outcome.DiskError), "the other may be a write ahead");
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
    }

    [Test]
    public void A_header_that_the_mount_has_read_from_the_other_disk_a_write_ahead_is_written_to_the_first()
    {
        BootBoth();
        Save();
        Migrate();
        ulong next = Fixture.Store.CommittedGeneration + 1;
        int[] blocks = [.. Enumerable.Range(0, VolumeGeometry.Copies)
            .Select(copy => (int)Fixture.Geometry.CheckpointHeaderBlock(next, copy))];
        byte[][] older = Array.ConvertAll(blocks, block => Disks[0].Read(block).ToArray());
        Save();
        for (int copy = 0; copy < blocks.Length; copy++)
        {
            Disks[0].Write(blocks[copy], older[copy]);
        }

        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(
            Disks[0], Disks[1], request => request.Block == (ulong)blocks[0] && !request.IsWrite);
        Demand(result, model);
        Assert.That(result.Generation, Is.EqualTo(next));
        Machine.Disk.Fails = null;
        WriteAgain(Fixture.Geometry.HomeBlock(0), out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        BootBoth();
        BootOne(Disks[0]);
    }

    [TestCase("home")]
    [TestCase("header")]
    [TestCase("record")]
    public void A_disk_with_a_block_that_can_be_neither_read_nor_written_is_lost_and_the_other_saved_to(string what)
    {
        (ulong frame, ulong block) = BringHome();
        block = what switch
        {
            "home" => block,
            "header" => Fixture.Geometry.CheckpointHeaderBlock(Fixture.Store.CommittedGeneration, 0),
            _ => Fixture.Geometry.JournalBlock(3) + 1,
        };
        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(Disks[0], Disks[1], request => request.Block == block);
        Demand(result, model);
        Fixture.EvictAll();
        Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Save();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
        BootOne(Disks[1]);
    }

    [Test]
    public void What_the_first_disk_has_wrong_and_does_not_take_is_not_copied_to_the_other()
    {
        BringHome();
        ulong block = Fixture.Geometry.CheckpointHeaderBlock(Fixture.Store.CommittedGeneration, 0);
        byte[] right = Disks[1].Read((int)block).ToArray();
        Fixture.Damage(block);
        BootBoth();
        Machine.Mirror.Mend(block, 0);
        Machine.Disk.Fails = request => request.Block == block && request.IsWrite;
        WriteAgain(Fixture.Geometry.HomeBlock(0), out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
        Assert.That(Disks[1].Read((int)block).SequenceEqual(right), Is.True);
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_volume_header_that_one_disk_has_wrong_does_not_become_the_other_ones(int copy)
    {
        BootBoth();
        Save();
        int block = (int)Fixture.Geometry.VolumeHeaderBlock(copy);
        byte[] right = Disks[1].Read(block).ToArray();
        Fixture.Damage((ulong)block);
        StoreModel model = Machine.Model;
        Machine.Model = model.RestartedAt(Machine.Boot(Disks[0], Disks[1]).Generation);
        Assert.That(HasReport(StoreMessage.VolumeHeaderCopyBad), Is.True);
        Save();
        Migrate();
        Assert.That(Disks[1].Read(block).SequenceEqual(right), Is.True);
    }

    /// <summary>The second disk has fallen behind, and some of it is copied.</summary>
    private void BeginToCopy()
    {
        BootOne(Disks[0]);
        Save();
        Migrate();
        BootBoth();
        Migrate();
        Copy(steps: 4);
    }

    private void WriteUnflushed()
    {
        WriteAgain(Fixture.Geometry.HomeBlock(0), out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
    }

    /// <summary>All is copied, if the disks let it be, and the writing thread is told.</summary>
    private void CopyAll()
    {
        for (int i = 0; i < 2000 && !Machine.Mirror.IsCopied; i++)
        {
            Machine.Mirror.Work();
        }

        Fixture.Store.Tend();
    }

    private bool IsRecord(ulong block) =>
        block == Fixture.Geometry.MirrorBlock(0) || block == Fixture.Geometry.MirrorBlock(1);
}
