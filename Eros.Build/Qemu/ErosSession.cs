// ErosSession: a machine that runs Eros, spoken to through the shell. Knows the console's contract and nothing of any
// command.
//
// After boot or resume the console says one line, `eros: first boot` or `eros: generation G, resumed N processes in T
// ms`, and then the prompt with the half-typed line as it was.

using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Eros.Build.Qemu;

/// <summary>What the console said before the first prompt.</summary>
/// <param name="IsFirstBoot">The volume had never run.</param>
/// <param name="Generation">The generation that was resumed; 0 on first boot.</param>
/// <param name="Processes">Processes that were resumed.</param>
/// <param name="Milliseconds">The kernel's own figure for the resume.</param>
public sealed record Greeting(bool IsFirstBoot, ulong Generation, int Processes, int Milliseconds);

/// <summary>The shell on a machine's console.</summary>
public sealed partial class ErosSession
{
    public const string Prompt = "eros> ";

    private const string ClearLine = "\x15";

    /// <summary>In no line that anybody types.</summary>
    private const string Stranger = "~";

    private readonly QemuMachine _machine;

    private ErosSession(QemuMachine machine, Greeting greeting)
    {
        _machine = machine;
        Greeting = greeting;
    }

    public Greeting Greeting { get; }

    /// <summary>Waits for the first prompt of a machine that was just started, and takes away what is half typed
    /// there.</summary>
    /// <exception cref="MachineException">It did not come, or without a proper greeting.</exception>
    public static ErosSession Begin(QemuMachine machine, TimeSpan timeout)
    {
        ErosSession session = BeginAsItStands(machine, timeout);

        // What was half typed is drawn at the first key at the latest. It can be the very command that comes next: so
        // something is waited for that it is not.
        machine.Type(ClearLine + Stranger);
        machine.Expect(Stranger, timeout);
        machine.Type(ClearLine);
        return session;
    }

    /// <summary>The same, but the half-typed line stays.</summary>
    public static ErosSession BeginAsItStands(QemuMachine machine, TimeSpan timeout) =>
        new(machine, ParseGreeting(machine.Expect(Prompt, timeout)));

    /// <summary>Types a command and waits for the next prompt.</summary>
    /// <returns>What it printed, lines separated by \n, without the last line's end.</returns>
    /// <exception cref="MachineException">The prompt did not come back in time.</exception>
    public string Run(string command, TimeSpan timeout)
    {
        _machine.Type(command + "\r");
        _machine.Expect(command, timeout);
        string output = _machine.Expect(Prompt, timeout);
        output = output[..^Prompt.Length].Replace("\r", "", StringComparison.Ordinal);

        // The end of the command's line, which an aside of the kernel may have taken with it.
        return (output.StartsWith('\n') ? output[1..] : output).TrimEnd('\n');
    }

    private static Greeting ParseGreeting(string console)
    {
        if (ResumeLine().Match(console) is { Success: true } resumed)
        {
            return new Greeting(
                false,
                ulong.Parse(resumed.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(resumed.Groups[2].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(resumed.Groups[3].ValueSpan, CultureInfo.InvariantCulture));
        }

        return console.Contains("eros: first boot", StringComparison.Ordinal)
            ? new Greeting(true, 0, 0, 0)
            : throw new MachineException($"The prompt came without the line before it. The console:\n{console}");
    }

    [GeneratedRegex("eros: generation ([0-9]+), resumed ([0-9]+) processes in ([0-9]+) ms")]
    private static partial Regex ResumeLine();
}
