using System;
using System.Text;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>
/// Disks that are missing, foreign or damaged: a clear line, and nothing written that makes it worse.
/// </summary>
public sealed class DamagedVolumeTests
{
    private StoreFixture _fixture = null!;

    private SingleLevelStore Store => _fixture.Store;

    private VolumeGeometry Geometry => _fixture.Geometry;

    [SetUp]
    public void SetUp() => _fixture = new StoreFixture();

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void No_disk() => Assert.That(_fixture.Refusal(new LayeredImage(0, null)), Is.EqualTo(StoreMessage.NoDisk));

    [Test]
    public void Blank_disk([Values(1, 7, 1000)] int blocks) =>
        Assert.That(_fixture.Refusal(new LayeredImage(blocks, null)), Is.EqualTo(StoreMessage.BlankDisk));

    [TestCase(0)]
    [TestCase(30)]
    [TestCase(999)]
    public void Foreign_disk(int blockWithSomething)
    {
        var image = new LayeredImage(1000, null);
        image.Writable(blockWithSomething)[510] = 0x55;
        Assert.That(_fixture.Refusal(image), Is.EqualTo(StoreMessage.ForeignDisk));
    }

    [Test]
    public void Truncated_volume()
    {
        var image = new LayeredImage(900, null);
        Copy(_fixture.Image, image, 900);
        Assert.That(_fixture.Refusal(image), Is.EqualTo(StoreMessage.VolumeTruncated));
    }

    [Test]
    public void Volume_on_a_larger_disk_is_mounted()
    {
        var image = new LayeredImage(_fixture.Image.BlockCount + 100, null);
        Copy(_fixture.Image, image, _fixture.Image.BlockCount);
        Assert.That(_fixture.Boot(image).IsMounted, Is.True);
        Assert.That(_fixture.Machine.Reports, Is.Empty);
    }

    [Test]
    public void A_damaged_tag_block_in_the_log_is_brought_home_though_no_memory_is_free()
    {
        _fixture.BootAndChange();
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        ulong position = _fixture.FirstBlock(Store.CommittedGeneration) - Geometry.LogFirst;
        int block;
        do
        {
            block = (int)Geometry.LogBlock(position++);
        }
        while (BitConverter.ToUInt32(_fixture.Image.Read(block)[4..]) != TagBlock.MagicValue);

        _fixture.Damage((ulong)block);
        _fixture.BootRight();
        FrameTable frames = _fixture.Machine.Frames;
        _fixture.EvictAll();
        for (int entry = 0; entry < frames.Capacity; entry++)
        {
            if (frames[entry].Pfn != 0 && frames[entry].Kind == FrameKind.Tag)
            {
                frames.Remove(entry);
            }
        }

        while (frames.AllocateFrame() != 0)
        {
        }

        // After one more checkpoint nothing is read from the log.
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        _fixture.Machine.Reports.Clear();
        _fixture.BootRight();
    }

    [Test]
    public void Another_format_or_protocol_is_refused_by_number()
    {
        RecoveryResult result = _fixture.Boot(protocol: 2);
        Assert.That(result.Refusal, Is.EqualTo(StoreMessage.ProtocolDiffers));
        Assert.That((result.First, result.Second), Is.EqualTo((1ul, 2ul)));
    }

    [Test]
    public void A_processor_that_lacks_a_feature_is_refused()
    {
        RecoveryResult result = _fixture.Boot(features: 5);
        Assert.That(result.Refusal, Is.EqualTo(StoreMessage.LesserProcessor));
        Assert.That(result.First, Is.EqualTo(2ul));
    }

    [Test]
    public void A_processor_with_more_features_is_welcome() =>
        Assert.That(_fixture.Boot(features: 15).IsMounted, Is.True);

    [Test]
    public void Too_little_memory_is_told_with_numbers()
    {
        using var machine = new SimulatedMachine(100, _fixture.Image);
        RecoveryResult result = machine.Boot(_fixture.Image);
        Assert.That(result.Refusal, Is.EqualTo(StoreMessage.TooLittleMemory));
        Assert.That(result.First, Is.GreaterThan(100ul));
        Assert.That(result.Second, Is.EqualTo(100ul));
    }

    [Test]
    public void One_copy_of_the_volume_header_is_enough([Values(0, 1)] int copy)
    {
        _fixture.BootRight();
        _fixture.Damage(Geometry.VolumeHeaderBlock(copy));
        Assert.That(_fixture.Boot().IsMounted, Is.True);
        Assert.That(_fixture.HasReport(StoreMessage.VolumeHeaderCopyBad, (ulong)copy), Is.True);
    }

