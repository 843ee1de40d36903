// Screen: what the command shows. Results go to standard output and nothing else does; progress and complaints go to
// standard error, as a spinner on a terminal and as plain lines elsewhere.

using System;
using System.Diagnostics;
using System.IO;
using Spectre.Console;

namespace Eros.Build.Cli;

/// <summary>The two ways out of the command.</summary>
internal sealed class Screen
{
    /// <summary>Columns of a table that goes to a file or a pipe.</summary>
    private const int PlainWidth = 160;

    private readonly TextWriter _errors;
    private readonly Lazy<IAnsiConsole> _progress;
    private readonly Lazy<IAnsiConsole> _results;

    /// <summary>That of this process.</summary>
    internal Screen()
        : this(Console.Out, Console.Error)
    {
    }

    internal Screen(TextWriter output, TextWriter errors)
    {
        Output = output;
        _errors = errors;
        _progress = new(() => Create(errors));
        _results = new(() => Create(output));
    }

    /// <summary>Where results go.</summary>
    internal TextWriter Output { get; }

    /// <summary>Where tables go: standard output too.</summary>
    internal IAnsiConsole Results => _results.Value;

    /// <summary>A line about what is being done.</summary>
    internal void Note(string line) => _errors.WriteLine(line);

    /// <summary>Does work that may take more than a second, and shows that it does.</summary>
    /// <param name="what">What is being done, as in "building the kernel".</param>
    /// <param name="work">The work; it may call its argument with a word on how far it is.</param>
    internal T Step<T>(string what, Func<Action<string>, T> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = Console.IsErrorRedirected ? StepInLines(what, work) : StepWithSpinner(what, work);
        Note($"{what}: {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        return result;
    }

    private static IAnsiConsole Create(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }

    private T StepWithSpinner<T>(string what, Func<Action<string>, T> work) => _progress.Value.Status()
        .Start(Markup.Escape(what), status => work(how => status.Status(Markup.Escape($"{what}: {how}"))));

    private T StepInLines<T>(string what, Func<Action<string>, T> work)
    {
        Note(what + " ...");
        return work(how => Note($"  {how}"));
    }
}
