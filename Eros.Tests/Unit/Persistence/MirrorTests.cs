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
public sealed class MirrorTests
{
    private StoreFixture _fixture = null!;
    private LayeredImage[] _disks = null!;

    private SimulatedMachine Machine => _fixture.Machine;

    [SetUp]
    public void SetUp()
    {
        _fixture = new StoreFixture();
        _fixture.BootRight();
        _disks = [_fixture.Image, StoreFixture.NewDisk()];
        TwoDiskRun.Pair(Machine.Memory, (uint)SeededRun.MachineFrames + 1, _fixture.Geometry, BaseVolume.Id, _disks);
    }

    [TearDown]
    public void TearDown() => _fixture.Dispose();

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
        foreach (LayeredImage disk in _disks)
        {
            Machine.Model = model.Fork();
            BootOne(disk);
        }
    }

    [Test]
    public void Disks_in_the_wrong_order_are_refused_by_name()
    {
        RecoveryResult result = Machine.Boot(_disks[1], _disks[0]);
        Assert.That(result.Refusal, Is.EqualTo(StoreMessage.MirrorOrder));
        DemandUntouched();
    }

    [Test]
    public void Disks_that_have_each_run_alone_are_refused_by_name()
    {
        StoreModel model = Machine.Model;
        foreach (LayeredImage disk in _disks)
        {
            Machine.Model = model.Fork();
            BootOne(disk);
            Save();
        }

        Assert.That(Machine.Boot(_disks[0], _disks[1]).Refusal, Is.EqualTo(StoreMessage.MirrorSplit));
        DemandUntouched();
    }

    [TestCase(0)]
    [TestCase(1)]
    public void One_disk_alone_says_so_on_itself_before_anything_else_is_written(int alone)
    {
        BootOne(_disks[alone]);
        Assert.That(HasReport(StoreMessage.MirrorLost), Is.True);
        Assert.That(Machine.Disk.BlocksWritten, Is.Zero, "a mount writes nothing");
        int first = -1;
        Machine.Disk.OnWrite = block => first = first < 0 ? block : first;
        Save();
        Assert.That(first, Is.EqualTo((int)_fixture.Geometry.MirrorBlock(0)));
        Assert.That(Record(_disks[alone]), Is.EqualTo((2ul, 1u << alone, (uint)alone)));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_stale_disk_is_brought_up_to_date_while_writes_go_on(int alone)
    {
        BootOne(_disks[alone]);
        Save();
        Save();
        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u << alone));
        Migrate();
        for (int i = 0; i < 500 && Machine.Mirror.InStep != MirrorRecord.Both; i++)
        {
            Machine.Mirror.Work();
            _fixture.Change(1);
            _fixture.Store.Tend();
            if (i % 10 == 0)
            {
                Save();
            }
        }

        Assert.That(HasReport(StoreMessage.MirrorInStep), Is.True);
        Save();
        DemandEqual();
        StoreModel model = Machine.Model;
        foreach (LayeredImage disk in _disks)
        {
            Machine.Model = model.Fork();
            BootOne(disk);
        }
    }

    [Test]
    public void An_unfinished_copy_is_never_run_from()
    {
        BootOne(_disks[0]);
        Save();
        BootBoth();
        Migrate();
        Copy(steps: 5);

        Assert.That(Machine.Mirror.IsCopying, Is.True);
        RecoveryResult result = Machine.Boot(_disks[1]);
        Assert.That(result.Refusal, Is.EqualTo(StoreMessage.MirrorUnfinished));
        Assert.That(StateChecker.CheckReading(Machine, result, _fixture.Changer), Is.Null);
        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u));
    }

    [Test]
    public void A_disk_that_fails_is_recorded_before_the_write_is_reported_right()
    {
        BootBothAndChange();
        Machine.Second!.Vanish(CutPattern.KeepAll);
        Assert.That(_fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Record(_disks[0]), Is.EqualTo((2ul, 1u, 0u)));
        Assert.That(Record(_disks[1]), Is.EqualTo((1ul, MirrorRecord.Both, 1u)));
        BootBoth();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(1u), "the stale disk is not believed");
    }

    [Test]
    public void A_disk_that_did_not_answer_a_read_is_not_believed_to_have_kept_what_was_not_flushed()
    {
        (ulong frame, _) = BringHome();
        _fixture.Change(20);
        Machine.Evict(frame);
        Assert.That(Machine.Frames.Find(frame), Is.EqualTo(FrameTable.None));
        int calls = 0;
        Machine.Second!.OnCall = () =>
        {
            // The header is on the first disk, in its cache: it goes and comes back, and only a read has seen it.
            if (Machine.CurrentPhase == StorePhase.Commit && ++calls == 2)
            {
                Machine.Disk.Vanish(CutPattern.DropAll);
                Assert.That(_fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
                Machine.Disk.ComeBack();
            }
        };
        Assert.That(_fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(calls, Is.GreaterThan(1));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
    }

    [Test]
    public void Where_neither_disk_takes_a_write_neither_is_dropped_and_it_can_be_tried_again()
    {
        BootBothAndChange();
        Machine.Disk.Fails = request => request.IsWrite;
        Machine.Second!.Fails = request => request.IsWrite;
        Assert.That(_fixture.Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
        Machine.Disk.Fails = null;
        Machine.Second.Fails = null;
        Assert.That(_fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
    }

    [TestCase("blank")]
    [TestCase("another volume's")]
    [TestCase("smaller")]
    [TestCase("a copy of the first")]
    public void A_second_disk_that_is_none_of_the_mirror_is_told_and_left_alone(string what)
    {
        int blocks = _fixture.Image.BlockCount;
        LayeredImage other = what switch
        {
            "blank" => new LayeredImage(blocks, null),
            "another volume's" => new LayeredImage(blocks, _fixture.Image),
            "smaller" => new LayeredImage(blocks - 1, _fixture.Image),
            _ => new LayeredImage(blocks, _disks[0]),
        };
        if (what == "another volume's")
        {
            Rename(other, id: 5);
        }

        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(_disks[0], other);
        Assert.That(StateChecker.CheckFrames(Machine, model.At(result.Generation)!, _fixture.Changer, null), Is.Null);
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
        Rename(_disks[1], id: 5);
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
        byte[] right = _disks[0].Read((int)block).ToArray();
        _fixture.EvictAll();
        _fixture.Damage(block);
        Assert.That(_fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Reports, Is.Empty);
        Save();
        Assert.That(_disks[0].Read((int)block).SequenceEqual(right), Is.True);
    }

    [Test]
    public void What_one_disk_has_wrong_in_the_log_is_brought_home_from_the_other()
    {
        BootBothAndChange();
        Assert.That(_fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        BootBoth();
        _fixture.EvictAll();
        _fixture.Damage(_fixture.FirstBlock(_fixture.Store.CommittedGeneration));
        Migrate();
        Assert.That(Machine.Reports, Is.Empty);
        BootBoth();
    }

    [Test]
    public void What_one_disk_cannot_read_is_read_from_the_other_and_written_again()
    {
        (ulong frame, ulong block) = BringHome();
        _fixture.EvictAll();
        bool isMended = false;
        Machine.Disk.Fails = request =>
        {
            isMended |= request.Block == block && request.IsWrite;
            return request.Block == block && !request.IsWrite && !isMended;
        };
        Assert.That(_fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        _fixture.Store.Tend();
        Assert.That(isMended, Is.True);
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both), "it is a bad block, no lost disk");
    }

    [Test]
    public void What_the_only_good_disk_cannot_read_is_never_taken_for_something_older()
    {
        BootOne(_disks[0]);
        Save();
        Migrate();
        ulong frame = FrameWithImage();
        ulong block = _fixture.Geometry.HomeBlock(frame);
        BootBoth();
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite;
        Migrate();
        for (int i = 0; i < 500 && !Machine.Mirror.IsCopied; i++)
        {
            Machine.Mirror.Work();
        }

        _fixture.Store.Tend();
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(MirrorRecord.Both));
        Assert.That(_disks[1].Read((int)block).ContainsAnyExcept(byte.MaxValue), Is.False);
    }

    [Test]
    public void A_torn_record_is_told_and_written_again_on_a_disk_that_is_alone()
    {
        BootOne(_disks[0]);
        Save();
        _fixture.Damage(_fixture.Geometry.MirrorBlock(0));
        BootOne(_disks[0]);
        Assert.That(HasReport(StoreMessage.MirrorRecordBad), Is.True);
        Save();
        BootOne(_disks[0]);
        Assert.That(Machine.Reports, Is.Empty);
        Assert.That(Record(_disks[0]), Is.EqualTo((2ul, 1u, 0u)));
    }

    [Test]
    public void Nothing_is_copied_from_a_disk_that_cannot_be_mounted()
    {
        BootOne(_disks[0]);
        Save();
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            _fixture.Damage(_fixture.Geometry.CheckpointHeaderBlock(0, copy));
            _fixture.Damage(_fixture.Geometry.CheckpointHeaderBlock(1, copy));
        }

        Assert.That(Machine.Boot(_disks[0], _disks[1]).IsMounted, Is.False);
        Copy(steps: 100);

        DemandUntouched();
    }

    [Test]
    public void What_was_not_read_once_is_not_written_over_with_what_the_other_disk_has_wrong()
    {
        (ulong frame, ulong block) = BringHome();
        byte[] right = _disks[0].Read((int)block).ToArray();
        _fixture.EvictAll();
        _disks[1].Writable((int)block)[100] ^= 4;
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite;
        Assert.That(_fixture.Store.Load(frame), Is.Not.EqualTo(Outcome.Ok));
        Machine.Disk.Fails = null;
        Save();
        Assert.That(_disks[0].Read((int)block).SequenceEqual(right), Is.True);
    }

    [Test]
    public void A_journal_that_one_disk_has_wrong_is_mended_and_flushed_before_the_other_is_made_equal()
    {
        BringHome();
        HashSet<int> blocks = [];
        int first = (int)_fixture.Geometry.JournalBlock(0);
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
            _fixture.Damage((ulong)block);
        }

        BootBoth();
        WriteAgain(_fixture.Geometry.HomeBlock(0), out _);
        Assert.That(Machine.Disk.PendingCount, Is.EqualTo(1), "what was mended is flushed");
        DemandEqual();
        BootOne(_disks[0]);
    }

    [TestCase(0, false)]
    [TestCase(1, false)]
    [TestCase(0, true)]
    public void A_disk_that_does_not_take_a_copy_of_its_record_is_saved_to(int copy, bool isTorn)
    {
        if (isTorn)
        {
            BootOne(_disks[0]);
            Save();
            _fixture.Damage(_fixture.Geometry.MirrorBlock(copy));
        }

        BootOne(_disks[0]);
        ulong only = _fixture.Geometry.MirrorBlock(copy);
        ulong other = isTorn ? _fixture.Geometry.MirrorBlock(copy ^ 1) : only;
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
        WriteAgain(_fixture.Geometry.HomeBlock(0), out DiskTransfer transfer);
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
        _fixture.EvictAll();
        WriteAgain(_fixture.Geometry.HomeBlock(frame), out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        bool isFirst = true;
        Machine.Disk.OnCall = () =>
        {
            if (isFirst)
            {
                isFirst = false;
                Machine.Disk.Vanish(CutPattern.DropAll);
                Assert.That(_fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
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
        _fixture.EvictAll();
        WriteAgain(block, out DiskTransfer transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        Machine.Disk.FailsFlushOf = written => written == block;
        Machine.Second!.FailsFlushOf = written => written == block;
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.DiskError));
        Machine.Disk.Fails = request => request.Block == block && !request.IsWrite;
        Assert.That(_fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Mirror.Flush(), Is.EqualTo(Outcome.Ok));
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
    }

    [Test]
    public void A_disk_whose_header_has_an_impossible_geometry_is_none_of_the_mirror()
    {
        ChangeHeader(_disks[0], 0, BaseVolume.Id, growth: 1);
        Assert.That(Machine.Boot(_disks[0], _disks[1]).IsMounted, Is.True);
        Assert.That(Machine.Mirror.InStep, Is.EqualTo(2u));
        Assert.That(HasReport(StoreMessage.MirrorForeign), Is.True);
    }

    [Test]
    public void Older_intact_headers_of_a_generation_on_the_first_disk_have_the_other_disk_asked()
    {
        BootBoth();
        Save();
        Migrate();
        int older = (int)_fixture.RootBlock(_fixture.Store.CommittedGeneration);
        byte[] root = _disks[0].Read(older).ToArray();
        Save();
        ulong newer = _fixture.Store.CommittedGeneration;
        int block = (int)_fixture.RootBlock(newer);
        _disks[0].Write(block, root);
        _disks[0].Write(block - 1, root);
        Demand(Machine.Boot(_disks[0], _disks[1]), Machine.Model.Fork());
        Assert.That(_fixture.Store.CommittedGeneration, Is.EqualTo(newer));
    }

    [Test]
    public void An_image_that_one_disk_has_wrong_and_the_other_did_not_read_is_tried_again()
    {
        BootBothAndChange();
        Assert.That(_fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        BootBoth();
        _fixture.EvictAll();
        ulong block = _fixture.FirstBlock(_fixture.Store.CommittedGeneration);
        _fixture.Damage(block);
        Machine.Second!.Fails = request => request.Block == block && !request.IsWrite;
        Assert.That(_fixture.Store.Migrate(), Is.EqualTo(Outcome.DiskError));
        Machine.Second.Fails = null;
        Migrate();
        Assert.That(Machine.Reports.Count(report => report.Message == StoreMessage.LogBlockBad), Is.EqualTo(1));
        Save();
        BootOne(_disks[0]);
    }

    [Test]
    public void An_object_that_one_disk_has_wrong_and_the_other_did_not_read_is_not_said_to_be_damaged()
    {
        (ulong frame, ulong block) = BringHome();
        BootBoth();
        _fixture.EvictAll();
        block = _fixture.Geometry.HomeBlock(frame);
        _fixture.Damage(block);
        Machine.Second!.Fails = request => request.Block == block;
        Assert.That(_fixture.Store.Load(frame), Is.EqualTo(Outcome.DiskError));
        Machine.Second.Fails = null;
        Assert.That(_fixture.Store.Load(frame), Is.EqualTo(Outcome.Ok));
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

    private (ulong Events, uint InStep, uint Member) Record(LayeredImage disk)
    {
        ReadOnlySpan<byte> block = disk.Read((int)_fixture.Geometry.MirrorBlock(0));
        Assert.That(block.SequenceEqual(disk.Read((int)_fixture.Geometry.MirrorBlock(1))), Is.True);
        return (BitConverter.ToUInt64(block[16..]), BitConverter.ToUInt32(block[24..]),
            BitConverter.ToUInt32(block[28..]));
    }

    /// <summary>Makes all headers another volume's.</summary>
    private void Rename(LayeredImage disk, ulong id)
    {
        ChangeHeader(disk, 0, id);
        ChangeHeader(disk, disk.BlockCount - 1, id);
    }

    /// <summary>Gives a volume header another id, and its log more blocks.</summary>
    private void ChangeHeader(LayeredImage disk, int number, ulong id, byte growth = 0)
    {
        const uint Scratch = SeededRun.MachineFrames + 2;
        Span<byte> block = Machine.Memory.Bytes(Scratch);
        disk.Read(number).CopyTo(block);
        block[40] += growth;
        BlockHeader.Seal(Machine.Memory, Scratch, VolumeHeader.MagicValue, id, 0);
        disk.Write(number, block);
    }

    /// <summary>Begins to write what a block holds, past the store.</summary>
    private void WriteAgain(ulong block, out DiskTransfer transfer)
    {
        transfer = new DiskTransfer { FirstBlock = block, Count = 1 };
        transfer.Frames[0] = SeededRun.MachineFrames + 3;
        Machine.Mirror.Start(transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        transfer.IsWrite = true;
        Machine.Mirror.Start(transfer);
    }

    private void Migrate() => Assert.That(_fixture.Store.Migrate(), Is.EqualTo(Outcome.Ok));

    /// <summary>So many pieces are copied, or looked for where to.</summary>
    private void Copy(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Machine.Mirror.Work();
        }
    }

    /// <summary>Has what was saved with both disks at home; a frame there, and its block.</summary>
    private (ulong Frame, ulong Block) BringHome()
    {
        BootBoth();
        Save();
        Migrate();
        ulong frame = FrameWithImage();
        return (frame, _fixture.Geometry.HomeBlock(frame));
    }

    private void BootBothAndChange()
    {
        BootBoth();
        Migrate();
        _fixture.Change(20);
    }

    private void BootBoth()
    {
        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(_disks[0], _disks[1]);
        Demand(result, model);
    }

    private void BootOne(LayeredImage disk)
    {
        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(disk);
        Demand(result, model);
    }

    private void Demand(in RecoveryResult result, StoreModel model)
    {
        Assert.That(
            StateChecker.Check(Machine, result, model, model.Acknowledged, _fixture.Changer), Is.Null);
        Machine.Model = model.RestartedAt(result.Generation);
    }

    private void Save()
    {
        Migrate();
        _fixture.Store.Tend();
        _fixture.Change(20);
        Assert.That(_fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
    }

    private void DemandUntouched()
    {
        Assert.That(Machine.Disk.BlocksWritten, Is.Zero);
        Assert.That(Machine.Second!.BlocksWritten, Is.Zero);
    }

    private void DemandEqual()
    {
        for (int block = 0; block < _disks[0].BlockCount; block++)
        {
            bool isRecord = (ulong)block == _fixture.Geometry.MirrorBlock(0)
                || (ulong)block == _fixture.Geometry.MirrorBlock(1);
            Assert.That(isRecord || _disks[0].Read(block).SequenceEqual(_disks[1].Read(block)), Is.True, $"{block}");
        }
    }

    private ulong FrameWithImage() => Machine.Model.At(_fixture.Store.CommittedGeneration)!.Frames
        .First(pair => pair.Value.Kind == FrameKind.Process).Key;

    private bool HasReport(StoreMessage message) => Machine.Reports.Any(report => report.Message == message);
}
