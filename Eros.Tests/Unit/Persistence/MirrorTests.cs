using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Mirror;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>One volume on two disks: which of them a machine runs from, and what becomes of the other.</summary>
public sealed class MirrorTests : MirrorTestBase
{
    [Test]
    public void Each_pair_of_disks_has_one_answer_and_the_same_when_exchanged()
    {
        for (MirrorKind first = 0; first < MirrorKind.Count; first++)
        {
            for (MirrorKind second = 0; second < MirrorKind.Count; second++)
            {
                for (int order = -1; order <= 1; order++)
                {
                    MirrorAction action = MirrorTable.Decide(first, second, order);
                    Assert.That(action, Is.EqualTo(Expected(first, second, order)), $"{first} {second} {order}");
                    MirrorAction exchanged = MirrorTable.Decide(second, first, -order);
                    bool isNothing = first == MirrorKind.None && second == MirrorKind.None;
                    Assert.That(isNothing || exchanged == Exchanged(action), Is.True, $"{first} {second} {order}");
                }
            }
        }
    }

    [Test]
    public void A_volume_that_was_never_mirrored_has_nothing_written_for_a_mirror()
    {
        using var fixture = new StoreFixture();
        fixture.BootAndChange();
        Assert.That(fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Record(fixture.Image), Is.EqualTo((0ul, 1u, 0u)));
        Assert.That(fixture.Machine.Reports, Is.Empty);
    }

    [Test]
    public void What_is_written_is_on_both_disks_and_either_is_enough()
    {
        BootBoth();
        Save();
        Assert.That(Machine.Reports, Is.Empty);
        StoreModel model = Machine.Model;
        foreach (LayeredImage disk in Disks)
        {
            Machine.Model = model.Fork();
            BootOne(disk);
        }
    }

    [Test]
    public void Disks_in_the_wrong_order_are_refused_by_name()
    {
        RecoveryResult result = Machine.Boot(Disks[1], Disks[0]);
        Assert.That(result.Refusal, Is.EqualTo(StoreMessage.MirrorOrder));
        DemandUntouched();
    }

    [Test]
    public void Disks_that_have_each_run_alone_are_refused_by_name()
    {
        StoreModel model = Machine.Model;
        foreach (LayeredImage disk in Disks)
        {
            Machine.Model = model.Fork();
            BootOne(disk);
            Save();
        }

        Assert.That(Machine.Boot(Disks[0], Disks[1]).Refusal, Is.EqualTo(StoreMessage.MirrorSplit));
        DemandUntouched();
    }

