using System;
using System.Linq;
using Eros.Tests.Crash.Bytes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Damage to single bytes of a volume. All of them: `./eros crash --bytes 1`.</summary>
[Category(TestKind.Crash), Parallelizable]
public sealed class ByteFuzzTests
{
    private const ulong Seed = 1;
    private const int Step = 61;

    [Test]
    public void No_changed_byte_stops_the_machine_or_is_passed_over()
    {
        ByteStatistics statistics = ByteCampaign.Run(Seed, Step);
        TestContext.Out.WriteLine($"{statistics.Tries} bytes from seed {Seed}: {statistics.Mounted} mounts");
        Assert.That(statistics.Failures, Is.Empty);
        Assert.That(statistics.OfPart, Is.All.GreaterThan(100), "of every part");
        Assert.That(statistics.Refused, Is.GreaterThan(20));
    }

    /// <summary>Each of these once did, with the checksums mended.</summary>
    [TestCase(VolumePart.LoggedPot, 288, 64, TestName = "A_node_with_a_version_above_its_tags")]
    [TestCase(VolumePart.HomePot, 291, 128, TestName = "A_node_at_home_with_a_version_above_its_tags")]
    [TestCase(VolumePart.LoggedProcess, 24, 1, TestName = "A_process_with_another_version_than_its_tag")]
    [TestCase(VolumePart.LoggedProcess, 28, 128, TestName = "A_process_in_no_run_state")]
    [TestCase(VolumePart.Directory, 1113, 1, TestName = "A_tag_block_that_is_said_to_be_null")]
    [TestCase(VolumePart.LoggedProcess, 320, 1, TestName = "A_process_whose_register_0_is_not_void")]
    public void A_field_that_is_believed_does_not_stop_the_machine(VolumePart part, int offset, byte mask) =>
        Assert.That(FirstError(part, offset, mask), Is.Null);

    [Test]
    public void No_kind_and_no_flag_of_a_tag_stops_the_machine(
        [Values(VolumePart.LoggedTags, VolumePart.HomeTags)] VolumePart part, [Range(0, 5)] int tag)
    {
        const int FirstTag = 64;
        const int TagBytes = 16;
        for (int field = 8; field <= 9; field++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                int offset = FirstTag + (TagBytes * tag) + field;
                Assert.That(FirstError(part, offset, (byte)(1 << bit)), Is.Null, $"offset {offset}, bit {bit}");
            }
        }
    }

    [Test]
    public void A_directory_that_is_said_to_have_no_tag_blocks_is_refused() =>
        Assert.That(FirstError(VolumePart.GenerationHeader, 52, 1), Is.Null);

    private static string? FirstError(VolumePart part, int offset, byte mask)
    {
        foreach (FuzzedVolume volume in (FuzzedVolume[])[FuzzedVolume.Make(false), FuzzedVolume.Make(true)])
        {
            using var fuzz = new ByteFuzz(volume);
            foreach (DamagedBlock block in volume.Blocks.Where(block => block.Part == part))
            {
                string? error = fuzz.Try(new ByteChange(block, offset, mask, IsMended: true));
                if (error != null)
                {
                    return error;
                }
            }
        }

        return null;
    }
}
