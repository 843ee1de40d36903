// From IL to an image, in six steps that either succeed or stop the build:
//   1. the kernel: no catch clauses, since nothing in it unwinds                         (CatchGate)
//   2. the kernel: what its IL says for a runtime that it does not have                  (KernelLowering)
//   3. ILC: all assemblies to one object; they are all inputs, since exports of mere references are dropped
//      the kernel: without the data that nothing in it reads                             (UnreadData)
//      and without the bytes of code that do nothing                                     (CodeTightening)
//   4. GNU ld with the kind's script, X# objects, and archives of libraries
//      all but the kernel: once more, with tables for what unwinds                       (TablesWriter)
//   5. no undefined symbol, weak ones included, and none that is forbidden              (ElfFile)
//   6. a size report, and the budget                                                    (SizeReport)
// The output is written only when all have passed.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Tasks.Lowering;
using Eros.Build.Tasks.Tightening;
using Eros.Build.Tasks.Unwinding;

namespace Eros.Build.Tasks;

internal sealed class ImageBuild
{
    // What --Os leaves to be saved: padding before loops, a second copy of a loop's condition before it, and what the
    // optimiser finds only when it looks again.
    private static readonly string[] _smallCode =
    [
        "--codegenopt:JitAlignLoops=0",
        "--codegenopt:JitLoopInversionSizeLimit=0",
        "--codegenopt:JitEnableStrengthReduction=0",
        "--codegenopt:JitOptRepeat=*",
    ];

    private readonly ImageOptions _options;
    private readonly string _object;
    private readonly string _linkable;
    private readonly string _linked;

    internal ImageBuild(ImageOptions options)
    {
        _options = options;
        string name = Path.GetFileNameWithoutExtension(options.Assemblies[0]);
        _object = Path.Combine(options.Work, name + ".ilc.o");
        _linkable = options.IsLowered ? Path.Combine(options.Work, name + ".cut.o") : _object;
        _linked = Path.Combine(options.Work, name + ".elf");
    }

    internal void Run()
    {
        if (!_options.Catches)
        {
            CatchGate.Check(_options.Assemblies, _options.Root);
        }

        Compile();
        Link();

        // Lowered code has moved since it was described.
        if (_options.Catches && !_options.IsLowered)
        {
            AddTables();
        }

        ElfFile elf = ElfFile.Read(_linked);
        CheckSymbols(elf);
        SizeBreakdown.Write(Path.Combine(_options.Work, "sizes.txt"), elf);
        string size = new SizeReport(Path.GetFileName(_options.Output), elf).Check(_options.Budget);
        File.WriteAllText(Path.Combine(_options.Work, "size.txt"), size);
        Publish();
    }

