using System.Text.Json.Serialization;

namespace Eros.Build.Cli.Measuring;

/// <summary>One measurement, as the `bench` program prints it with --json: guest instructions of one
/// operation.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Samples">How often.</param>
/// <param name="Median">Of all samples.</param>
/// <param name="Minimum">Of all samples.</param>
/// <param name="Maximum">Of all samples.</param>
/// <param name="SpaceLoads">CR3 loads of one operation.</param>
/// <param name="TlbFlushes">Whole-TLB flushes of one operation beside those of CR3 loads.</param>
/// <param name="Crossings">Entries to the kernel of one operation.</param>
/// <param name="Closed">The longest stretch with interrupts off in one operation.</param>
internal sealed record BenchRow(
    string Name,
    long Samples,
    long Median,
    long Minimum,
    long Maximum,
    long SpaceLoads,
    long TlbFlushes,
    long Crossings,
    long Closed);

/// <summary>All measurements of one run.</summary>
/// <param name="Exact">Figures are executed guest instructions; else cycles of the time-stamp counter.</param>
/// <param name="Machine">The QEMU command that ran them.</param>
/// <param name="Rows">The measurements.</param>
internal sealed record BenchReport(bool Exact, string Machine, BenchRow[] Rows);

/// <summary>Snapshots with a number of pages dirty, as `bench --pause` prints them: guest instructions.</summary>
/// <param name="Pages">That were written before each.</param>
/// <param name="Frames">That each had, at least.</param>
/// <param name="Samples">How many.</param>
/// <param name="Median">Of their pauses.</param>
/// <param name="Minimum">Of their pauses.</param>
/// <param name="Maximum">Of their pauses.</param>
internal sealed record PauseRow(long Pages, long Frames, long Samples, long Median, long Minimum, long Maximum);

/// <summary>One machine of a series: guest instructions.</summary>
/// <param name="At">Its place in the series.</param>
/// <param name="Note">What else there is to say of it.</param>
/// <param name="Samples">How many measurements.</param>
/// <param name="Median">Of them.</param>
/// <param name="Minimum">Of them.</param>
/// <param name="Maximum">Of them.</param>
internal sealed record StorePoint(long At, string Note, long Samples, long Median, long Minimum, long Maximum);

/// <summary>What one figure is when one thing grows.</summary>
/// <param name="Figure">What is measured.</param>
/// <param name="Over">What grows, a plural.</param>
/// <param name="How">All the rest.</param>
/// <param name="Points">In order.</param>
internal sealed record StoreSeries(string Figure, string Over, string How, StorePoint[] Points);

/// <summary>Checkpoints beside as many plain writes, on one disk, in turn.</summary>
/// <param name="Disk">What the disk is held to, MB a second; 0: nothing.</param>
/// <param name="Pairs">How many of both.</param>
/// <param name="Frames">4 KB each, of a checkpoint.</param>
/// <param name="Checkpoint">MB of frames a second, the median: from the snapshot until it is committed.</param>
/// <param name="Plain">MB a second, the median, flushed.</param>
/// <param name="Ratio">The median of the pairs' own: what plain writes took of the checkpoint's time.</param>
/// <param name="Least">Of them.</param>
/// <param name="Most">Of them.</param>
internal sealed record BandwidthPoint(
    int Disk, int Pairs, long Frames, double Checkpoint, double Plain, double Ratio, double Least, double Most);

/// <summary>What a program got done, as `bench --slow-down` prints it.</summary>
/// <param name="Workload">What it does.</param>
/// <param name="IntervalMs">Between checkpoints; 0: none.</param>
/// <param name="Cycles">In which it was done: guest instructions.</param>
/// <param name="Work">How often.</param>
/// <param name="Checkpoints">Committed meanwhile.</param>
internal sealed record SlowDownRow(string Workload, long IntervalMs, long Cycles, long Work, long Checkpoints);

/// <summary>How much less a program gets done.</summary>
/// <param name="Workload">What it does.</param>
/// <param name="IntervalMs">Between checkpoints; 0: none, and what two such times differ by.</param>
/// <param name="Lost">Guest instructions of the time that was measured.</param>
/// <param name="Percent">How much longer its work takes.</param>
/// <param name="Checkpoints">In the time that was measured.</param>
internal sealed record SlowDownPoint(
    string Workload, long IntervalMs, double Lost, double Percent, long Checkpoints);

/// <summary>All of `./eros bench --store`.</summary>
/// <param name="Series">What must not grow.</param>
/// <param name="Bandwidth">Of checkpoints.</param>
/// <param name="SlowDowns">Of programs beside them.</param>
internal sealed record StoreReport(StoreSeries[] Series, BandwidthPoint[] Bandwidth, SlowDownPoint[] SlowDowns);

/// <summary>How reports are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BenchRow))]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(PauseRow))]
[JsonSerializable(typeof(SlowDownRow))]
[JsonSerializable(typeof(StoreReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
