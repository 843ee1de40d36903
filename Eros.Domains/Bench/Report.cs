using System;
using System.Text;

namespace Eros.Domains.Bench;

/// <summary>What was asked for.</summary>
internal readonly struct Options
{
    /// <summary>The figures are instructions: the machine counts them (-icount).</summary>
    public bool IsExact { get; private init; }

    public bool IsJson { get; private init; }

    public int Samples { get; private init; }

    /// <summary>Null: all that there is. Else snapshots alone, with so many pages dirty.</summary>
    public int[]? Pages { get; private init; }

    /// <summary>Not 0: nothing is measured, but so many processes are made.</summary>
    public int Processes { get; private init; }

    /// <summary>How much checkpoints slow domains down, alone.</summary>
    public bool IsSlowDown { get; private init; }

    /// <summary>What was executed since the kernel's entry, alone.</summary>
    public bool IsSinceEntry { get; private init; }

    /// <summary>False for anything that is no option.</summary>
    public static bool TryParse(string arguments, int samples, out Options options)
    {
        options = new Options { Samples = samples };
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "--exact":
                    options = options with { IsExact = true };
                    break;
                case "--json":
                    options = options with { IsJson = true };
                    break;
                case "--samples" when i + 1 < words.Length && int.TryParse(words[i + 1], out int count) && count > 0:
                    options = options with { Samples = count };
                    i++;
                    break;
                case "--pause" when i + 1 < words.Length && TryParseList(words[i + 1], out int[] pages):
                    options = options with { Pages = pages };
                    i++;
                    break;
                case "--processes" when i + 1 < words.Length && int.TryParse(words[i + 1], out int many) && many > 0:
                    options = options with { Processes = many };
                    i++;
                    break;
                case "--slow-down":
                    options = options with { IsSlowDown = true };
                    break;
                case "--since-entry":
                    options = options with { IsSinceEntry = true };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool TryParseList(string text, out int[] numbers)
    {
        string[] words = text.Split(',');
        numbers = new int[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!int.TryParse(words[i], out numbers[i]) || numbers[i] <= 0)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The rows, as a table for people or as lines for programs.</summary>
internal sealed class Report(Options options)
{
    private readonly Options _options = options;
    private readonly StringBuilder _text = new(options.IsJson ? "" : Head(options.IsExact));

    public string Text => _text.ToString();

    public void Add(string name, Figures figures, Costs costs)
    {
        if (_options.IsJson)
        {
            _text.Append($"{{\"name\":\"{name}\",\"samples\":{figures.Samples},\"median\":{figures.Median},")
                .Append($"\"minimum\":{figures.Minimum},\"maximum\":{figures.Maximum},")
                .Append($"\"spaceLoads\":{costs.SpaceLoads},\"tlbFlushes\":{costs.TlbFlushes},")
                .Append($"\"crossings\":{costs.Crossings},\"closed\":{costs.Closed}}}\n");
        }
        else
        {
            // Each column begins with a blank: a number that is wider than its column keeps clear of the one before.
            _text.Append($"{name,-28} {figures.Median,7} {figures.Minimum,7} {figures.Maximum,7} {figures.Samples,7}")
                .Append($" {costs.SpaceLoads,4} {costs.TlbFlushes,4} {costs.Crossings,6} {costs.Closed,7}\n");
        }
    }

    /// <summary>A row of snapshots alone: it has what they held, and nothing of single operations.</summary>
    public void Add(PauseFigures pause)
    {
        Figures figures = pause.Figures;
        _text.Append(_options.IsJson
            ? $"{{\"pages\":{pause.Pages},\"frames\":{pause.Frames},\"samples\":{figures.Samples},"
                + $"\"median\":{figures.Median},\"minimum\":{figures.Minimum},\"maximum\":{figures.Maximum}}}\n"
            : $"{$"snapshot pause, {pause.Pages} dirty",-28} {figures.Median,7} {figures.Minimum,7}"
                + $" {figures.Maximum,7} {figures.Samples,7}\n");
    }

    /// <summary>A row of work that was done while checkpoints were taken, in JSON.</summary>
    public void Add(string name, in SlowDownFigures figures) => _text.Append(
        $"{{\"workload\":\"{name}\",\"intervalMs\":{figures.IntervalMs},\"cycles\":{figures.Cycles},"
        + $"\"work\":{figures.Work},\"checkpoints\":{figures.Checkpoints}}}\n");

    private static string Head(bool isExact) =>
        (isExact
            ? "guest instructions, counted by the machine (-icount)\n"
            : "cycles of the time-stamp counter; without -icount they are not exact\n")
        + $"{"",-28}{"median",8}{"minimum",8}{"maximum",8}{"samples",8}{"CR3",5}{"TLB",5}{"enter",7}{"closed",8}\n";
}
