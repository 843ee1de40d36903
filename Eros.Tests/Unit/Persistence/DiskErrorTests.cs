using System.Linq;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>
/// Read and write errors while the machine runs: told, nothing lost in memory, and right again when the disk is.
/// </summary>
public sealed class DiskErrorTests
{
    private StoreFixture _fixture = null!;

    private SingleLevelStore Store => _fixture.Store;

    private CrashDisk Disk => _fixture.Machine.Disk;

    private VolumeGeometry Geometry => _fixture.Geometry;

    [SetUp]
    public void SetUp()
    {
        _fixture = new StoreFixture();
        _fixture.BootAndChange();
    }

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void A_write_error_in_the_log_leaves_everything_dirty_and_the_last_generation_in_force()
    {
        ulong before = Store.CommittedGeneration;
        int dirty = _fixture.Machine.Frames.DirtyCount;
        Disk.Fails = request => request.IsWrite && IsLog(request.Block);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Store.CommittedGeneration, Is.EqualTo(before));
        Assert.That(_fixture.HasReport(StoreMessage.CheckpointFailed, before + 1), Is.True);
        Assert.That(_fixture.Machine.Reports.Count(report => report.Message == StoreMessage.WriteError), Is.EqualTo(1));
        Assert.That(_fixture.Machine.Frames.DirtyCount, Is.EqualTo(dirty));

