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
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string head in new[] { series.Over, "median", "minimum", "maximum", "samples" })
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        table.AddColumn("");
        foreach (StorePoint point in series.Points)
        {
            long[] numbers = [point.At, point.Median, point.Minimum, point.Maximum, point.Samples];
            table.AddRow([.. numbers.Select(number => Text(number, "N0")), Markup.Escape(point.Note)]);
        }

        _screen.Results.Write(table);
        _screen.Output.WriteLine(Verdict(series));
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

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
