// FileCompilerDomain: the compiler as it would be under Unix. All files are in here, and have names; the compiler may
// write each of them, and looks up the names that its customers give it. So a customer writes with the compiler's
// authority whatever it can spell: the compiler is a confused deputy.

using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.FileCompiler;

/// <summary>Compiles, and bills, and is fooled.</summary>
[Domain]
public sealed partial class FileCompilerDomain : Domain, IFileCompiler
{
    private const string Billing = "billing";
    private const string OutputOption = " -o ";

    private readonly Dictionary<string, string> _files = new() { [Billing] = "" };

    /// <inheritdoc/>
    public Result Compile(string command)
    {
        int option = command.IndexOf(OutputOption);
        if (option < 0)
        {
            return Result.BadArgument;
        }

        string source = command[..option];
        string name = command[(option + OutputOption.Length)..];
        _files[Billing] += $"{name}, {source.Length} units; ";
        _files[name] = $"code of {source}";
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Read(string name, out string contents)
    {
        bool isThere = _files.TryGetValue(name, out string? found);
        contents = found ?? "";
        return isThere ? Result.Ok : Result.BadArgument;
    }
}
