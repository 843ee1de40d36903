using System;
using System.Collections.Generic;

namespace Eros.Build.Tasks;

/// <summary>One error in MSBuild's canonical form: <c>origin(line,column): error CODE: text</c>.</summary>
/// <param name="Line">The whole line as it is printed.</param>
internal sealed record Problem(string Line)
{
    internal Problem(string code, string text, string origin = "eros", int line = 0, int column = 0)
        : this($"{origin}{(line == 0 ? string.Empty : $"({line},{column})")}: error {code}: {text}")
    {
    }

    public override string ToString() => Line;
}

/// <summary>Ends a build step; carries everything that was found wrong.</summary>
internal sealed class BuildFailure : Exception
{
    internal BuildFailure(params IReadOnlyList<Problem> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    internal IReadOnlyList<Problem> Problems { get; }
}
