using System;
using System.Collections.Generic;

namespace Eros.Build.Tasks;

/// <summary>One error, printed as <c>origin(line,column): error CODE: text</c>.</summary>
internal sealed record Problem(string Code, string Text, string Origin = "eros", int Line = 0, int Column = 0)
{
    public override string ToString()
    {
        string position = Line == 0 ? string.Empty : $"({Line},{Column})";
        return $"{Origin}{position}: error {Code}: {Text}";
    }
}

/// <summary>Ends a build step; carries everything that was found wrong.</summary>
internal sealed class BuildFailure : Exception
{
    internal BuildFailure(params IReadOnlyList<Problem> problems) => Problems = problems;

    internal IReadOnlyList<Problem> Problems { get; }
}
