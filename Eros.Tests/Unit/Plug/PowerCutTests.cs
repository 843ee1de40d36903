using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Plug;
using NUnit.Framework;

namespace Eros.Tests.Unit.Plug;

[TestFixture, Category(TestKind.Unit)]
public sealed class PowerCutTests
{
    private const int Seeds = 200;

    /// <summary>Sector 0 is written and flushed; sectors 1 and 2, and then 2 and 3, are not.</summary>
    private static readonly IReadOnlyList<WriteLogEntry> _log = new LogBuilder()
        .Write(0, 1, fill: 1).Flush().Write(1, 2, fill: 2).Write(2, 2, fill: 3).Read();

    [Test]
    public void Dropping_leaves_exactly_what_was_flushed() =>
        Assert.That(Cut(_log, CutKind.Dropped, 0), Is.EqualTo("1000"));

    [Test]
    public void Reordering_keeps_or_drops_each_write_whole_in_either_order() =>
        Assert.That(Outcomes(CutKind.Reordered), Is.EquivalentTo(new[] { "1000", "1220", "1033", "1233", "1223" }));

    [Test]
    public void Tearing_reaches_every_mixture_of_sectors() =>
        Assert.That(Outcomes(CutKind.Torn), Has.Length.EqualTo(2 * 3 * 2));

    [Test]
    public void The_newest_write_can_overtake_all_others() =>
        Assert.That(Cut(_log, CutKind.Overtaken, 0), Is.EqualTo("1033"));

    [Test]
    public void What_was_flushed_is_never_lost() =>
        Assert.That(Outcomes(CutKind.Torn), Is.All.StartsWith("1"));

    [Test]
    public void A_forced_write_is_kept_without_a_flush()
    {
        IReadOnlyList<WriteLogEntry> log = new LogBuilder().Write(0, 1, forced: true).Write(1, 1).Read();
        Assert.That(Cut(log, CutKind.Dropped, 0), Is.EqualTo("1000"));
    }

    [Test]
    public void Entries_behind_the_cut_never_happened()
    {
        IReadOnlyList<WriteLogEntry> log = new LogBuilder().Write(0, 1).Flush().Write(1, 1).Flush().Read();
        using var disk = new MemoryStream(new byte[2048]);
        int unflushed = PowerCut.Apply(disk, log, 3, CutKind.Dropped, new Random(0));
        Assert.That((Show(disk), unflushed), Is.EqualTo(("1000", 1)));
    }

    private static string[] Outcomes(CutKind kind) =>
        [.. Enumerable.Range(0, Seeds).Select(seed => Cut(_log, kind, seed)).Distinct()];

    private static string Cut(IReadOnlyList<WriteLogEntry> log, CutKind kind, int seed)
    {
        using var disk = new MemoryStream(new byte[2048]);
        PowerCut.Apply(disk, log, log.Count, kind, new Random(seed));
        return Show(disk);
    }

    private static string Show(MemoryStream disk) =>
        string.Concat(disk.ToArray().Chunk(512).Select(sector => sector[0]));
}
