using System;
using System.CommandLine;
using System.IO;
using Eros.Build.XSharp;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros xs`: the X# compiler by itself.</summary>
internal static class XsCommand
{
    /// <summary>As an output, standard output.</summary>
    private const string StandardOutput = "-";

    internal static Command Create(Screen screen)
    {
        var file = new Argument<string>("FILE.xs") { Description = "X# source" };
        var output = new Option<string?>("-o")
        {
            Description = "Where the assembly goes, if not beside the source; - is standard output",
            HelpName = "OUT.asm",
        };
        var x86 = new Option<bool>("--x86") { Description = "Compile upstream's 32-bit Gen1 language" };
        var command = new Command("xs", "Compile an X# file to NASM assembly") { file, output, x86 };
        command.SetAction(parsed =>
        {
            string source = parsed.GetValue(file)!;
            var options = new XSharpOptions { X86 = parsed.GetValue(x86) };
            return parsed.GetValue(output) is StandardOutput
                ? Show(screen, XSharpFile.Compile(source, options, [], Console.Error))
                : XSharpFile.CompileTo(source, Target(source, parsed.GetValue(output)), options, [], Console.Error);
        });
        return command;
    }

    private static string Target(string source, string? output)
    {
        string target = Paths.Writable(output, "-o") ?? Path.ChangeExtension(source, ".asm");
        string real = Paths.Real(target);
        return real == Paths.Real(source)
            ? throw new UserError($"{target} is the source, which would be lost. Name another file with -o.")
            : Path.GetExtension(real).Equals(".xs", StringComparison.OrdinalIgnoreCase)
                ? throw new UserError($"{target} is named as X# source is; -o takes OUT.asm.")
                : target;
    }

    private static int Show(Screen screen, string? assembly)
    {
        screen.Output.Write(assembly);
        return assembly == null ? 1 : 0;
    }
}
