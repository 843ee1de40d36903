using System.IO;

namespace Eros.Build.Tasks;

internal static class Assembler
{
    /// <summary>The object of an X# file: its name with .o, in the objects directory of its project.</summary>
    internal static string ObjectName(string file) => Path.GetFileNameWithoutExtension(file) + ".o";
}
