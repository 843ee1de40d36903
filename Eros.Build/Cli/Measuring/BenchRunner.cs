// BenchRunner: `./eros bench`: a fresh machine that counts its instructions, and the measurements that run inside it.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Setup;
using Eros.Build.Qemu;
using Spectre.Console;

namespace Eros.Build.Cli.Measuring;

/// <summary>Measures.</summary>
internal sealed class BenchRunner
{
    private static readonly TimeSpan _bootLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(30);

    private static readonly string[] _heads =
        ["median", "minimum", "maximum", "samples", "CR3", "TLB", "in", "off", "must reach", "seL4"];

    private const string PipeRow = "pipe, 4 KB in and out";
    private const int PipeBytes = 4096;

    private readonly Tree _tree;
    private readonly Screen _screen;

    internal BenchRunner(Tree tree, Screen screen)
    {
        _tree = tree;
        _screen = screen;
    }

    /// <summary>Runs the measurements, prints them, and writes them to <paramref name="jsonFile"/> if there is
    /// one.</summary>
    /// <param name="samples">Of each measurement.</param>
    /// <param name="jsonFile">Null: none.</param>
    internal void Run(int samples, string? jsonFile)
    {
        new Installer(_screen).InstallMissing();
        new Builder(_tree, _screen).BuildImages();
        BenchReport report = _screen.Step("measuring", _ => Measure(samples));
        Show(report);
        if (jsonFile != null)
        {
            Write(jsonFile, JsonSerializer.Serialize(report, BenchJson.Default.BenchReport));
        }
    }

    /// <summary>The rows among what the program printed.</summary>
    /// <exception cref="UserError">There is none.</exception>
    internal static BenchRow[] ParseRows(string output) => ParseRows(output, BenchJson.Default.BenchRow);

    /// <summary>The same, of rows of another kind.</summary>
    /// <exception cref="UserError">There is none.</exception>
    internal static T[] ParseRows<T>(string output, JsonTypeInfo<T> kind)
    {
        T[] rows =
        [
            .. output.Split('\n').Where(line => line.StartsWith('{'))
                .Select(line => JsonSerializer.Deserialize(line, kind)!),
        ];
        return rows.Length > 0 ? rows : throw new UserError($"Nothing was measured; the machine said: {output}");
    }

    /// <summary>Writes figures to the file that was named.</summary>
    internal static void Write(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{file} cannot be written: {e.Message} Name another file with --json.");
        }
    }

    private BenchReport Measure(int samples)
    {
        using var folder = new ScratchFolder();
        string disk = folder.File("disk.img");
        DiskFile.CopySparse(_tree.Pristine, disk);

        // KVM counts no instructions.
        MachineOptions plain = new() { Kernel = _tree.Kernel, Disk = Drive.File(disk) };
        bool exact = plain.Accelerator == Accelerator.Tcg;
        MachineOptions options = plain with { Icount = exact };
        using QemuMachine machine = QemuMachine.Start(options, _limit);
        ErosSession shell = ErosSession.Begin(machine, _bootLimit);
        string output = shell.Run($"bench --json --samples {samples}{(exact ? " --exact" : "")}", _limit);
        return new BenchReport(exact, QemuCommand.ShellLine(options), ParseRows(output));
    }

    private void Show(BenchReport report)
    {
        _screen.Output.WriteLine(report.Exact
            ? "Guest instructions, counted exactly (-icount)."
            : "Cycles of the time-stamp counter: without -icount these figures are not exact.");
        _screen.Output.WriteLine($"Measured with: {report.Machine}");
        Table table = new Table().Border(TableBorder.Simple).AddColumn("operation");
        foreach (string head in _heads)
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        table.AddColumn("Linux");
        foreach (BenchRow row in report.Rows)
        {
            long[] figures =
            [
                row.Median, row.Minimum, row.Maximum, row.Samples, row.SpaceLoads, row.TlbFlushes, row.Crossings,
                row.Closed,
            ];
            IEnumerable<string> numbers = figures.Select(figure => figure.ToString("N0", CultureInfo.InvariantCulture));
            Peer peer = Peer.Of(row.Name);
            table.AddRow([Markup.Escape(row.Name), .. numbers, peer.Goal, peer.Sel4, peer.Linux]);
        }

        _screen.Results.Write(table);
        _screen.Output.WriteLine("""
            CR3: loads of a space; TLB: whole flushes beside those; in: entries to the kernel; off: the longest stretch
            with interrupts off; each of one operation.
            What seL4 and Linux take for like work was counted on the same machine.
            """);
        if (report.Rows.FirstOrDefault(row => row.Name == PipeRow) is { } pipe)
        {
            double rate = (double)PipeBytes / pipe.Median;
            _screen.Output.WriteLine($"A pipe carries {rate.ToString("0.00", CultureInfo.InvariantCulture)} bytes an"
                + " instruction.");
        }

        BenchRow closed = report.Rows.MaxBy(row => row.Closed)!;
        _screen.Output.WriteLine($"Interrupts are off longest in: {closed.Name} ({closed.Closed}).");
    }
}
