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

/// <summary>How reports are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BenchRow))]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(PauseRow))]
[JsonSerializable(typeof(StoreSeries[]))]
internal sealed partial class BenchJson : JsonSerializerContext;
