using System;

namespace Eros.Tests;

/// <summary>A change to one source file that makes the system wrong: a mutant.</summary>
/// <param name="File">The file, relative to the root, with forward slashes.</param>
/// <param name="Old">What stands there exactly once.</param>
/// <param name="New">What stands there instead.</param>
public readonly record struct SourceEdit(string File, string Old, string New)
{
    /// <summary>The file's text with the change made.</summary>
    /// <exception cref="InvalidOperationException">The edit no longer applies: the sources have moved on.</exception>
    public string ApplyTo(string text)
    {
        int at = text.IndexOf(Old, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(Old, at + 1, StringComparison.Ordinal) < 0
            ? text[..at] + New + text[(at + Old.Length)..]
            : throw new InvalidOperationException($"{File} does not have this exactly once: {Old}");
    }
}
