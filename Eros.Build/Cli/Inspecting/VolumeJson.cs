// VolumeJson: a volume as `./eros inspect --json` writes it. Names and meanings are in docs/inspect.md; a change that
// a reader would notice gets a new Schema number. OIDs are strings of 12 hexadecimal digits, as messages have them;
// other 64-bit numbers that are bits rather than counts are hexadecimal strings, too.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Serialization;
using Eros.Build.Volume;
using Eros.Persistence.Layout;

namespace Eros.Build.Cli.Inspecting;

/// <summary>The whole report.</summary>
internal sealed record VolumeJson
{
    public int Schema { get; init; } = 1;

    public required string Disk { get; init; }

    public required bool Verified { get; init; }

    /// <summary>The line that the kernel would print instead of mounting it.</summary>
    public string? Refusal { get; init; }

    public required VolumeHeaderJson Volume { get; init; }

    public required IReadOnlyList<HeaderJson> Headers { get; init; }

    public MirrorReport? Mirror { get; init; }

    public GenerationReport? Generation { get; init; }

    public ulong MigratedGeneration { get; init; }

    public required IReadOnlyList<GenerationReport> Kept { get; init; }

    public required IReadOnlyList<JournalJson> Journal { get; init; }

    public required CountsJson Counts { get; init; }

    public required IReadOnlyList<ProcessJson> Processes { get; init; }

    public required IReadOnlyList<NodeJson> Nodes { get; init; }

    public required IReadOnlyList<PageJson> Pages { get; init; }

    public required IReadOnlyList<ErrorJson> Errors { get; init; }

    internal static VolumeJson Of(string disk, bool verified, VolumeReport report) => new()
    {
        Disk = disk,
        Verified = verified,
        Refusal = report.Refusal,
        Volume = VolumeHeaderJson.Of(report),
        Headers = [.. report.Headers.Select(header => new HeaderJson(
            header.What, header.Block, CapabilityText.Name(header.State), header.Generation))],
        Mirror = report.Mirror,
        Generation = report.Generation,
        MigratedGeneration = report.MigratedGeneration,
        Kept = report.Kept,
        Journal = [.. report.Journal.Select(record => new JournalJson(
            record.Number, Text.Oid(record.Oid), record.Version))],
        Counts = CountsJson.Of(report),
        Processes = [.. report.Processes.Select(process => ProcessJson.Of(report, process))],
        Nodes = [.. report.Nodes.Select(node => NodeJson.Of(report, node))],
        Pages = [.. report.Pages.Select(page => new PageJson(Text.Oid(page.Oid), page.Version, page.IsZero))],
        Errors = [.. report.Errors.Select(error => new ErrorJson(
            error.Oid is { } oid ? Text.Oid(oid) : null, error.Text))],
    };
}

/// <summary>The volume header.</summary>
internal sealed record VolumeHeaderJson(
    string Id,
    uint Format,
    uint Protocol,
    ulong Blocks,
    ulong LogFirst,
    ulong LogBlocks,
    ulong HomeFirst,
    ulong HomeFrames,
    string Composition)
{
    internal static VolumeHeaderJson Of(VolumeReport report)
    {
        VolumeGeometry geometry = report.Geometry;
        return new(
            Text.Word(report.VolumeId),
            report.Format,
            report.Protocol,
            geometry.Blocks,
            geometry.LogFirst,
            geometry.LogBlocks,
            geometry.HomeFirst,
            geometry.HomeFrames,
            report.Digest);
    }
}

/// <summary>One copy of a header or mark.</summary>
internal sealed record HeaderJson(string What, ulong Block, string State, ulong Generation);

/// <summary>How many there are of each kind.</summary>
internal sealed record CountsJson(
    IReadOnlyDictionary<string, long> Frames,
    IReadOnlyDictionary<string, long> Nodes,
    IReadOnlyDictionary<string, long> Capabilities)
{
    internal static CountsJson Of(VolumeReport report) => new(
        report.Frames,
        report.NodeCounts.ToDictionary(count => CapabilityText.Name(count.Key), count => count.Value),
        report.Capabilities.ToDictionary(count => CapabilityText.Name(count.Key), count => count.Value));
}

/// <summary>A page.</summary>
internal sealed record PageJson(string Oid, uint Version, bool Zero);

/// <summary>A record of the journal.</summary>
internal sealed record JournalJson(ulong Number, string Oid, uint Version);

/// <summary>Something wrong.</summary>
internal sealed record ErrorJson(string? Oid, string Text);

/// <summary>How numbers are written.</summary>
internal static class Text
{
    internal static string Oid(ulong oid) => $"{oid:x12}";

    internal static string Word(ulong bits) => $"{bits:x16}";
}

/// <summary>How reports are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VolumeJson))]
internal sealed partial class InspectJson : JsonSerializerContext;
