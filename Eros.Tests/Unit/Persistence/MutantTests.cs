using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>
/// The crash simulator finds the mistakes that it is there for: each of these edits to the store makes it wrong, and
/// each is caught.
/// </summary>
[Category(TestKind.Crash), Parallelizable(ParallelScope.All)]
public sealed class MutantTests
{
    private const int Runs = 10000;

    /// <summary>Seeds shortly before one that shows a rare mistake, so that it need not be waited for: a block of the
    /// one kind whose damage shows it is met once in some 4,000 runs.</summary>
    private const ulong BeforeLostList = 3900;

    /// <inheritdoc cref="BeforeLostList"/>
    private const ulong BeforeForgottenHome = 400;

    /// <summary>The same, on a disk that does one thing: a tag block that lands on another is met once in some 20,000.
    /// </summary>
    private const ulong BeforeMisdirectedTags = 26800;

    /// <inheritdoc cref="BeforeMisdirectedTags"/>
    private const ulong BeforeLostTags = 3300;

    private const string Stabiliser = "Eros.Persistence/Checkpoint/Stabiliser.cs";
    private const string HeaderSlots = "Eros.Persistence/Checkpoint/HeaderSlots.cs";
    private const string Loader = "Eros.Persistence/Store/Loader.cs";
    private const string StoreFile = "Eros.Persistence/Store/SingleLevelStore.cs";
    private const string Journal = "Eros.Persistence/Store/SingleLevelStore.Journal.cs";
    private const string FrameImage = "Eros.Persistence/Store/FrameImage.cs";
    private const string FrameTable = "Eros.Persistence/Store/FrameTable.Snapshot.cs";
    private const string Ageing = "Eros.Persistence/Store/FrameTable.Ageing.cs";
    private const string Entering = "Eros.Persistence/Store/FrameTable.cs";

    [Test]
    public void The_store_as_it_is_passes() => Assert.That(StoreMutant.FirstFailure(200), Is.Null);

    [Test]
    public void Dropping_the_flush_before_the_header_is_caught() => Caught(
        new SourceEdit(Stabiliser, "_writer.FinishAndFlush()", "_writer.Finish()"));

    [Test]
    public void Dropping_the_flush_after_the_header_is_caught() => Caught(
        new SourceEdit(HeaderSlots, "outcome == Outcome.Ok ? _volume.Flush() : outcome", "outcome"));

    [Test]
    public void Committing_before_the_log_is_written_is_caught() => Caught(
        new SourceEdit(Stabiliser, "_writer.FinishAndFlush()", "Outcome.Ok"));

    [Test]
    public void Committing_before_the_log_is_begun_is_caught() => Caught(
        new SourceEdit(
            StoreFile,
            "Outcome outcome = _stabiliser.Write(",
            "_slots.Begin(generation); _slots.Commit(); Outcome outcome = _stabiliser.Write("));

    [Test]
    public void Migrating_before_the_second_copy_of_the_header_is_caught() => Caught(
        new SourceEdit(HeaderSlots, "Outcome outcome = WriteMissingCopies();", "Outcome outcome = Outcome.Ok;"),
        new SourceEdit(StoreFile, "            _slots.WriteMissingCopies();\n", string.Empty));

    [Test]
    public void Migrating_before_the_mark_is_caught() => Caught(
        new SourceEdit(HeaderSlots, "if (_mark == generation && home == _home)", "if (generation != 0)"));

    [Test]
    public void Saving_a_pin_as_it_is_later_is_caught() => Caught(
        new SourceEdit(Ageing, "e.SnapshotPfn != 0 ? WasPinnedShift : 0", "0"));

    [Test]
    public void Coming_back_without_the_pins_is_caught() => Caught(
        new SourceEdit(Entering, "e.Use |= (FrameUse)(TagOf(frame).Flags & TagFlags.Pinned);", string.Empty));

    [Test]
    public void Coming_back_without_their_number_is_caught() => Caught(
        new SourceEdit(StoreFile, "header.PinnedFrames = _facts.PinnedFrames;", string.Empty));

    [Test]
    public void Not_telling_what_home_holds_is_caught() => Caught(
        new SourceEdit(StoreFile, "_slots.Secure(isShort ? _directory.Oldest : 0)", "_slots.Secure(0)"));

    [Test]
    public void Forgetting_at_a_restart_what_home_holds_is_caught() => Caught(
        BeforeForgottenHome,
        new SourceEdit(StoreFile, "(result.Generation), scan.Home);", "(result.Generation), 0);"));

    [Test]
    public void Keeping_more_in_the_log_than_leaves_room_is_caught() => Caught(
        new SourceEdit(
            StoreFile,
            "_volume.Geometry.LogBlocks - (2 * _volume.Geometry.GenerationBlocks)",
            "_volume.Geometry.LogBlocks - _volume.Geometry.GenerationBlocks"));

