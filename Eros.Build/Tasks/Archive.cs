// A library's X# objects in one file, from which the linker takes only the members that an image refers to.

using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Eros.Build.Tasks;

internal static class Archive
{
    internal static void Run(Dictionary<string, string> options)
    {
        string output = Path.GetFullPath(options["out"]);
        File.Delete(output);
        IEnumerable<string> objects = File.ReadLines(options["files"]).Select(Assembler.ObjectName);

        // D: no dates and owners in the archive, so that the same objects give the same bytes.
        ToolResult result = Tool.Run("ar", ["rcsD", output, .. objects], options["objects"]);
        if (result.ExitCode != 0)
        {
            throw new BuildFailure(new Problem("EROS0003", result.Output.Trim(), "ar"));
        }
    }
}
