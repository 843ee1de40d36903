// Child: other programs, run to their end with their output in our hands, or run in our place.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Eros.Build.Cli;

/// <summary>How a program ended and what it wrote, standard output and error in the order in which they came.</summary>
internal readonly record struct ChildResult(int ExitCode, string Output);

/// <summary>Runs other programs.</summary>
internal static class Child
{
    /// <summary>Runs a program to its end; each line that it writes also goes to <paramref name="line"/>.</summary>
    /// <exception cref="UserError">It is not installed.</exception>
    internal static ChildResult Run(
        string folder, Action<string> line, string program, params IEnumerable<string> arguments)
    {
        var output = new StringBuilder();
        using Process process = Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        void Take(object sender, DataReceivedEventArgs received)
        {
            if (received.Data is { } text)
            {
                lock (output)
                {
                    output.AppendLine(text);
                    line(text);
                }
            }
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return new ChildResult(process.ExitCode, output.ToString());
    }

    /// <summary>Ends this program and runs another as the same process, on the same terminal: who kills it kills what
    /// matters.</summary>
    /// <exception cref="UserError">It cannot be run.</exception>
    internal static void Become(string program, IEnumerable<string> arguments)
    {
        string?[] words = [program, .. arguments, null];
        _ = Execute(program, words);
        throw new UserError($"{program} cannot be run. `./eros setup` installs it.");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new UserError($"{start.FileName} is not installed. `./eros setup` installs what is missing.");
        }
    }

    [DllImport("libc", EntryPoint = "execvp", SetLastError = true)]
    private static extern int Execute([MarshalAs(UnmanagedType.LPUTF8Str)] string file, string?[] arguments);
}