    [Test]
    public void Listing_only_the_newest_generation_is_caught() => Caught(
        new SourceEdit(StoreFile, "ulong listed = _directory.Oldest;", "ulong listed = generation;"));

    [Test]
    public void Looking_in_the_oldest_generation_first_is_caught() => Caught(
        new SourceEdit(
            "Eros.Persistence/Log/LogDirectory.cs",
            "for (ulong generation = Newest; generation >= Oldest; generation--)",
            "for (ulong generation = Oldest; generation <= Newest; generation++)"));

    [Test]
    public void Reading_one_copy_of_a_directory_is_caught() => Caught(
        new SourceEdit("Eros.Persistence/Recovery/GenerationReader.cs", "position -= _apart;", "position += 0;"));

    [Test]
    public void Reusing_the_log_of_the_generation_in_force_is_caught() => Caught(
        new SourceEdit(Stabiliser, "_first = Position;\n", "_first = Position = _keepFrom;\n"),
        new SourceEdit(Stabiliser, "position - _keepFrom < geometry.LogBlocks", "_keepFrom <= ulong.MaxValue"));

    [Test]
    public void Skipping_the_checksum_of_headers_is_caught() => Caught(
        new SourceEdit(
            "Eros.Persistence/Layout/BlockHeader.cs",
            "header.Name == name && header.Crc == Crc32C.OfBlockAfterChecksum(memory, pfn)",
            "header.Name == name"));

    [Test]
    public void Skipping_the_checksum_of_pages_is_caught() => Caught(
        new SourceEdit(FrameImage, "return Crc32C.OfBlock(memory, pfn) == crc;", "return true;"));

    [Test]
    public void Skipping_the_copy_on_write_is_caught() => Caught(
        new SourceEdit(FrameTable, "IsPending(e.Flags) && !KeepImage(ref e)", "e.Pfn == 0"));

    [Test]
    public void Reading_at_home_what_has_left_the_snapshot_is_caught() => Caught(
        new SourceEdit(StoreFile, "        _directory.Publish();\n", string.Empty),
        new SourceEdit(StoreFile, "_stabiliser.Keep();\n", "_stabiliser.Keep(); _directory.Publish();\n"));

    [Test]
    public void Mounting_what_is_older_than_the_mark_is_caught() => Caught(
        new SourceEdit(
            "Eros.Persistence/Recovery/HeaderScan.cs",
            "Mark > Newest ? MarkRelation.Newer",
            "Mark > Newest ? MarkRelation.Same"));

    [Test]
    public void Mending_a_tag_block_without_the_directory_is_caught() => Caught(
        new SourceEdit("Eros.Persistence/Store/Loader.cs", "image.CopyTo(ref tags.Tags[(int)place]);", string.Empty));

    [Test]
    public void Taking_a_good_tag_block_for_damaged_is_caught() => Caught(
        new SourceEdit(
            FrameImage,
            "kind == FrameKind.Tag ? TagBlock.MagicValue : ProcessFrame.MagicValue",
            "ProcessFrame.MagicValue"));

    [Test]
    public void Forgetting_the_tag_blocks_is_caught() => Caught(
        new SourceEdit(FrameTable, "if ((_entries[tag].Flags & _working) == 0)", "if (tag < 0)"));

    [Test]
    public void Answering_before_a_journalled_page_is_flushed_is_caught() => Caught(
        new SourceEdit(Journal, "_writer.FinishAndFlush()", "_writer.Finish()"));

    [Test]
    public void Bringing_back_another_owners_page_is_caught() => Caught(
        new SourceEdit(Journal, " && frames.HasSavedPage(page.Frame, page.Version)", string.Empty));

    [Test]
    public void Taking_records_of_an_older_generation_is_caught() => Caught(
        new SourceEdit(
            Journal,
            "JournalRecord.MagicValue, name, 0);",
            """
            JournalRecord.MagicValue, name, 0);
            name = JournalRecord.NameOf(_volume.Id, CommittedGeneration - 1, number);
            outcome = outcome == Outcome.Ok
                ? outcome : _port.Read(block + 1, scratch, JournalRecord.MagicValue, name, 0);
            """));

    [Test]
    public void Skipping_the_checksum_of_journalled_pages_is_caught() => Caught(
        new SourceEdit(Journal, "_port.Read(block, scratch, 0, 0, page.Crc)", "_port.Read(block, scratch)"));

    [Test]
    public void Skipping_the_journal_is_caught() => Caught(
        new SourceEdit(StoreFile, "Redo(scratch)", "scratch != 0"));

