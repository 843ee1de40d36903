// The doorway of the compiler: text in, text out. docs/xsharp.md is the language's reference.

namespace Eros.Build.XSharp;

/// <summary>Compiles X# to NASM assembly.</summary>
public static class XSharpCompiler
{
    /// <summary>Compiles one file. Never throws on account of its input: what is wrong is in the result.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="fileName">Its name, for messages and for finding what it includes.</param>
    /// <param name="options">The choices of this compilation.</param>
    public static XSharpResult Compile(string source, string fileName, XSharpOptions options)
        => new Translator(options).Translate(source, fileName);
}
