using System;
using System.Collections.Generic;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Editor;

/// <summary>A text; "type TEXT" adds a line, "erase" takes the last away. It is never saved, and never lost.</summary>
[Domain]
public sealed partial class EditorDomain : Domain, IPane
{
    private const int Rows = 7;

    private readonly List<string> _lines = [];

    /// <inheritdoc/>
    public Result Draw(out string lines)
    {
        StringBuilder text = new();
        for (int i = Math.Max(0, _lines.Count - Rows); i < _lines.Count; i++)
        {
            text.Append(_lines[i]).Append('\n');
        }

        lines = text.Append('_').ToString();
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Obey(string command)
    {
        string[] words = command.Split(' ', 2);
        if (words is ["type", string text])
        {
            _lines.Add(text);
            return Result.Ok;
        }

        if (command != "erase" || _lines.Count == 0)
        {
            return Result.BadArgument;
        }

        _lines.RemoveAt(_lines.Count - 1);
        return Result.Ok;
    }
}