    [Test]
    public void Without_a_volume_header_it_is_a_damaged_volume_not_a_foreign_disk()
    {
        _fixture.BootRight();
        _fixture.Damage(Geometry.VolumeHeaderBlock(0));
        _fixture.Damage(Geometry.VolumeHeaderBlock(1));
        Assert.That(_fixture.Refusal(), Is.EqualTo(StoreMessage.VolumeHeaderBad));
    }

    [Test]
    public void One_copy_of_a_checkpoint_header_is_enough_and_the_other_is_written_again([Values(0, 1)] int copy)
    {
        _fixture.BootRight();
        ulong generation = Store.CommittedGeneration;
        ulong block = Geometry.CheckpointHeaderBlock(generation, copy);
        _fixture.Damage(block);
        Assert.That(_fixture.Boot().Generation, Is.EqualTo(generation));
        Assert.That(_fixture.HasReport(StoreMessage.HeaderCopyBad, block), Is.True);
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
        Assert.That(_fixture.Machine.Reports, Is.Empty);
    }

    [Test]
    public void One_migration_mark_is_enough([Values(0, 1)] int copy)
    {
        _fixture.BootRight();
        ulong generation = Store.CommittedGeneration;
        _fixture.Damage(Geometry.MarkBlock(copy));
        Assert.That(_fixture.Boot().Generation, Is.EqualTo(generation));
        Assert.That(_fixture.HasReport(StoreMessage.MarkCopyBad, Geometry.MarkBlock(copy)), Is.True);
    }

    [Test]
    public void Headers_bad_before_their_migration_began_give_the_generation_before()
    {
        CommitWithoutMigration(out ulong generation);
        DamageHeaders(generation);
        RecoveryResult result = _fixture.Boot();
        Assert.That(result.Generation, Is.EqualTo(generation - 1));
        CheckAndGoOn(generation - 1);
    }

    [Test]
    public void A_directory_that_is_bad_before_its_migration_began_gives_the_generation_before()
    {
        CommitWithoutMigration(out ulong generation);
        _fixture.DamageRoot(generation);
        RecoveryResult result = _fixture.Boot();
        Assert.That(result.Generation, Is.EqualTo(generation - 1));
        Assert.That(_fixture.HasReport(StoreMessage.OlderGeneration, generation), Is.True);
        CheckAndGoOn(generation - 1);
    }