    [Test]
    public void Not_looking_whether_tag_blocks_came_home_is_caught() => CaughtBy(
        "Misdirect",
        BeforeLostTags,
        new SourceEdit(
            "Eros.Persistence/Migrate/Migrator.cs",
            "_loader.AreTagsHome(oldest, _writer.Reserve()) ? read",
            "_triedFrom == position ? read"));

    [Test]
    public void Taking_another_clusters_tag_block_that_landed_here_is_caught() => CaughtBy(
        "Misdirect",
        BeforeMisdirectedTags,
        new SourceEdit(
            Loader,
            "_port.Read(block, pfn, TagBlock.MagicValue, firstFrame, crc);",
            "_port.Read(block, pfn) == Outcome.Ok && (crc == 0 || _volume.Memory.As<BlockHeader>(pfn).Crc == crc)"
                + " && BlockHeader.IsIntact(_volume.Memory, pfn, TagBlock.MagicValue, "
                + "_volume.Memory.As<BlockHeader>(pfn).Name) ? Outcome.Ok : Outcome.BadBlock;"));

    [Test]
    public void Taking_a_page_that_a_lie_lost_a_part_of_is_caught() => CaughtBy(
        "Lie", new SourceEdit(FrameImage, "return Crc32C.OfBlock(memory, pfn) == crc;", "return true;"));

    [Test]
    public void Leaving_a_header_that_cannot_be_read_where_it_is_is_caught() => CaughtBy(
        "ReadError", new SourceEdit(HeaderSlots, "(_doubtful & (1 << copy)) != 0", "_doubtful < 0"));

    [Test]
    public void Taking_a_failed_write_for_done_is_caught() => CaughtBy(
        "WriteError",
        new SourceEdit(
            "Eros.Persistence/Log/BlockWriter.cs",
            "outcome != Outcome.Ok && _outcome == Outcome.Ok",
            "outcome == Outcome.BadBlock"));

    [Test]
    public void Taking_what_a_failed_flush_lost_for_migrated_is_caught() => CaughtBy(
        "FlushError",
        new SourceEdit(
            "Eros.Persistence/Migrate/Migrator.cs",
            "Outcome outcome = _writer.FinishAndFlush();",
            "Outcome outcome = _writer.FinishAndFlush() == Outcome.BadBlock ? Outcome.BadBlock : Outcome.Ok;"));

    [TestCase("FrameReader.cs", "_journalled[frame] = block;", "")]
    [TestCase("FrameReader.cs", "i = _unmigrated.Count - 1; i >= 0; i--", "i = 0; i < _unmigrated.Count; i++")]
    [TestCase("FrameReader.cs", "return isInLog ? Mended(tags, first) : tags;", "return tags;")]
    [TestCase("FrameReader.cs", "block = _map.LogBlock(entry.Position);", "")]
    [TestCase("GenerationChoice.cs", "(mayFallBack && Mount(other!))", "mark == 0", BeforeLostList)]
    [TestCase("CheckpointRoot.cs", "BootEpoch = block.U64(32);", "BootEpoch = block.U64(40);")]
    [TestCase("LoggedGeneration.cs", "Processes.Add(", "Processes.Insert(0, ")]
    public void A_second_reader_that_goes_wrong_is_caught(
        string file, string text, string instead, ulong seed = 1)
    {
        string? failure = StoreMutant.FirstFailure(
            Runs, seed, new SourceEdit($"Eros.Tests/Reading/{file}", text, instead));
        TestContext.Out.WriteLine(failure);
        Assert.That(failure, Does.Contain("second reader"));
    }

    [Test]
    public void An_edit_that_no_longer_applies_fails() => Assert.That(
        () => StoreMutant.FirstFailure(1, new SourceEdit(Stabiliser, "what once stood here", string.Empty)),
        Throws.InvalidOperationException.With.Message.Contains("does not have this exactly once"));

    /// <summary>By runs on a disk that does this one thing.</summary>
    private static void CaughtBy(string fault, params SourceEdit[] edits) => CaughtBy(fault, seed: 1, edits);

    private static void CaughtBy(string fault, ulong seed, params SourceEdit[] edits)
    {
        string? failure = StoreMutant.FirstFailureOfFault(fault, Runs, seed, edits);
        TestContext.Out.WriteLine(failure);
        Assert.That(failure, Does.Contain(fault), "the simulator did not notice");
    }

    private static void Caught(params SourceEdit[] edits) => Caught(seed: 1, edits);

    private static void Caught(ulong seed, params SourceEdit[] edits)
    {
        string? failure = StoreMutant.FirstFailure(Runs, seed, edits);
        TestContext.Out.WriteLine(failure);
        Assert.That(failure, Is.Not.Null, "the simulator did not notice");
    }
}
