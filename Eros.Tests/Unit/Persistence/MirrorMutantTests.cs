using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>The crash simulator finds the mistakes of a mirror: each of these edits is caught.</summary>
[Category(TestKind.Crash), Parallelizable(ParallelScope.All)]
public sealed class MirrorMutantTests
{
    private const int Runs = 4000;
    private const string Disk = "Eros.Persistence/Mirror/MirroredDisk.cs";
    private const string Copying = "Eros.Persistence/Mirror/MirroredDisk.Copying.cs";
    private const string Table = "Eros.Persistence/Mirror/MirrorTable.cs";

    [Test]
    public void Reporting_a_write_right_before_the_lost_disk_is_recorded_is_caught() => Caught(
        new SourceEdit(Disk, "isRight && (!_mustRecord || Record())", "isRight"));

    [Test]
    public void Trusting_a_stale_disk_is_caught() => Caught(
        new SourceEdit(
            Table, "first == MirrorKind.Paired && second == MirrorKind.Paired && order == 0", "order < 2"));

    [Test]
    public void Running_from_the_disk_with_fewer_events_is_caught() => Caught(
        new SourceEdit(Table, "order > 0 ? MirrorAction.First", "order < 0 ? MirrorAction.First"));

    [Test, Explicit("It takes some 3,000 runs.")]
    public void Leaving_the_headers_of_a_pair_as_a_cut_left_them_is_caught() => Caught(
        new SourceEdit(Copying, "IsPair && failed != 2 ? Level() : 0", "0"));

    [Test]
    public void Copying_while_writes_are_under_way_is_caught() => Caught(
        new SourceEdit(Copying, "if (_done < _barrier)", "if (_done > _started)"),
        new SourceEdit(Copying, "_isSpoilt || isSilent ?", "isSilent ?"));

    [Test]
    public void Not_writing_to_the_disk_that_is_copied_to_is_caught() => Caught(
        new SourceEdit(Disk, "_other >= OtherMember.CopiedTo ?", "_other > OtherMember.CopiedTo ?"));

    [Test]
    public void Saying_that_a_copy_is_whole_too_early_is_caught() => Caught(
        new SourceEdit(Copying, "PieceAt(ref _next, _blocks)", "PieceAt(ref _next, _blocks - 70)"));

    [Test]
    public void Taking_a_disk_that_is_silent_for_one_with_bad_blocks_is_caught() => Caught(
        new SourceEdit(Copying, "if (again == Outcome.DiskError)", "if (again == Outcome.NoDisk)"),
        new SourceEdit(Copying, "if (again == Outcome.BadBlock)", "if (again != Outcome.Ok)"));

    private static void Caught(params SourceEdit[] edits)
    {
        string? failure = StoreMutant.FirstFailureOfMirrors(Runs, edits);
        TestContext.Out.WriteLine(failure);
        Assert.That(failure, Is.Not.Null, "the simulator did not notice");
    }
}
