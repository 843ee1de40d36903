// KernelLines: what a kernel may say on the console after a power cut: what memory it has, where it goes on, and that a
// copy of a header or a mark was torn as it was being written; and of a mirror which disk is lost, there again or in
// step. These come at any time, and the plug may be pulled in the middle of one. Whatever else it says tells of
// something that it should have and has not, although the programs that were asked may know nothing of it: a generation
// whose header says that it is committed, an object, a process.

using System;
using System.Linq;
using System.Text.RegularExpressions;

namespace Eros.Build.Plug;

/// <summary>Judges the lines that begin with "eros: ".</summary>
public static partial class KernelLines
{
    private static readonly string[] _ofMirrors =
        ["eros: disk # of the mirror is lost", "eros: disk # is there again", "eros: disk # is in step again"];

    /// <summary>The first line of a console that the kernel must not have said; null when there is none.</summary>
    public static string? Complaint(string console) =>
        Complaints().Match(console) is { Success: true } line && !IsCutOff(line, console)
            ? $"the kernel says: {line.Value}"
            : null;

    /// <summary>True of the beginning of a line about a mirror, at the very end.</summary>
    private static bool IsCutOff(Match line, string console) =>
        line.Index + line.Length == console.Length
            && DiskNumber().Replace(line.Value, "#") is var beginning
            && _ofMirrors.Any(whole => whole.StartsWith(beginning, StringComparison.Ordinal));

    [GeneratedRegex("(?<=^eros: disk )[12]")]
    private static partial Regex DiskNumber();

    [GeneratedRegex(
        """
        ^eros:\ (?!
            [0-9]+\ MB\ of\ memory
            | warning:
            | first\ boot
            | generation\ [0-9]+,\ resumed
            | the\ checkpoint\ header\ in\ block\ [0-9]+\ is\ damaged
            | the\ migration\ mark\ in\ block\ [0-9]+\ is\ damaged
            | disk\ [12]\ (of\ the\ mirror\ is\ lost | is\ there\ again | is\ in\ step\ again)
            | a\ mirror\ record\ is\ damaged
        )[^\r\n]*
        """,
        RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Complaints();
}