    [Test]
    public void A_mirror_of_the_format_before_is_a_mirror()
    {
        foreach (LayeredImage disk in Disks)
        {
            MakeFormat(disk, VolumeHeader.OldestFormat);
        }

        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
        Assert.That(Machine.Boot(Disks[1], Disks[0]).Refusal, Is.EqualTo(StoreMessage.MirrorOrder));
        BootOne(Disks[1]);
        Save();
        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u), "the other is stale");
    }

    [TestCase(0)]
    [TestCase(1)]
    public void One_disk_alone_says_so_on_itself_before_anything_else_is_written(int alone)
    {
        BootOne(Disks[alone]);
        Assert.That(HasReport(StoreMessage.MirrorLost), Is.True);
        Assert.That(Machine.Disk.BlocksWritten, Is.Zero, "a mount writes nothing");
        int first = -1;
        Machine.Disk.OnWrite = block => first = first < 0 ? block : first;
        Save();
        Assert.That(first, Is.EqualTo((int)Fixture.Geometry.MirrorBlock(0)));
        Assert.That(Record(Disks[alone]), Is.EqualTo((2ul, 1u << alone, (uint)alone)));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_stale_disk_is_brought_up_to_date_while_writes_go_on(int alone)
    {
        BootOne(Disks[alone]);
        Save();
        Save();
        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u << alone));
        Migrate();
        for (int i = 0; i < 500 && Machine.Mirror.InStep != MirrorRecord.Both; i++)
        {
            Machine.Mirror.Work();
            Fixture.Change(1);
            Fixture.Store.Tend();
            if (i % 10 == 0)
            {
                Save();
            }
        }

        Assert.That(HasReport(StoreMessage.MirrorInStep), Is.True);
        Save();
        DemandEqual();
        StoreModel model = Machine.Model;
        foreach (LayeredImage disk in Disks)
        {
            Machine.Model = model.Fork();
            BootOne(disk);
        }
    }

    [Test]
    public void An_unfinished_copy_is_never_run_from()
    {
        BootOne(Disks[0]);
        Save();
        BootBoth();
        Migrate();
        Copy(steps: 5);

        Assert.That(Machine.Mirror.IsCopying, Is.True);
        RecoveryResult result = Machine.Boot(Disks[1]);
        Assert.That(result.Refusal, Is.EqualTo(StoreMessage.MirrorUnfinished));
        Assert.That(StateChecker.CheckReading(Machine, result, Fixture.Changer), Is.Null);
        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u));
    }

    [Test]
    public void A_disk_that_fails_is_recorded_before_the_write_is_reported_right()
    {
        BootBothAndChange();
        Machine.Second!.Vanish(CutPattern.KeepAll);
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Record(Disks[0]), Is.EqualTo((2ul, 1u, 0u)));
        Assert.That(Record(Disks[1]), Is.EqualTo((1ul, MirrorRecord.Both, 1u)));
        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u), "the stale disk is not believed");
    }

    [Test]
    public void A_disk_that_did_not_answer_a_read_is_not_believed_to_have_kept_what_was_not_flushed()
    {
        (ulong frame, _) = BringHome();
        Fixture.Change(20);
        Machine.Evict(frame);
        Assert.That(Machine.Frames.Find(frame), Is.EqualTo(FrameTable.None));
        int calls = 0;
        Machine.Second!.OnCall = () =>
        {
            // The header is on the first disk, in its cache: it goes and comes back, and only a read has seen it.
            if (Machine.CurrentPhase == StorePhase.Commit && ++calls == 2)
            {
                Machine.Disk.Vanish(CutPattern.DropAll);
                Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
                Machine.Disk.ComeBack();
            }
        };
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(calls, Is.GreaterThan(1));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
    }

    [Test]
    public void Where_neither_disk_takes_a_write_neither_is_dropped_and_it_can_be_tried_again()
    {
        BootBothAndChange();
        Machine.Disk.Fails = request => request.IsWrite;
        Machine.Second!.Fails = request => request.IsWrite;
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
        Machine.Disk.Fails = null;
        Machine.Second.Fails = null;
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
    }

    [TestCase("blank")]
    [TestCase("another volume's")]
    [TestCase("smaller")]
    [TestCase("a copy of the first")]
    public void A_second_disk_that_is_none_of_the_mirror_is_told_and_left_alone(string what)
    {
        int blocks = Fixture.Image.BlockCount;
        LayeredImage other = what switch
        {
            "blank" => new LayeredImage(blocks, null),
            "another volume's" => new LayeredImage(blocks, Fixture.Image),
            "smaller" => new LayeredImage(blocks - 1, Fixture.Image),
            _ => new LayeredImage(blocks, Disks[0]),
        };
        if (what == "another volume's")
        {
            Rename(other, id: 5);
        }

        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(Disks[0], other);
        Assert.That(StateChecker.CheckFrames(Machine, model.At(result.Generation)!, Fixture.Changer, null), Is.Null);
        Assert.That(HasReport(StoreMessage.MirrorForeign), Is.True);
        Machine.Model = model.RestartedAt(result.Generation);
        Save();
        Machine.Mirror.Work();
        Assert.That(Machine.Second!.BlocksWritten, Is.Zero);
    }

    [Test]
    public void A_disk_that_is_lost_and_answers_as_another_is_left_alone()
    {
        BootBoth();
        Save();
        Machine.Second!.Vanish(CutPattern.KeepAll);
        Save();
        Rename(Disks[1], id: 5);
        Machine.Second.ComeBack();
        int written = Machine.Second.BlocksWritten;
        Copy(steps: 30);

        Assert.That(Machine.Second.BlocksWritten, Is.EqualTo(written));
        Assert.That(Machine.Reports.Count(report => report.Message == StoreMessage.MirrorForeign), Is.EqualTo(1));
    }

    [Test]
    public void What_one_disk_has_wrong_is_read_from_the_other_and_mended()
    {
        (ulong frame, ulong block) = BringHome();
        byte[] right = Disks[0].Read((int)block).ToArray();
        Fixture.EvictAll();
        Fixture.Damage(block);
        Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Reports, Is.Empty);
        Save();
        Assert.That(Disks[0].Read((int)block).SequenceEqual(right), Is.True);
    }

    [Test]
    public void What_one_disk_has_wrong_in_the_log_is_brought_home_from_the_other()
    {
        BootBothAndChange();
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        BootBoth();
        Fixture.EvictAll();
        Fixture.Damage(Fixture.FirstBlock(Fixture.Store.CommittedGeneration));
        Migrate();
        Assert.That(Machine.Reports, Is.Empty);
        BootBoth();
    }

    [Test]
    public void What_one_disk_cannot_read_is_read_from_the_other_and_written_again()
    {
        (ulong frame, ulong block) = BringHome();
        Fixture.EvictAll();
        bool isMended = false;
        Machine.Disk.Fails = request =>
        {
            isMended |= request.Block == block && request.IsWrite;
            return request.Block == block && !request.IsWrite && !isMended;
        };
        Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Fixture.Store.Tend();
        Assert.That(isMended, Is.True);
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both), "it is a bad block, no lost disk");
    }

    [Test]
    public void What_the_only_good_disk_cannot_read_is_never_taken_for_something_older()
    {
        BootOne(Disks[0]);
        Save();
        Migrate();
        ulong frame = FrameWithImage();
        ulong block = Fixture.Geometry.HomeBlock(frame);
        BootBoth();
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite;
        Migrate();
        for (int i = 0; i < 500 && !Machine.Mirror.IsCopied; i++)
        {
            Machine.Mirror.Work();
        }

        Fixture.Store.Tend();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
        Assert.That(Disks[1].Read((int)block).ContainsAnyExcept(byte.MaxValue), Is.False);
    }

    [Test]
    public void A_torn_record_is_told_and_written_again_on_a_disk_that_is_alone()
    {
        BootOne(Disks[0]);
        Save();
        Fixture.Damage(Fixture.Geometry.MirrorBlock(0));
        BootOne(Disks[0]);
        Assert.That(HasReport(StoreMessage.MirrorRecordBad), Is.True);
        Save();
        BootOne(Disks[0]);
        Assert.That(Machine.Reports, Is.Empty);
        Assert.That(Record(Disks[0]), Is.EqualTo((2ul, 1u, 0u)));
    }

    [Test]
    public void Nothing_is_copied_from_a_disk_that_cannot_be_mounted()
    {
        BootOne(Disks[0]);
        Save();
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            Fixture.Damage(Fixture.Geometry.CheckpointHeaderBlock(0, copy));
            Fixture.Damage(Fixture.Geometry.CheckpointHeaderBlock(1, copy));
        }

        Assert.That(Machine.Boot(Disks[0], Disks[1]).IsMounted, Is.False);
        Copy(steps: 100);

        DemandUntouched();
    }

    [Test]
    public void What_was_not_read_once_is_not_written_over_with_what_the_other_disk_has_wrong()
    {
        (ulong frame, ulong block) = BringHome();
        byte[] right = Disks[0].Read((int)block).ToArray();
        Fixture.EvictAll();
        Disks[1].Writable((int)block)[100] ^= 4;
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite;
        Assert.That(Fixture.Store.Load(frame), Is.Not.EqualTo(Outcome.Ok));
        Machine.Disk.Fails = null;
        Save();
        Assert.That(Disks[0].Read((int)block).SequenceEqual(right), Is.True);
    }

    [Test]
    public void A_journal_that_one_disk_has_wrong_is_mended_and_flushed_before_the_other_is_made_equal()
    {
        BringHome();
        HashSet<int> blocks = [];
        int first = (int)Fixture.Geometry.JournalBlock(0);
        Machine.Disk.OnWrite = block =>
        {
            if (block >= first && block < first + (int)VolumeGeometry.JournalBlocks)
            {
                blocks.Add(block);
            }
        };
        ulong[] pages = Machine.Model.Now.Frames.Where(pair => pair.Value.Kind == FrameKind.Page)
            .Select(pair => pair.Key).Take(20).ToArray();
        foreach (ulong page in pages)
        {
            int entry = Machine.Entry(page);
            Assert.That(Machine.MakeDirty(entry), Is.True);
            Machine.Words(entry)[9] = page;
            Machine.Model.Now.Frames[page] = Machine.Model.Now[page].With((9, page));
            Assert.That(Machine.Journal(page), Is.EqualTo(Outcome.Ok));
        }

        Assert.That(blocks, Has.Count.GreaterThan(16), "more than were once remembered");
        foreach (int block in blocks)
        {
            Fixture.Damage((ulong)block);
        }

        BootBoth();
        WriteAgain(Fixture.Geometry.HomeBlock(0), out _);
        Assert.That(Machine.Disk.PendingCount, Is.EqualTo(1), "what was mended is flushed");
        DemandEqual();
        BootOne(Disks[0]);
    }

    [TestCase(0, false)]
    [TestCase(1, false)]
    [TestCase(0, true)]
    public void A_disk_that_does_not_take_a_copy_of_its_record_is_saved_to(int copy, bool isTorn)
    {
        if (isTorn)
        {
            BootOne(Disks[0]);
            Save();
            Fixture.Damage(Fixture.Geometry.MirrorBlock(copy));
        }

        BootOne(Disks[0]);
        ulong only = Fixture.Geometry.MirrorBlock(copy);
        ulong other = isTorn ? Fixture.Geometry.MirrorBlock(copy ^ 1) : only;
        Machine.Disk.Fails = request => request.IsWrite && (request.Block == only || request.Block == other);
        Save();
        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u));
    }

    [Test]
    public void A_disk_that_went_and_came_back_while_its_record_was_written_has_lost_what_was_not_flushed()
    {
        BootBoth();
        Save();
        WriteAgain(Fixture.Geometry.HomeBlock(0), out DiskTransfer transfer);
        Machine.Second!.Vanish(CutPattern.DropAll);
        int calls = 0;
        Machine.Disk.OnCall = () =>
        {
            // After the data is waited for: the first copy is begun, and waited for.
            if (++calls == 2)
            {
                Machine.Disk.Vanish(CutPattern.DropAll);
            }
            else if (calls == 3)
            {
                Machine.Disk.ComeBack();
            }
        };
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        Assert.That(calls, Is.GreaterThan(3));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void A_disk_that_did_not_answer_a_read_while_it_was_flushed_does_not_count_in_that_flush()
    {
        (ulong frame, _) = BringHome();
        Fixture.EvictAll();
        WriteAgain(Fixture.Geometry.HomeBlock(frame), out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        bool isFirst = true;
        Machine.Disk.OnCall = () =>
        {
            if (isFirst)
            {
                isFirst = false;
                Machine.Disk.Vanish(CutPattern.DropAll);
                Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
                Machine.Disk.ComeBack();
            }
        };
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
    }

    [Test]
    public void What_a_failed_flush_has_not_saved_is_still_not_flushed()
    {
        (ulong frame, ulong block) = BringHome();
        Fixture.EvictAll();
        WriteAgain(block, out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        Machine.Disk.FailsFlushOf = written => written == block;
        Machine.Second!.FailsFlushOf = written => written == block;
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.DiskError));
        Machine.Disk.Vanish(CutPattern.DropAll);
        Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Machine.Disk.ComeBack();
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
    }

    [Test]
    public void A_disk_whose_header_has_an_impossible_geometry_is_none_of_the_mirror()
    {
        ChangeHeader(Disks[0], 0, BaseVolume.Id, growth: 1);
        Assert.That(Machine.Boot(Disks[0], Disks[1]).IsMounted, Is.True);
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
        Assert.That(HasReport(StoreMessage.MirrorForeign), Is.True);
    }

    [Test]
    public void Older_intact_headers_of_a_generation_on_the_first_disk_have_the_other_disk_asked()
    {
        BootBoth();
        Save();
        Migrate();
        int older = (int)Fixture.RootBlock(Fixture.Store.CommittedGeneration);
        byte[] root = Disks[0].Read(older).ToArray();
        Save();
        ulong newer = Fixture.Store.CommittedGeneration;
        int block = (int)Fixture.RootBlock(newer);
        Disks[0].Write(block, root);
        Disks[0].Write(block - 1, root);
        Demand(Machine.Boot(Disks[0], Disks[1]), Machine.Model.Fork());
        Assert.That(Fixture.Store.CommittedGeneration, Is.EqualTo(newer));
    }

    [Test]
    public void An_image_that_one_disk_has_wrong_and_the_other_did_not_read_is_tried_again()
    {
        BootBothAndChange();
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        BootBoth();
        Fixture.EvictAll();
        ulong block = Fixture.FirstBlock(Fixture.Store.CommittedGeneration);
        Fixture.Damage(block);
        Machine.Second!.Fails = request => request.Block == block && !request.IsWrite;
        Assert.That(Fixture.Store.Migrate(), Is.EqualTo(Outcome.DiskError));
        Machine.Second.Fails = null;
        Migrate();
        Assert.That(Machine.Reports.Count(report => report.Message == StoreMessage.LogBlockBad), Is.EqualTo(1));
        Save();
        BootOne(Disks[0]);
    }

    [Test]
    public void An_object_that_one_disk_has_wrong_and_the_other_did_not_read_is_not_said_to_be_damaged()
    {
        (ulong frame, ulong block) = BringHome();
        BootBoth();
        Fixture.EvictAll();
        block = Fixture.Geometry.HomeBlock(frame);
        Fixture.Damage(block);
        Machine.Second!.Fails = request => request.Block == block;
        Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.DiskError));
        Machine.Second.Fails = null;
        Assert.That(Fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Assert.That(HasReport(StoreMessage.ObjectBad), Is.False);
    }

    private static MirrorAction Expected(MirrorKind first, MirrorKind second, int order)
    {
        bool isFirst = first is MirrorKind.Alone or MirrorKind.Paired;
        bool isSecond = second is MirrorKind.Alone or MirrorKind.Paired;
        return (isFirst, isSecond) switch
        {
            (false, false) when first == second && first == MirrorKind.None => MirrorAction.First,
            (false, false) => MirrorAction.RefuseUnfinished,
            (true, false) => MirrorAction.First,
            (false, true) => MirrorAction.Second,
            _ => (first, second, order) switch
            {
                (MirrorKind.Paired, MirrorKind.Paired, 0) => MirrorAction.Both,
                (_, MirrorKind.Paired, 1) => MirrorAction.First,
                (MirrorKind.Paired, _, -1) => MirrorAction.Second,
                _ => MirrorAction.RefuseSplit,
            },
        };
    }

    private static MirrorAction Exchanged(MirrorAction action) => action switch
    {
        MirrorAction.First => MirrorAction.Second,
        MirrorAction.Second => MirrorAction.First,
        _ => action,
    };
}
