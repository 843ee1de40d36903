// The kernel has no unwinder: a throw stops the machine. A catch or filter clause would compile and never run, so it is
// an error here, at the first line of its handler.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Eros.Build.Tasks;

internal static class CatchGate
{
    // What the root of the tree is called in symbols: by the SDK in a git checkout, else by our PathMap.
    private static readonly string[] _mappedRoots = ["/_/", "/eros/"];

    internal static void Check(IEnumerable<string> assemblies, string root)
    {
        List<Problem> problems = assemblies.SelectMany(assembly => Find(assembly, root)).ToList();
        if (problems.Count != 0)
        {
            throw new BuildFailure(problems);
        }
    }

    private static string Unmap(string document, string root)
    {
        string? mapped = Array.Find(_mappedRoots, start => document.StartsWith(start, StringComparison.Ordinal));
        return mapped is null ? document : Path.Combine(root, document[mapped.Length..]);
    }

    private static List<Problem> Find(string assembly, string root)
    {
        List<Problem> problems = [];
        using PEReader image = new(File.OpenRead(assembly));
        MetadataReader metadata = image.GetMetadataReader();
        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
            {
                continue;
            }

            foreach (ExceptionRegion region in image.GetMethodBody(method.RelativeVirtualAddress).ExceptionRegions)
            {
                if (region.Kind is ExceptionRegionKind.Catch or ExceptionRegionKind.Filter)
                {
                    string text = Describe(metadata, handle);
                    problems.Add(Locate(text, assembly, handle, region.HandlerOffset, root));
                }
            }
        }

        return problems;
    }

    private static string Describe(MetadataReader metadata, MethodDefinitionHandle handle)
    {
        MethodDefinition method = metadata.GetMethodDefinition(handle);
        string type = metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
        string name = metadata.GetString(method.Name);
        return $"{type}.{name} has a catch clause: freestanding code cannot catch exceptions";
    }

    private static Problem Locate(
        string text, string assembly, MethodDefinitionHandle handle, int offset, string root)
    {
        string symbols = Path.ChangeExtension(assembly, ".pdb");
        if (!File.Exists(symbols))
        {
            return new Problem("EROS0008", text, assembly);
        }

        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        MetadataReader reader = provider.GetMetadataReader();
        MethodDebugInformation information = reader.GetMethodDebugInformation(handle.ToDebugInformationHandle());
        foreach (SequencePoint point in information.GetSequencePoints())
        {
            if (point.Offset >= offset && !point.IsHidden)
            {
                string document = Unmap(reader.GetString(reader.GetDocument(point.Document).Name), root);
                return new Problem("EROS0008", text, document, point.StartLine, point.StartColumn);
            }
        }

        return new Problem("EROS0008", text, assembly);
    }
}
