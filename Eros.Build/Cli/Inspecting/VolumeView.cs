// VolumeView: a volume for people to read: what it is, its headers, the generation, counts, then each process with
// what it holds, and each node.

using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Eros.Build.Volume;
using Eros.Persistence.Layout;
using Spectre.Console;

namespace Eros.Build.Cli.Inspecting;

/// <summary>Shows one report.</summary>
internal sealed class VolumeView(Screen screen, VolumeReport report, bool verified)
{
    private const int Columns = 120;
    private const string Indent = "    ";
    private const double NsPerSecond = 1e9;

    private readonly Screen _screen = screen;
    private readonly TextWriter _output = screen.Output;
    private readonly VolumeReport _report = report;
    private readonly bool _verified = verified;
    private readonly Dictionary<ulong, string> _labels = report.Processes
        .Where(process => process.Label.Length != 0)
        .ToDictionary(process => process.Oid, process => process.Label);

    internal void Show()
    {
        // The report is long: who reads only its first or only its last line knows what came of it.
        ShowVerdict();
        ShowVolume();
        ShowHeaders();
        ShowGeneration();
        ShowCounts();
        foreach (ProcessReport process in _report.Processes)
        {
            Show(process);
        }

        foreach (NodeReport node in _report.Nodes)
        {
            Show(node);
        }

        ShowErrors();
        ShowVerdict();
    }

    private void ShowVolume()
    {
        VolumeGeometry geometry = _report.Geometry;
        string log = $"log {geometry.LogBlocks} from {geometry.LogFirst}";
        string home = $"{geometry.HomeFrames} home frames from {geometry.HomeFirst}";
        _output.WriteLine($"volume {_report.VolumeId:x16}, format {_report.Format}, protocol {_report.Protocol}");
        _output.WriteLine($"{geometry.Blocks} blocks of 4 KB: {log}, {home}");
        _output.WriteLine($"composition {_report.Digest}");
        _output.WriteLine($"mirror: {_report.Mirror?.Text ?? "nobody knows, its record is damaged"}");
    }

    private void ShowHeaders()
    {
        Table table = NewTable("header", "block", "state", "generation");
        foreach (HeaderReport header in _report.Headers.OrderBy(header => header.Block))
        {
            bool isNumbered = header.State == HeaderState.Intact && header.What != "volume";
            string generation = isNumbered ? header.Generation.ToString() : string.Empty;
            table.AddRow(header.What, $"{header.Block}", CapabilityText.Name(header.State), generation);
        }

        _screen.Results.Write(table);
    }

    private void ShowGeneration()
    {
        if (_report.Generation is not { } generation)
        {
            return;
        }

        ulong last = generation.FirstPosition + generation.LogBlocks - 1;
        string contents =
            $"{generation.Frames} frames, {generation.TagBlocks} tag blocks, {generation.Processes} processes";
        _output.WriteLine($"generation {generation.Generation} of boot {generation.BootEpoch}, "
            + $"{generation.TimeNs / NsPerSecond:F3} s after the volume was made");
        _output.WriteLine(generation.LogBlocks == 0
            ? "nothing in the log"
            : $"log positions {generation.FirstPosition} to {last}: {contents}");
        _output.WriteLine($"processor features {generation.ProcessorFeatures:x}; "
            + $"home when it was saved: generation {_report.MigratedGeneration}");
        ShowKept();
        foreach (JournalReport record in _report.Journal)
        {
            _output.WriteLine($"journalled since: page {record.Oid:x12}, version {record.Version}");
        }
    }

    /// <summary>The generations that `./eros run --generation` can boot.</summary>
    private void ShowKept()
    {
        Table table = NewTable("generation", "boot", "seconds", "frames", "tag blocks", "log blocks");
        foreach (GenerationReport kept in _report.Kept)
        {
            table.AddRow(
                $"{kept.Generation}",
                $"{kept.BootEpoch}",
                $"{kept.TimeNs / NsPerSecond:F3}",
                $"{kept.Frames}",
                $"{kept.TagBlocks}",
                $"{kept.LogBlocks}");
        }

        if (_report.Kept.Count != 0)
        {
            _screen.Results.Write(table);
        }
    }

