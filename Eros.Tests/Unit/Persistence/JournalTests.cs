using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Pages that are durable ahead of the next checkpoint (invariants J1 to J3).</summary>
public sealed class JournalTests
{
    private StoreFixture _fixture = null!;
    private ulong _page;
    private ulong _other;

    private SimulatedMachine Machine => _fixture.Machine;

    private SingleLevelStore Store => _fixture.Store;

    [SetUp]
    public void SetUp()
    {
        _fixture = new StoreFixture();
        _fixture.BootRight();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        List<ulong> pages = [];
        foreach (ulong frame in _fixture.Changer.Frames)
        {
            if (Machine.Model.Now[frame].Kind == FrameKind.Page)
            {
                pages.Add(frame);
            }
        }

        (_page, _other) = (pages[0], pages[1]);
    }

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void A_page_is_durable_without_a_checkpoint_and_nothing_else_is()
    {
        Write(_page, 1);
        Write(_other, 2);
        Journal(_page);
        Write(_page, 3);
        _fixture.BootRight();
        Assert.That((Read(_page), Read(_other) == 2), Is.EqualTo((1ul, false)));
    }

    [Test]
    public void The_newest_of_its_records_counts()
    {
        Write(_page, 1);
        Journal(_page);
        Write(_page, 2);
        Journal(_page);
        _fixture.BootRight();
        Assert.That(Read(_page), Is.EqualTo(2ul));
    }

    [Test]
    public void Journalling_goes_on_after_a_restart()
    {
        Write(_page, 1);
        Journal(_page);
        _fixture.BootRight();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Write(_other, 2);
        Journal(_other);
        _fixture.BootRight();
        Assert.That((Read(_page), Read(_other)), Is.EqualTo((1ul, 2ul)));
    }

    [Test]
    public void What_came_back_from_the_journal_is_part_of_the_next_checkpoint()
    {
        Write(_page, 1);
        Journal(_page);
        _fixture.BootRight();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        CheckpointAndMigrate();
        _fixture.BootRight();
        Assert.That(Read(_page), Is.EqualTo(1ul));
    }

    [Test]
    public void A_record_ends_with_its_generation()
    {
        Write(_page, 1);
        Journal(_page);
        Write(_page, 2);
        CheckpointAndMigrate();
        _fixture.BootRight();
        Assert.That(Read(_page), Is.EqualTo(2ul));
    }

