// Where the bytes of an image are, for whoever has to make it smaller: sizes.txt beside the intermediate files. Types
// with all their methods first, then the methods, largest first. Names are ILC's: dots are underscores, a method
// follows its type after two of them.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Eros.Build.Tasks;

internal static class SizeBreakdown
{
    private const string Separator = "__";

    internal static void Write(string file, ElfFile elf)
    {
        // An exported method has two symbols of one address; it counts once.
        List<ElfSymbol> methods = elf.Symbols
            .Where(symbol => symbol.IsFunction && symbol.Size != 0)
            .DistinctBy(symbol => symbol.Value)
            .ToList();
        IEnumerable<(string Name, ulong Size)> types = methods
            .GroupBy(TypeOf)
            .Select(type => (type.Key, (ulong)type.Sum(method => (long)method.Size)));
        IEnumerable<string> lines =
        [
            "bytes  type",
            .. Sorted(types),
            string.Empty,
            "bytes  method",
            .. Sorted(methods.Select(method => (method.Name, method.Size))),
        ];
        File.WriteAllLines(file, lines);
    }

    private static string TypeOf(ElfSymbol method)
    {
        int end = method.Name.IndexOf(Separator, 1, StringComparison.Ordinal);
        return end < 0 ? method.Name : method.Name[..end];
    }

    private static IEnumerable<string> Sorted(IEnumerable<(string Name, ulong Size)> items) => items
        .OrderByDescending(item => item.Size)
        .ThenBy(item => item.Name, StringComparer.Ordinal)
        .Select(item => $"{item.Size,5}  {item.Name}");
}