    [Test]
    public void After_going_back_no_old_header_can_come_to_life_again()
    {
        CommitWithoutMigration(out ulong generation);
        _fixture.DamageRoot(generation);
        _fixture.Boot();
        _fixture.Machine.Model = _fixture.Machine.Model.RestartedAt(generation - 1);
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));

        // Cut in the next stabilisation, and let the block be readable again: its header must be gone by then.
        _fixture.Machine.OnPhase = phase => ThrowIn(phase, StorePhase.Commit);
        Assert.That(() => Store.Checkpoint(), Throws.TypeOf<PowerCutException>());
        _fixture.DamageRoot(generation);
        _fixture.Machine.OnPhase = null;
        Assert.That(_fixture.Boot().Generation, Is.EqualTo(generation - 1));
    }

    [Test]
    public void Headers_bad_after_their_migration_began_are_the_end()
    {
        _fixture.BootAndChange();
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        DamageHeaders(Store.CommittedGeneration);
        Assert.That(_fixture.Refusal(), Is.EqualTo(StoreMessage.MigrationBegun));
    }

    [Test]
    public void A_directory_that_is_bad_after_its_migration_began_is_the_end()
    {
        _fixture.BootAndChange();
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        _fixture.DamageRoot(Store.CommittedGeneration);
        Assert.That(_fixture.Refusal(), Is.EqualTo(StoreMessage.GenerationBad));
    }

    [Test]
    public void A_mark_that_a_reset_left_in_the_disks_cache_is_durable_before_home_blocks_are_written()
    {
        CommitWithoutMigration(out ulong generation);
        StopAt(block => block == Geometry.MarkBlock(0));
        _fixture.Machine.Reset();
        int homeBlocks = 0;
        StopAt(block => block >= Geometry.HomeFirst && ++homeBlocks == 10);

        // Now the power goes, and of what is in the cache the oldest write is lost.
        _fixture.Machine.Disk.Cut(_fixture.Image, CutPattern.DropOne(0));
        _fixture.DamageRoot(generation);
        Assert.That(_fixture.Refusal(), Is.EqualTo(StoreMessage.GenerationBad), "not the generation before");
    }

    [Test]
    public void All_headers_bad()
    {
        _fixture.BootRight();
        DamageHeaders(Store.CommittedGeneration);
        DamageHeaders(Store.CommittedGeneration + 1);
        Assert.That(_fixture.Refusal(), Is.EqualTo(StoreMessage.NoCheckpoint));
    }

    [Test]
    public void Without_marks_a_volume_is_mounted_only_if_its_newest_header_is_proved()
    {
        _fixture.BootAndChange();
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        ulong generation = Store.CommittedGeneration;
        _fixture.Damage(Geometry.MarkBlock(0));
        _fixture.Damage(Geometry.MarkBlock(1));
        Assert.That(_fixture.Boot().Generation, Is.EqualTo(generation));
        DamageHeaders(generation);
        Assert.That(_fixture.Refusal(), Is.EqualTo(StoreMessage.MarksBad));
    }

    [Test]
    public void Every_message_has_a_line_of_its_own_with_its_numbers()
    {
        var seen = new System.Collections.Generic.HashSet<string>();
        Span<byte> line = stackalloc byte[StoreText.LineBytes];
        foreach (StoreMessage message in Enum.GetValues<StoreMessage>())
        {
            if (message != StoreMessage.None)
            {
                int length = StoreText.Format(message, ulong.MaxValue, ulong.MaxValue, line);
                string text = Encoding.ASCII.GetString(line[..length]);
                Assert.That(text, Does.Not.Contain("%"));
                Assert.That(seen.Add(text) || message == StoreMessage.LastRefusal, Is.True, text);
            }
        }

        int end = StoreText.Format(StoreMessage.MemoryFull, 0xABCDEF, 0, line);
        string full = Encoding.ASCII.GetString(line[..end]);
        Assert.That(full, Is.EqualTo("memory is full: object 000000abcdef waits for room"));
        end = StoreText.Format(StoreMessage.GenerationBad, 12, 0, line);
        Assert.That(Encoding.ASCII.GetString(line[..end]), Does.EndWith(" nothing older is safe; --fresh starts anew"));
        end = StoreText.Format(StoreMessage.LesserProcessor, 4, 0, line);
        Assert.That(Encoding.ASCII.GetString(line[..end]), Does.EndWith(" features 4 that this machine lacks"));
        end = StoreText.Format(StoreMessage.OlderGeneration, 12, 11, line);
        string older = Encoding.ASCII.GetString(line[..end]);
        Assert.That(older, Does.StartWith("generation 12 ").And.EndWith(" resuming generation 11"));
    }

    private static void ThrowIn(StorePhase phase, StorePhase when)
    {
        if (phase == when)
        {
            throw new PowerCutException();
        }
    }

    private static void Copy(LayeredImage from, LayeredImage to, int blocks)
    {
        for (int block = 0; block < blocks; block++)
        {
            to.Write(block, from.Read(block));
        }
    }

    private void CommitWithoutMigration(out ulong generation)
    {
        _fixture.BootAndChange();
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        generation = Store.CommittedGeneration;
    }

    /// <summary>Migrates until a block is written of which <paramref name="isLast"/>.</summary>
    private void StopAt(Predicate<ulong> isLast)
    {
        _fixture.Machine.Disk.OnWrite = block =>
        {
            if (isLast((ulong)block))
            {
                throw new PowerCutException();
            }
        };
        Assert.That(() => Store.Migrate(), Throws.TypeOf<PowerCutException>());
    }

    private void DamageHeaders(ulong generation)
    {
        _fixture.Damage(Geometry.CheckpointHeaderBlock(generation, 0));
        _fixture.Damage(Geometry.CheckpointHeaderBlock(generation, 1));
    }

    /// <summary>All is as in that generation, and later checkpoints are right.</summary>
    private void CheckAndGoOn(ulong generation)
    {
        StoreModel model = _fixture.Machine.Model;
        _fixture.Machine.Model = model.RestartedAt(generation);
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        _fixture.Change(20);
        Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        _fixture.BootRight();
        Assert.That(Store.CommittedGeneration, Is.EqualTo(generation + 1));
    }
}