    [Test]
    public void A_page_that_is_not_dirty_takes_no_record()
    {
        int before = Machine.Disk.BlocksWritten;
        Journal(_page);
        Assert.That(Machine.Disk.BlocksWritten, Is.EqualTo(before));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_page_with_another_owner_than_in_the_checkpoint_is_left_as_it_is_there(bool isRetyped)
    {
        int entry = Dirty(_page);
        FrameModel model = Machine.Model.Now[_page];
        if (isRetyped)
        {
            Machine.Frames.Create(entry, FrameKind.Pot, 0);
            Machine.Frames.Create(entry, FrameKind.Page, 0);
            Machine.Model.Now.Frames[_page] = model.Retyped(FrameKind.Pot).Retyped(FrameKind.Page);
        }
        else
        {
            Machine.Frames.Rescind(entry, 0);
            Machine.Model.Now.Frames[_page] = model.Rescinded();
        }

        Write(_page, 7);
        Assert.That(Machine.Frames.HasSavedPage(_page, Machine.Frames[entry].Version), Is.False);
        Assert.That(Store.Journal(_page), Is.EqualTo(Outcome.Ok), "it has become so after its order was checked");
        _fixture.BootRight();
    }

    [Test]
    public void A_full_journal_waits_for_a_checkpoint()
    {
        for (ulong i = 0; i < VolumeGeometry.JournalRecords; i++)
        {
            Write(_page, i + 1);
            Journal(_page);
        }

        Write(_page, 1000);
        Assert.That(Machine.Journal(_page), Is.EqualTo(Outcome.NoSpace));
        CheckpointAndMigrate();
        Write(_page, 1001);
        Journal(_page);
        _fixture.BootRight();
        Assert.That(Read(_page), Is.EqualTo(1001ul));
    }

    [Test]
    public void Nothing_is_journalled_before_the_generation_is_at_home()
    {
        Write(_page, 1);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Write(_page, 2);
        Assert.That(Machine.Journal(_page), Is.EqualTo(Outcome.NoSpace), "J1");
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Journal(_page);
        _fixture.BootRight();
        Assert.That(Read(_page), Is.EqualTo(2ul));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Nothing_is_journalled_after_a_checkpoint_that_failed(bool inTheLog)
    {
        Write(_page, 1);
        VolumeGeometry geometry = _fixture.Geometry;
        ulong header = geometry.CheckpointHeaderBlock(Store.CommittedGeneration + 1, 0);
        Machine.Disk.Fails = request => request.IsWrite
            && (inTheLog ? request.Block >= geometry.LogFirst : request.Block == header);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Machine.Disk.Fails = null;
        Write(_page, 2);
        Assert.That(Machine.Journal(_page), Is.EqualTo(Outcome.NoSpace), "J1");
        CheckpointAndMigrate();
        _fixture.BootRight();
    }

    [Test]
    public void A_record_that_could_not_be_written_is_written_again()
    {
        Write(_page, 1);
        ulong block = _fixture.Geometry.JournalBlock(0);
        Machine.Disk.Fails = request => request.IsWrite && request.Block == block;
        Assert.That(Machine.Journal(_page), Is.EqualTo(Outcome.DiskError));
        Assert.That(_fixture.HasReport(StoreMessage.WriteError, block));
        Machine.Disk.Fails = null;
        Machine.Reports.Clear();
        Journal(_page);
        _fixture.BootRight();
        Assert.That(Read(_page), Is.EqualTo(1ul));
    }

    [TestCase(0ul)]
    [TestCase(1ul)]
    public void The_last_record_when_damaged_counts_as_never_finished(ulong half)
    {
        Write(_page, 1);
        Journal(_page);
        Write(_page, 2);
        Journal(_page);
        _fixture.Damage(_fixture.Geometry.JournalBlock(1) + half);
        Assert.That(_fixture.Boot().IsMounted, Is.True);
        Assert.That(Read(_page), Is.EqualTo(1ul));
        Assert.That(Machine.Reports, Is.Empty);
    }

    [TestCase(0ul)]
    [TestCase(1ul)]
    public void A_damaged_record_is_told_and_left_out(ulong half)
    {
        ulong before = Read(_page);
        Write(_page, 1);
        Journal(_page);
        Write(_other, 2);
        Journal(_other);
        _fixture.Damage(_fixture.Geometry.JournalBlock(0) + half);
        Assert.That(_fixture.Boot().IsMounted, Is.True);
        Assert.That((Read(_page), Read(_other)), Is.EqualTo((before, 2ul)));
        Assert.That(_fixture.HasReport(StoreMessage.JournalBad, 0));
    }

    [Test]
    public void Where_records_could_not_be_read_none_is_written_before_the_next_checkpoint()
    {
        for (ulong value = 1; value <= 4; value++)
        {
            Write(_page, value);
            Journal(_page);
        }

        // Two of them cannot be read for a while.
        ulong[] bad = [_fixture.Geometry.JournalBlock(1), _fixture.Geometry.JournalBlock(2)];
        bool IsBad((ulong Block, bool IsWrite) request) => Array.IndexOf(bad, request.Block) >= 0;
        Assert.That(_fixture.Boot(fails: IsBad).IsMounted, Is.True);
        Assert.That((Read(_page), Machine.Reports.Count), Is.EqualTo((4ul, 2)));
        Machine.Disk.Fails = null;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Machine.Words(Dirty(_page))[9] = 5;
        Assert.That(Store.Journal(_page), Is.EqualTo(Outcome.NoSpace));
        Machine.Words(Dirty(_page))[9] = 4;
        CheckpointAndMigrate();
        Write(_page, 6);
        Journal(_page);
        Assert.That(_fixture.Boot().IsMounted, Is.True);
        Assert.That((Read(_page), Machine.Reports.Count), Is.EqualTo((6ul, 0)));
    }

    [TestCase(0ul)]
    [TestCase(1ul)]
    public void A_record_that_is_read_at_the_second_try_counts(ulong half)
    {
        Write(_page, 1);
        Journal(_page);
        ulong bad = _fixture.Geometry.JournalBlock(0) + half;
        int tries = 0;
        bool Fails((ulong Block, bool IsWrite) request) => request.Block == bad && tries++ == 0;
        Assert.That(Machine.Boot(_fixture.Image, fails: Fails).IsMounted, Is.True);
        Assert.That((Read(_page), tries, Machine.Reports.Count), Is.EqualTo((1ul, 2, 0)));
    }

    [Test]
    public void A_tag_block_that_is_not_read_at_the_mount_is_tried_again_before_a_record_is_left_out()
    {
        Write(_page, 1);
        Journal(_page);
        bool Fails((ulong Block, bool IsWrite) request) => Machine.Reports.Count == 0
            && BitConverter.ToUInt32(_fixture.Image.Read((int)request.Block)[4..]) == TagBlock.MagicValue;
        Assert.That(Machine.Boot(_fixture.Image, fails: Fails).IsMounted, Is.True);
        Assert.That(Machine.Reports.Single().Message, Is.EqualTo(StoreMessage.ObjectUnreadable));
        Assert.That(Read(_page), Is.EqualTo(1ul));
    }

    [TestCase(0ul)]
    [TestCase(1ul)]
    public void The_last_record_when_unreadable_is_told(ulong half)
    {
        Write(_page, 1);
        Journal(_page);
        Write(_other, 2);
        Journal(_other);
        ulong bad = _fixture.Geometry.JournalBlock(1) + half;
        Assert.That(_fixture.Boot(fails: request => request.Block == bad).IsMounted, Is.True);
        Assert.That(_fixture.HasReport(StoreMessage.JournalBad, 1));
        Assert.That(Read(_page), Is.EqualTo(1ul));
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Journal(_page), Is.EqualTo(Outcome.NoSpace));
    }

    [Test]
    public void A_record_of_what_is_no_page_is_left_out()
    {
        // No kernel writes these. Last a frame with capabilities, of the right version.
        bool IsPot(ulong frame) => Machine.Model.Now[frame].Kind == FrameKind.Pot;
        ulong pot = Array.Find(_fixture.Changer.Frames.ToArray(), IsPot);
        (ulong Frame, uint Version)[] forged =
        [
            (FrameTable.TagKey(_page), 0), (Store.Geometry.HomeFrames, 0), (ulong.MaxValue, 0),
            (pot, Machine.Model.Now[pot].Version),
        ];
        for (ulong i = 0; i < (ulong)forged.Length; i++)
        {
            Write(_page, i);
            Journal(_page);
        }

        Machine.Disk.Flush();
        uint pfn = Machine.Frames.AllocateFrame();
        ulong volume = BitConverter.ToUInt64(_fixture.Image.Read(0)[8..]);
        for (ulong i = 0; i < (ulong)forged.Length; i++)
        {
            Span<byte> block = _fixture.Image.Writable((int)_fixture.Geometry.JournalBlock(i) + 1);
            block.CopyTo(Machine.Memory.Bytes(pfn));
            ref JournalRecord record = ref Machine.Memory.As<JournalRecord>(pfn);
            (record.Page.Frame, record.Page.Version) = forged[i];
            ulong name = JournalRecord.NameOf(volume, Store.CommittedGeneration, i);
            BlockHeader.Seal(Machine.Memory, pfn, JournalRecord.MagicValue, name, Store.CommittedGeneration);
            Machine.Memory.Bytes(pfn).CopyTo(block);
        }

        Assert.That(_fixture.Boot().IsMounted, Is.True);
        Assert.That(Machine.Frames.DirtyCount, Is.Zero);
    }

    [Test]
    public void A_journalled_page_needs_no_other_image()
    {
        // What is damaged is its image in the log; home, where it is whole, has the page as it was before.
        Write(_page, 1);
        CheckpointAndMigrate();
        ulong image = _fixture.FirstBlock(Store.CommittedGeneration);
        Write(_page, 2);
        Journal(_page);
        _fixture.Damage(image);
        _fixture.BootRight();
        CheckpointAndMigrate(isMigrated: false);
        _fixture.BootRight();
        Assert.That(Read(_page), Is.EqualTo(2ul));
    }

    [Test]
    public void A_page_that_looks_like_a_record_is_none()
    {
        // Record 1, for the other page, complete: but it stands where pages stand.
        Write(_page, 1);
        ref JournalRecord forged = ref Machine.Memory.As<JournalRecord>(Machine.Frames[Machine.Entry(_page)].Pfn);
        forged.Page.Frame = _other;
        forged.Page.Version = Machine.Model.Now[_other].Version;
        uint pfn = Machine.Frames[Machine.Entry(_page)].Pfn;
        ulong volume = BitConverter.ToUInt64(_fixture.Image.Read(0)[8..]);
        ulong name = JournalRecord.NameOf(volume, Store.CommittedGeneration, 1);
        BlockHeader.Seal(Machine.Memory, pfn, JournalRecord.MagicValue, name, Store.CommittedGeneration);
        ulong other = Read(_other);
        Assert.That(Store.Journal(_page), Is.EqualTo(Outcome.Ok));
        Assert.That(_fixture.Boot().IsMounted, Is.True);
        Assert.That(Read(_other), Is.EqualTo(other));
        Assert.That(Machine.Reports, Is.Empty);
    }

    [Test]
    public void Too_little_memory_for_what_was_journalled_is_a_refusal()
    {
        Write(_page, 1);
        Journal(_page);
        Assert.That(_fixture.Boot().IsMounted, Is.True);
        int least = SeededRun.MachineFrames - Machine.Frames.FreeFrames;
        using var small = new SimulatedMachine(least - 1, _fixture.Image) { Model = Machine.Model };
        RecoveryResult result = small.Boot(_fixture.Image);
        Assert.That(result.Refusal, Is.EqualTo(StoreMessage.TooLittleMemory));
    }

    private int Dirty(ulong frame)
    {
        int entry = Machine.Entry(frame);
        Assert.That(Machine.MakeDirty(entry), Is.True);
        return entry;
    }

    private void Write(ulong frame, ulong value)
    {
        Machine.Words(Dirty(frame))[9] = value;
        Machine.Model.Now.Frames[frame] = Machine.Model.Now[frame].With((9, value));
    }

    private ulong Read(ulong frame) => Machine.Words(Machine.Entry(frame))[9];

    private void Journal(ulong frame) => Assert.That(Machine.Journal(frame), Is.EqualTo(Outcome.Ok));

    private void CheckpointAndMigrate(bool isMigrated = true)
    {
        Assert.That(isMigrated || Store.Migrate() == Outcome.Ok);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
    }
}
