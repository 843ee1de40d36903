using System.Diagnostics;
using System.IO;
using System.Linq;
using Eros.Build.XSharp;

namespace Eros.Tests.Unit.XSharp;

/// <summary>Runs the assembler.</summary>
internal static class Nasm
{
    /// <summary>
    /// Assembles a text; returns what NASM complains of, warnings included, each with the line that it is about:
    /// empty if all is well.
    /// </summary>
    public static string Assemble(string asm, Mode mode)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("test.asm");
        File.WriteAllText(file, asm);
        string format = mode == Mode.Gen1 ? "elf32" : "elf64";
        var start = new ProcessStartInfo("nasm", ["-f", format, "-o", folder.File("test.o"), file])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        string complaints = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (complaints.Length == 0)
        {
            return process.ExitCode == 0 ? "" : $"exit code {process.ExitCode}";
        }

        string[] lines = asm.Split('\n');
        return string.Join('\n', complaints.Trim().Split('\n').Select(complaint => Explain(complaint, lines)));
    }

    // A complaint begins with FILE:LINE:
    private static string Explain(string complaint, string[] lines)
    {
        string[] parts = complaint.Split(':');
        return parts.Length > 2 && int.TryParse(parts[1], out int line) ? $"{lines[line - 1]} {parts[^1]}" : complaint;
    }
}
