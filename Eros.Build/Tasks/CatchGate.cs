// Freestanding code has no unwinder: a throw ends the program. A catch or filter clause would compile and never run, so
// it is an error here, at the first line of its handler.

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
    private const string MappedRoot = "/eros/";

    internal static void Check(IEnumerable<string> assemblies, string root)
    {
        List<Problem> problems = assemblies.SelectMany(Find).Select(problem => Unmap(problem, root)).ToList();
        if (problems.Count != 0)
        {
            throw new BuildFailure(problems);
        }
    }

    // Symbols name sources as the compiler's PathMap does: /eros/ for the root of the tree.
    private static Problem Unmap(Problem problem, string root) =>
        problem.Origin.StartsWith(MappedRoot, StringComparison.Ordinal)
            ? problem with { Origin = Path.Combine(root, problem.Origin[MappedRoot.Length..]) }
            : problem;

    private static List<Problem> Find(string assembly)
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
                    problems.Add(Describe(assembly, metadata, handle, region.HandlerOffset));
                }
            }
        }

        return problems;
    }

    private static Problem Describe(string assembly, MetadataReader metadata, MethodDefinitionHandle handle, int offset)
    {
        MethodDefinition method = metadata.GetMethodDefinition(handle);
        string type = metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
        string text = $"{type}.{metadata.GetString(method.Name)} has a catch clause: " +
            "freestanding code cannot catch exceptions";
        return Locate(new Problem("EROS0008", text, assembly), Path.ChangeExtension(assembly, ".pdb"), handle, offset);
    }

    private static Problem Locate(Problem problem, string symbols, MethodDefinitionHandle handle, int offset)
    {
        if (!File.Exists(symbols))
        {
            return problem;
        }

        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        MetadataReader reader = provider.GetMetadataReader();
        MethodDebugInformation information = reader.GetMethodDebugInformation(handle.ToDebugInformationHandle());
        foreach (SequencePoint point in information.GetSequencePoints())
        {
            if (point.Offset >= offset && !point.IsHidden)
            {
                string document = reader.GetString(reader.GetDocument(point.Document).Name);
                return problem with { Origin = document, Line = point.StartLine, Column = point.StartColumn };
            }
        }

        return problem;
    }
}
