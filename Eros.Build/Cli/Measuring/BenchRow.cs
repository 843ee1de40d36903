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

/// <summary>How reports are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BenchRow))]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