        Disk.Fails = null;
        _fixture.Change(10);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.CommittedGeneration, Is.EqualTo(before + 1));
        _fixture.BootRight();
    }

    [Test]
    public void After_a_snapshot_that_was_given_up_no_page_is_journalled_before_the_next_checkpoint()
    {
        ulong frame = _fixture.Machine.Model.Now.Frames.First(pair => pair.Value.Kind == FrameKind.Page).Key;
        Disk.Fails = request => request.IsWrite && IsLog(request.Block);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Disk.Fails = null;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Journal(frame), Is.EqualTo(Outcome.NoSpace));
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Journal(frame), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void A_block_of_the_log_that_takes_no_write_is_gone_round()
    {
        ulong before = Store.CommittedGeneration;
        ulong bad = 0;
        Disk.Fails = request =>
        {
            bad = bad == 0 && request.IsWrite && IsLog(request.Block) ? request.Block + 5 : bad;
            return request.IsWrite && request.Block == bad;
        };
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok), "in another place");
        Assert.That(Store.CommittedGeneration, Is.EqualTo(before + 1));
        _fixture.BootRight();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void After_an_error_in_the_header_the_same_generation_is_committed_at_the_next_try()
    {
        ulong before = Store.CommittedGeneration;
        ulong header = Geometry.CheckpointHeaderBlock(before + 1, 0);
        Disk.Fails = request => request.IsWrite && request.Block == header;
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        int written = Disk.BlocksWritten;

        // Changes that are made meanwhile are not part of it.
        Disk.Fails = null;
        _fixture.Change(10);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Disk.BlocksWritten - written, Is.EqualTo(2), "the two copies of the header, not the log again");
        Assert.That(Store.CommittedGeneration, Is.EqualTo(before + 1));
        _fixture.BootRight();
    }

    [Test]
    public void Migration_waits_until_both_copies_of_the_header_can_be_written()
    {
        ulong copy = Geometry.CheckpointHeaderBlock(Store.CommittedGeneration + 1, 1);
        Disk.Fails = request => request.IsWrite && request.Block == copy;
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok), "one copy commits");
        int written = Disk.BlocksWritten;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Disk.BlocksWritten, Is.EqualTo(written), "no home block may change yet");
        Disk.Fails = null;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void A_write_error_at_home_leaves_the_generation_in_the_log()
    {
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Disk.Fails = request => request.IsWrite && IsHome(request.Block);
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Store.NeedsMigration, Is.True);
        _fixture.BootRight();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void A_failed_flush_of_the_log_leaves_the_last_generation_in_force()
    {
        ulong before = Store.CommittedGeneration;
        Disk.FailsFlushOf = IsLog;
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Store.CommittedGeneration, Is.EqualTo(before));
        Disk.FailsFlushOf = null;
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void A_failed_flush_of_the_header_is_made_good_at_the_next_try()
    {
        ulong before = Store.CommittedGeneration;
        Disk.FailsFlushOf = block => block == Geometry.CheckpointHeaderBlock(before + 1, 0);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.DiskError));
        Disk.FailsFlushOf = null;
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.CommittedGeneration, Is.EqualTo(before + 1));
        _fixture.BootRight();
    }

    [Test]
    public void A_failed_flush_of_home_blocks_leaves_the_generation_in_the_log()
    {
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Disk.FailsFlushOf = IsHome;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Store.NeedsMigration, Is.True);
        Disk.FailsFlushOf = null;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void A_tag_block_that_lands_elsewhere_on_its_way_home_is_written_again()
    {
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        int tags = (int)Geometry.TagBlockOf(0);
        bool isFirst = true;
        Disk.Misdirects = block =>
        {
            bool goesAstray = block == tags && isFirst;
            isFirst &= !goesAstray;
            return goesAstray ? (int)Geometry.LogFirst + (int)Geometry.LogBlocks - 1 : block;
        };
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.DiskError));
        Assert.That(isFirst, Is.False);
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void An_unreadable_block_of_the_log_costs_its_own_object_only()
    {
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        StoreModel model = _fixture.Machine.Model.RestartedAt(Store.CommittedGeneration);
        ulong bad = 0;
        Disk.Fails = request =>
        {
            // The third image of the generation, in the middle of a large transfer.
            bad = bad == 0 && !request.IsWrite && request.Block < Geometry.HomeFirst ? request.Block + 2 : bad;
            return !request.IsWrite && request.Block == bad;
        };
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(_fixture.HasReport(StoreMessage.LogBlockBad, bad), Is.True);
        Disk.Fails = null;
        _fixture.Boot();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        string? error = StateChecker.CheckFrames(_fixture.Machine, model.Now, _fixture.Changer, null);
        Assert.That(error, Is.Null, "read well this time");
    }

    [Test]
    public void What_the_log_has_lost_before_it_was_brought_home_is_taken_from_memory()
    {
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        ulong block = _fixture.FirstBlock(Store.CommittedGeneration);
        _fixture.Damage(block);
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(_fixture.HasReport(StoreMessage.LogBlockBad, block), Is.True);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void A_read_error_in_the_log_that_passes_costs_no_object()
    {
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        ulong block = _fixture.FirstBlock(Store.CommittedGeneration);
        _fixture.BootRight();
        _fixture.EvictAll();
        Disk.Fails = request => request.Block == block;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.DiskError), "to be tried again");
        Disk.Fails = null;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
    }

    [Test]
    public void A_read_error_in_the_log_that_stays_does_not_hold_up_the_next_checkpoint()
    {
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        ulong block = _fixture.FirstBlock(Store.CommittedGeneration);
        _fixture.BootRight();
        _fixture.EvictAll();
        Disk.Fails = request => request.Block == block;
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.DiskError));
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void An_unreadable_object_is_told_by_its_OID_and_is_there_when_the_disk_is_right()
    {
        _fixture.Boot();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        ulong frame = FrameWithImage();
        ulong block = Geometry.HomeBlock(frame);
        Disk.Fails = request => request.Block == block;
        Assert.That(Store.Load(frame), Is.EqualTo(Outcome.DiskError));
        Assert.That(_fixture.HasReport(StoreMessage.ObjectUnreadable, Oid.Of(frame).Value), Is.True);
        Disk.Fails = null;
        Assert.That(Store.Load(frame), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void A_tag_block_that_cannot_be_read_is_not_said_to_be_damaged()
    {
        _fixture.Boot();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        ulong frame = FrameWithImage();
        _fixture.EvictAll();
        Disk.Fails = request => !request.IsWrite;
        Assert.That(Store.Load(frame), Is.EqualTo(Outcome.DiskError));
        ulong first = frame / TagBlock.FramesPerCluster * TagBlock.FramesPerCluster;
        Assert.That(_fixture.HasReport(StoreMessage.ObjectUnreadable, Oid.Of(first).Value), Is.True);
        Assert.That(_fixture.HasReport(StoreMessage.TagBlockBad, Oid.Of(first).Value), Is.False);
    }

    [Test]
    public void A_disk_that_cannot_be_read_is_refused_without_a_write()
    {
        var fixture = new StoreFixture();
        fixture.Boot();
        fixture.Machine.Disk.Fails = _ => true;
        Assert.That(fixture.Store.Mount(fixture.Machine.Disk).Refusal, Is.EqualTo(StoreMessage.DiskUnreadable));
        Assert.That(fixture.Machine.Disk.BlocksWritten, Is.Zero);
        fixture.Dispose();
    }

    private bool IsLog(ulong block) => block >= Geometry.LogFirst && block < Geometry.HomeFirst;

    /// <summary>Behind the home blocks are second copies of headers.</summary>
    private bool IsHome(ulong block) =>
        block >= Geometry.HomeFirst && block < Disk.BlockCount - VolumeGeometry.EndBlocks;

    /// <summary>A frame of the volume that is not empty.</summary>
    private ulong FrameWithImage()
    {
        StoreModel model = _fixture.Machine.Model;
        ModelState state = model.At(Store.CommittedGeneration)!;
        return state.Frames.First(pair => pair.Value.Kind == FrameKind.Process).Key;
    }
}
