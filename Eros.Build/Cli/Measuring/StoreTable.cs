using System.Globalization;
using System.Linq;
using Spectre.Console;

namespace Eros.Build.Cli.Measuring;

/// <summary>Shows a series, and what it says.</summary>
internal sealed class StoreTable(Screen screen)
{
    private readonly Screen _screen = screen;

    internal void Show(StoreSeries series)
    {
        _screen.Output.WriteLine($"{series.Figure}, guest instructions, over {series.Over}");
        _screen.Output.WriteLine($"({series.How})");
        Table table = Headed(series.Over, "median", "minimum", "maximum", "samples").AddColumn("");
        foreach (StorePoint point in series.Points)
        {
            long[] numbers = [point.At, point.Median, point.Minimum, point.Maximum, point.Samples];
            table.AddRow([.. numbers.Select(number => Text(number, "N0")), Markup.Escape(point.Note)]);
        }

        _screen.Results.Write(table);
        _screen.Output.WriteLine(Verdict(series));
    }

    /// <summary>Nothing where there are none.</summary>
    internal void Show(BandwidthPoint[] points)
    {
        if (points.Length != 0)
        {
            _screen.Output.WriteLine("checkpoints beside as many plain writes of the same driver, in turn; host time");
            Table table = Headed("disk, MB/s", "checkpoint, MB/s", "plain, MB/s", "ratio", "least", "most", "pairs");
            foreach (BandwidthPoint point in points)
            {
                double[] rates = [point.Checkpoint, point.Plain];
                double[] ratios = [point.Ratio, point.Least, point.Most];
                table.AddRow(
                [
                    point.Disk == 0 ? "the host's file" : Text(point.Disk, "N0"),
                    .. rates.Select(rate => Text(rate, "F1")),
                    .. ratios.Select(ratio => Text(ratio, "F3")),
                    $"{point.Pairs} of {point.Frames} frames",
                ]);
            }

            _screen.Results.Write(table);
        }
    }

    /// <summary>Nothing where there are none.</summary>
    internal void Show(SlowDownPoint[] points)
    {
        if (points.Length != 0)
        {
            _screen.Output.WriteLine(
                "programs beside checkpoints: guest instructions lost of a second, one each nanosecond");
            Table table = Headed("program", "interval, ms", "lost", "longer, %", "checkpoints");
            foreach (SlowDownPoint point in points)
            {
                table.AddRow(
                    Markup.Escape(point.Workload),
                    point.IntervalMs == 0 ? "none, three times" : Text(point.IntervalMs, "N0"),
                    Text(point.Lost, "N0"),
                    Text(point.Percent, "F2"),
                    Text(point.Checkpoints, "N0"));
            }

            _screen.Results.Write(table);
        }
    }

    /// <summary>The fit, and how flat it is, of the medians.</summary>
    internal static string Verdict(StoreSeries series)
    {
        double[] medians = [.. series.Points.Select(point => (double)point.Median)];
        string flat = $"flat within {Text(LinearFit.SpreadPercent(medians), "F1")} %";
        if (series.Points.Length < 2)
        {
            return flat;
        }

        LinearFit fit = LinearFit.Of([.. series.Points.Select(point => ((double)point.At, (double)point.Median))]);
        return $"{Text(fit.Constant, "N0")} and {Text(fit.Slope, "F4")} for each ({series.Over}); "
            + $"no point is further from that than {Text(fit.LargestDeviation, "N0")}; {flat}";
    }

    private static Table Headed(params string[] heads)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string head in heads)
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        return table;
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