    // The image itself has its symbols but no lines and types; those are in the .debug file beside it, for gdb.
    private void Publish()
    {
        string stripped = Path.ChangeExtension(_linked, ".stripped");
        ToolResult result = Tool.Run(
            "objcopy", ["--strip-debug", "-R", ".eh_frame", "-R", ".dotnet_eh_table", _linked, stripped]);
        if (result.ExitCode != 0)
        {
            throw new BuildFailure(new Problem("EROS0005", result.Output.Trim(), "objcopy"));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_options.Output)!);
        File.Copy(_linked, _options.Output + ".debug", overwrite: true);
        File.Copy(stripped, _options.Output, overwrite: true);
    }

    // Loops aligned to 32 bytes would cost the kernel 3 % of its size and no instruction.
    private void Compile()
    {
        IReadOnlyList<string> assemblies = _options.IsLowered
            ? KernelLowering.Run(_options.Assemblies, Path.Combine(_options.Work, "lowered"))
            : _options.Assemblies;
        List<string> arguments =
        [
            .. assemblies,
            "--systemmodule:Eros.CoreLib",
            "--targetos:linux",
            "--targetarch:x64",
            "--instruction-set:x86-64-v2",
            "--nativelib",
            "--noinlinetls",
            "-g",
            _options.Optimize,
            .. _options.Substitutions is null ? [] : new[] { "--substitution:" + _options.Substitutions },
            .. _options.Optimize == "--Os" ? _smallCode : [],
            .. _options.IsLowered ? [KernelLowering.NoObjectsOnStacks] : Array.Empty<string>(),
            "-o:" + _object,
            "--map:" + Path.ChangeExtension(_object, ".map.xml"),
        ];
        string response = Path.ChangeExtension(_object, ".rsp");
        File.WriteAllLines(response, arguments);
        ToolResult result = Tool.Run(IlcPath(), ["@" + response]);
        if (result.ExitCode != 0)
        {
            throw new BuildFailure(IlcProblem(result.Output));
        }

        if (_options.IsLowered)
        {
            UnreadData.Cut(_object, _linkable);
            CodeTightening.Run(_linkable);
        }
    }

    private static string IlcPath() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ilc.path")).Trim();

    // ILC reports through nested exceptions: the first line names the method, the innermost one the reason.
    private static Problem IlcProblem(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string reason = lines.LastOrDefault(line => line.StartsWith("--->", StringComparison.Ordinal)) ?? string.Empty;
        string text = lines.Length == 0 ? "failed without a message" : lines[0];
        return new Problem("EROS0004", $"{text} {reason}".Trim(), "ilc");
    }

    // What unwinds, and makes names of addresses, is made from the image as it is without it, and linked behind it.
    private void AddTables()
    {
        string tables = Path.ChangeExtension(_object, ".tables");
        File.WriteAllBytes(tables, TablesWriter.Make(ElfFile.Read(_linked), _options.Assemblies));
        ToolResult result = Tool.Run("objcopy",
        [
            "-I", "binary",
            "-O", "elf64-x86-64",
            "--rename-section", ".data=.tables,alloc,load,readonly,data,contents",
            "--strip-all",
            tables,
            tables + ".o",
        ]);
        if (result.ExitCode != 0)
        {
            throw new BuildFailure(new Problem("EROS0005", result.Output.Trim(), "objcopy"));
        }

        Link(tables + ".o");
    }

    private void Link(params string[] tables)
    {
        List<string> arguments =
        [
            "-static",
            "-nostdlib",
            "--build-id=none",
            "-z", "noexecstack",
            "-z", "max-page-size=4096",
            "--orphan-handling=error",
            "-T", _options.LinkScript,
            "-Map=" + Path.ChangeExtension(_object, ".ld.map"),
            "-o", _linked,
            .. _options.Objects,
            _linkable,
            .. tables,
            "--start-group",
            .. _options.Archives,
            "--end-group",
        ];
        ToolResult result = Tool.Run("ld", arguments);
        if (result.ExitCode != 0)
        {
            throw new BuildFailure([.. LinkProblems(result.Output)]);
        }
    }

    // ld tells of an undefined symbol in two lines: "... in function `F':" and "... undefined reference to `symbol'".
    internal static IEnumerable<Problem> LinkProblems(string output)
    {
        const string InFunction = "in function `";
        const string Undefined = "undefined reference to `";
        string function = "?";
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Contains(InFunction, StringComparison.Ordinal))
            {
                function = QuotedAfter(line, InFunction);
            }
            else if (line.Contains(Undefined, StringComparison.Ordinal))
            {
                string text = $"undefined symbol {QuotedAfter(line, Undefined)}, used by {function}";
                yield return new Problem("EROS0006", text, "ld");
            }
            else
            {
                yield return new Problem("EROS0005", line, "ld");
            }
        }
    }

    private static string QuotedAfter(string line, string mark)
    {
        string rest = line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..];
        return rest.Split('\'')[0];
    }

    private void CheckSymbols(ElfFile elf)
    {
        IEnumerable<Problem> undefined = elf.Symbols
            .Where(symbol => symbol.IsUndefined)
            .Select(symbol => new Problem("EROS0006", $"undefined symbol {symbol.Name}", "ld"));
        IEnumerable<Problem> forbidden = elf.Symbols
            .Where(symbol => _options.Forbidden.Contains(symbol.Name))
            .Select(symbol => new Problem("EROS0012", $"this image may not use {symbol.Name}", "ld"));
        List<Problem> problems = [.. undefined, .. forbidden];
        if (problems.Count != 0)
        {
            throw new BuildFailure(problems);
        }
    }
}