    private void ShowCounts()
    {
        Table table = NewTable("frames", "", "nodes", "", "capabilities", "");
        string[][] columns =
        [
            [.. _report.Frames.Keys],
            [.. _report.Frames.Values.Select(count => $"{count}")],
            [.. _report.NodeCounts.Keys.Select(kind => CapabilityText.Name(kind))],
            [.. _report.NodeCounts.Values.Select(count => $"{count}")],
            [.. _report.Capabilities.Keys.Select(type => CapabilityText.Name(type))],
            [.. _report.Capabilities.Values.Select(count => $"{count}")],
        ];
        for (int row = 0; row < columns.Max(column => column.Length); row++)
        {
            table.AddRow([.. columns.Select(column => row < column.Length ? column[row] : string.Empty)]);
        }

        _screen.Results.Write(table);
    }

    private void Show(ProcessReport process)
    {
        ProcessFrame frame = process.Frame;
        string fault = frame.FaultCode == FaultCode.None
            ? string.Empty
            : $", fault {CapabilityText.Name(frame.FaultCode)} at {frame.FaultAddress:x}";
        string waits = frame.RunState == RunState.KernelWait
            ? $" for {CapabilityText.Name((CapabilityType)frame.WaitsFor)}"
            : string.Empty;
        _output.WriteLine(
            $"process {process.Oid:x12} {process.Label}: {CapabilityText.Name(frame.RunState)}{waits}{fault}, "
            + $"rip {frame.Rip:x}, rsp {frame.Rsp:x}, version {frame.Version}, call {frame.CallCount:x}");
        Show("schedule", frame.Schedule);
        Show("keeper", frame.Keeper);
        Show("space", frame.Space);
        Show("brand", frame.Brand);
        for (int slot = 0; slot < Node.SlotCount; slot++)
        {
            Show($"{slot}", frame.Registers[slot]);
        }
    }

    private void Show(string slot, Capability capability)
    {
        if (capability.Type != CapabilityType.Void)
        {
            _output.WriteLine($"{Indent}{slot,-9}{Words(capability)}");
        }
    }

    private void Show(NodeReport report)
    {
        Node node = report.Node;
        string kind = node.Kind switch
        {
            NodeKind.Space => $"space, slots of 2^{node.SlotLog2} bytes",
            NodeKind.Forwarder => $"forwarder, word {node.Word}",
            _ => "plain",
        };
        string flags = string.Concat(FlagList.Of(node.Flags).Select(flag => $", {flag}"));
        _output.WriteLine($"node {report.Oid:x12}: {kind}{flags}, version {node.Version}");
        var line = new StringBuilder();
        for (int slot = 0; slot < Node.SlotCount; slot++)
        {
            if (node.Slots[slot].Type != CapabilityType.Void)
            {
                Append(line, $"{slot} {Words(node.Slots[slot])}");
            }
        }

        Append(line, null);
    }

    /// <summary>Fills lines with as many slots as they hold; without one, ends the line.</summary>
    private void Append(StringBuilder line, string? slot)
    {
        if (line.Length != 0 && (slot == null || line.Length + slot.Length > Columns))
        {
            _output.WriteLine(line);
            line.Clear();
        }

        if (slot != null)
        {
            line.Append(line.Length == 0 ? Indent : "; ").Append(slot);
        }
    }

    private string Words(Capability capability)
    {
        string label = VolumeReport.NamesProcess(capability)
            && _labels.TryGetValue(capability.Oid.Value, out string? name) ? $" ({name})" : string.Empty;
        string dead = _report.IsAlive(capability) == false ? ", dead" : string.Empty;
        return CapabilityText.Of(capability) + label + dead;
    }

    private void ShowErrors()
    {
        foreach (VolumeError error in _report.Errors)
        {
            _output.WriteLine(error.Oid is { } oid ? $"WRONG object {oid:x12}: {error.Text}" : $"WRONG {error.Text}");
        }
    }

    private void ShowVerdict()
    {
        string wrong = $"{_report.Errors.Count} wrong, of " + (_verified
            ? "all that is in use"
            : "headers, lists, tags, nodes and processes; --verify reads the rest");
        _output.WriteLine((_report.Refusal, _report.Errors.Count) switch
        {
            (null, _) => wrong,
            ({ } refusal, 0) => $"REFUSED by the kernel: {refusal}",
            ({ } refusal, _) => $"REFUSED by the kernel: {refusal}; and {wrong}",
        });
    }

    private static Table NewTable(params string[] heads)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string head in heads)
        {
            table.AddColumn(head);
        }

        return table;
    }
}
