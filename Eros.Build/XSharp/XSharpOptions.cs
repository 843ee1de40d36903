// What a caller may choose about one compilation.

using System;
using System.Collections.Generic;
using System.IO;

namespace Eros.Build.XSharp;

/// <summary>The choices of one compilation. The defaults compile the project's own 64-bit dialect.</summary>
public sealed class XSharpOptions
{
    /// <summary>Compile upstream's 32-bit Gen1 language and nothing else (<c>--x86</c>).</summary>
    public bool X86 { get; init; }

    /// <summary>Tell NASM of each line where it comes from (<c>%line</c>): its errors then name X# files.</summary>
    public bool IsTraced { get; init; }

    /// <summary>Where <c>include</c> looks after the directory of the including file, in this order.</summary>
    public IReadOnlyList<string> IncludeDirectories { get; init; } = [];

    /// <summary>Gives the text of a file, or null if there is none: the only way the compiler reads anything.</summary>
    public Func<string, string?> ReadFile { get; init; } = ReadFromDisk;

    private static string? ReadFromDisk(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
