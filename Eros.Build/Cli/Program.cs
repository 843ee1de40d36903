// The eros command. The script `eros` beside Eros.sln builds this program when its sources changed and starts it.
//
// Exit codes: 0 done, 1 what was asked could not be done (one message on standard error says why and what to do).

using System;
using System.CommandLine;
using Eros.Build.Qemu;

namespace Eros.Build.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            ParseResult parsed = CommandLine.Read(Tree.Find(), new Screen(), arguments);
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is UserError or MachineException)
        {
            Console.Error.WriteLine($"eros: {e.Message}");
            return 1;
        }
    }
}
