// The steps of a freestanding build that need code; Freestanding.targets calls them. Each prints problems in the form
// that MSBuild and editors understand (Problem.cs) and returns 0 or 1.
//
//   constants --assembly A --types T;T --out FILE    constants of C# types for X#
//   assemble --out DIR --files LIST                  X# files to objects
//   archive --out FILE.a --objects DIR --files LIST  those objects to an archive beside a library
//   image FILE.rsp                                   assemblies, objects and archives to a checked ELF image

using System;
using System.Collections.Generic;

namespace Eros.Build.Tasks;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            Run(arguments);
            return 0;
        }
        catch (BuildFailure failure)
        {
            foreach (Problem problem in failure.Problems)
            {
                Console.Error.WriteLine(problem);
            }

            return 1;
        }
    }

    private static void Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["assemble", .. string[] rest]:
                Assembler.Run(ParseOptions(rest));
                break;
            case ["constants", .. string[] rest]:
                XSharpConstants.Run(ParseOptions(rest));
                break;
            case ["archive", .. string[] rest]:
                Archive.Run(ParseOptions(rest));
                break;
            case ["image", string file]:
                new ImageBuild(ImageOptions.Read(file)).Run();
                break;
            default:
                throw new BuildFailure(new Problem("EROS0001", "unknown command: " + string.Join(' ', arguments)));
        }
    }

    private static Dictionary<string, string> ParseOptions(string[] arguments)
    {
        Dictionary<string, string> options = [];
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            options[arguments[i].TrimStart('-')] = arguments[i + 1];
        }

        return options;
    }
}
