// CommandLine: the commands, and what is wrong with words that were given to them. The parser's own complaints name
// types of .NET; those of numbers and of empty words are said here instead, for all commands.

using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Eros.Build.Cli.Commands;

namespace Eros.Build.Cli;

/// <summary>Reads what was typed behind `./eros`.</summary>
internal static class CommandLine
{
    /// <param name="tree">The source tree.</param>
    /// <param name="screen">Where to show things.</param>
    /// <param name="words">The command line.</param>
    /// <exception cref="UserError">A word is none that its option takes. What else the parser finds wrong, it says when
    /// the result is invoked.</exception>
    internal static ParseResult Read(Tree tree, Screen screen, string[] words)
    {
        // Everything after the first "--" is QEMU's and must not be read as ours.
        int end = Array.IndexOf(words, "--");
        string[] own = end < 0 ? words : words[..end];
        string[] extra = end < 0 ? [] : words[(end + 1)..];
        ParseResult parsed = Create(tree, screen, extra).Parse(own);
        if (parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens is [{ } unknown, ..])
        {
            throw new UserError($"there is no command '{unknown}'; ./eros --help lists those that there are.");
        }

        if (parsed.UnmatchedTokens is [{ } stray, ..] && !stray.StartsWith('-'))
        {
            string command = parsed.CommandResult.Command.Name;
            throw new UserError($"{command} has no use for '{stray}'; ./eros {command} --help says what it takes.");
        }

        string? complaint = parsed.CommandResult.Children.Select(Complaint).FirstOrDefault(one => one != null);
        return complaint == null ? parsed : throw new UserError(complaint);
    }

    private static RootCommand Create(Tree tree, Screen screen, string[] extra) =>
        new("Eros, a capability operating system that survives having its plug pulled")
        {
            SetupCommand.Create(screen),
            RunCommand.Create(tree, screen, extra),
            TestCommand.Create(tree, screen),
            ImageCommand.Create(tree, screen),
            BenchCommand.Create(tree, screen),
            PlugCommand.Create(tree, screen),
            RaceCommand.Create(tree, screen),
            CrashCommand.Create(screen),
            FuzzCommand.Create(tree, screen),
            InspectCommand.Create(screen),
            UpgradeCommand.Create(tree, screen),
            DocsCommand.Create(tree, screen),
            XsCommand.Create(screen),
        };

    private static string? Complaint(SymbolResult result) => result switch
    {
        OptionResult option => option.Tokens
            .Select(word => Complaint(option.Option.Name, option.Option.HelpName, option.Option.ValueType, word.Value))
            .Append(option is { Implicit: false, Option: { Arity.MinimumNumberOfValues: > 1, HelpName: { } names } }
                && option.Tokens.Count < option.Option.Arity.MinimumNumberOfValues
                ? $"{option.Option.Name} takes {names}; {option.Tokens.Count} of them is there."
                : null)
            .FirstOrDefault(one => one != null),
        ArgumentResult { Argument: var argument } => result.Tokens
            .Select(word => Complaint(argument.Name, argument.HelpName, argument.ValueType, word.Value))
            .FirstOrDefault(one => one != null),
        _ => null,
    };

    private static string? Complaint(string name, string? what, Type type, string word)
    {
        Type one = type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;
        if (one == typeof(double))
        {
            return double.TryParse(word, CultureInfo.InvariantCulture, out _)
                ? null
                : $"{name} takes a number; '{word}' is none.";
        }

        if (RangeOf(one) is not { } range)
        {
            return word.Length == 0 ? $"{name} takes {what ?? "a name"}; an empty word is none." : null;
        }

        return !BigInteger.TryParse(word, NumberStyles.Integer, CultureInfo.InvariantCulture, out BigInteger number)
                ? $"{name} takes a whole number; '{word}' is none."
            : number < range.Least ? $"{name} takes a number of at least {range.Least}, not {word}."
            : number > range.Most ? $"{name} takes a number of at most {range.Most}, not {word}."
            : null;
    }

    /// <summary>Null: no number.</summary>
    private static (BigInteger Least, BigInteger Most)? RangeOf(Type type) =>
        type == typeof(int) ? (int.MinValue, int.MaxValue)
        : type == typeof(ulong) ? (ulong.MinValue, ulong.MaxValue)
        : null;
}
