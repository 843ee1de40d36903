// From file to file: what the build and `./eros xs` call.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Eros.Build.XSharp;

/// <summary>Compiles files on disk.</summary>
public static class XSharpFile
{
    /// <summary>
    /// Compiles an .xs file to an .asm file, creating its directory. Errors go to <paramref name="diagnostics"/>, one a
    /// line in MSBuild's form; after an error nothing is written. A file that would not change is not touched.
    /// </summary>
    /// <param name="xsPath">The source.</param>
    /// <param name="asmPath">The output.</param>
    /// <param name="options">The choices; their include directories come before <paramref name="includeDirs"/>.</param>
    /// <param name="includeDirs">More directories for <c>include</c>.</param>
    /// <param name="diagnostics">Where errors are printed.</param>
    /// <returns>The exit code of a command: 0, or 1 after errors.</returns>
    public static int CompileTo(
        string xsPath,
        string asmPath,
        XSharpOptions options,
        IEnumerable<string> includeDirs,
        TextWriter diagnostics) =>
        Compile(xsPath, options, includeDirs, diagnostics) is { } asm ? Write(asmPath, asm, diagnostics) : 1;

    /// <summary>Compiles an .xs file to the text of an .asm file; null after errors, which are printed as
    /// <see cref="CompileTo"/> does.</summary>
    public static string? Compile(
        string xsPath, XSharpOptions options, IEnumerable<string> includeDirs, TextWriter diagnostics)
    {
        if (options.ReadFile(xsPath) is not { } source)
        {
            diagnostics.WriteLine($"{xsPath}: error XS{(int)XSharpErrorCode.BadInclude:D4}: expected a readable file");
            return null;
        }

        var all = new XSharpOptions
        {
            X86 = options.X86,
            IsTraced = options.IsTraced,
            IncludeDirectories = [.. options.IncludeDirectories, .. includeDirs],
            ReadFile = options.ReadFile,
        };
        var result = XSharpCompiler.Compile(source, xsPath, all);
        result.Errors.Select(error => error.ToString()).ToList().ForEach(diagnostics.WriteLine);
        return result.Errors.Count == 0 ? result.Asm : null;
    }

    private static int Write(string asmPath, string asm, TextWriter diagnostics)
    {
        try
        {
            string full = Path.GetFullPath(asmPath);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (!File.Exists(full) || File.ReadAllText(full) != asm)
            {
                File.WriteAllText(full, asm, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            }

            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            diagnostics.WriteLine($"{asmPath}: error XS{(int)XSharpErrorCode.CannotWrite:D4}: {e.Message}");
            return 1;
        }
    }
}
