// The eros command. The script `eros` beside Eros.sln builds this program when its sources changed and starts it.
//
// Exit codes: 0 done, 1 what was asked could not be done (one message on standard error says why and what to do).

using System;
using System.CommandLine;
using Eros.Build.Cli.Commands;
using Eros.Build.Qemu;

namespace Eros.Build.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            // Everything after the first "--" is QEMU's and must not be read as ours.
            int end = Array.IndexOf(arguments, "--");
            string[] own = end < 0 ? arguments : arguments[..end];
            string[] extra = end < 0 ? [] : arguments[(end + 1)..];
            ParseResult parsed = Create(Tree.Find(), new Screen(), extra).Parse(own);
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is UserError or MachineException)
        {
            Console.Error.WriteLine($"eros: {e.Message}");
            return 1;
        }
    }

    private static RootCommand Create(Tree tree, Screen screen, string[] extra) =>
        new("Eros, a capability operating system that survives having its plug pulled")
        {
            SetupCommand.Create(screen),
            RunCommand.Create(tree, screen, extra),
            TestCommand.Create(tree, screen),
            ImageCommand.Create(tree, screen),
            BenchCommand.Create(tree, screen),
            PlugCommand.Create(tree, screen),
            CrashCommand.Create(screen),
            InspectCommand.Create(screen),
            XsCommand.Create(),
        };
}
