using System;
using System.CommandLine;
using System.IO;
using Eros.Build.XSharp;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros xs`: the X# compiler by itself.</summary>
internal static class XsCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("FILE.xs") { Description = "X# source" };
        var output = new Option<string?>("-o")
        {
            Description = "Where the assembly goes, if not beside the source",
            HelpName = "OUT.asm",
        };
        var x86 = new Option<bool>("--x86") { Description = "Compile upstream's 32-bit Gen1 language" };
        var command = new Command("xs", "Compile an X# file to NASM assembly") { file, output, x86 };
        command.SetAction(parsed =>
        {
            string source = parsed.GetValue(file)!;
            string target = parsed.GetValue(output) ?? Path.ChangeExtension(source, ".asm");
            var options = new XSharpOptions { X86 = parsed.GetValue(x86) };
            return XSharpFile.CompileTo(source, target, options, [], Console.Error);
        });
        return command;
    }
}
