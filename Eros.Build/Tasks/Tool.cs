// External programs. One that is missing is a single clear error that names the command which installs it.

using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Tasks;

namespace Eros.Build.Tasks;

internal readonly record struct ToolResult(int ExitCode, string Output);

internal static class Tool
{
    /// <summary>Runs a program to its end; its two outputs come back as one text, errors last.</summary>
    internal static ToolResult Run(string program, IEnumerable<string> arguments, string? directory = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? string.Empty,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new ToolResult(process.ExitCode, output + errors.Result);
        }
        catch (Win32Exception)
        {
            throw new BuildFailure(new Problem("EROS0002", $"{program} is not installed: run ./eros setup"));
        }
    }
}
