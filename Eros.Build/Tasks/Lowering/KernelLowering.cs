// What the kernel's IL says for the sake of a runtime that the kernel does not have, said plainly before ILC reads it.
// Roslyn writes IL for .NET at large, and ILC has no switches for this.
//
//   methods  that one place calls become part of it, as gcc's -Os has it; NoInlining keeps one apart   (OnceCalled)
//   calls    of methods that one class implements go there                                     (SoleImplementations)
//   calls    of methods that are not virtual do not look for null first: page 0 is absent, so the first use of the
//            object faults by itself, and with the same epitaph
//   switches over few values compare with each                                                     (SmallSwitches)
//   texts    have no zero behind them                                                                    (TextEnds)
//   locals   are not cleared first, since C# reads none before it is assigned; the memory of stackalloc still is
//   types    are told by what is a call wherever it is used, so that it shows who looks at one   (UnreadData)
//   stores   of references tell no collector: there is none                                         (ReferenceStores)
//
// The assemblies themselves stay as they are; lowered copies, with their symbols, go to a folder for ILC.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Eros.Build.Tasks.Lowering;

internal static class KernelLowering
{
    /// <summary>Bytes of IL up to which the JIT takes a method into its callers without being asked.</summary>
    internal const int AlwaysInlinedBytes = 16;

    /// <summary>A switch for ILC. The JIT would put objects whose references it sees go nowhere on the stack; it does
    /// not see a reference that is stored as a number.</summary>
    internal const string NoObjectsOnStacks = "--codegenopt:JitObjectStackAllocation=0";

    /// <summary>Lowers assemblies that form one image, and returns the paths of the copies in their order.</summary>
    internal static List<string> Run(IEnumerable<string> assemblies, string folder)
    {
        using AssemblySet set = new();
        List<AssemblyDefinition> definitions = assemblies.Select(set.Read).ToList();
        List<MethodDefinition> methods = definitions
            .SelectMany(assembly => assembly.MainModule.GetTypes())
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody)
            .ToList();
        SoleImplementations implementations = new(methods);
        foreach (MethodDefinition method in methods)
        {
            implementations.Call(method.Body);
        }

        foreach (MethodDefinition method in methods.Where(TellsOfType))
        {
            method.NoInlining = true;
        }

        OnceCalled.Inline(methods);
        TextEnds.Cut(methods);
        foreach (MethodDefinition method in methods)
        {
            Lower(method);
        }

        Directory.CreateDirectory(folder);
        return definitions.Select(assembly => Write(assembly, folder)).ToList();
    }

    // All but the sizes, which are for the allocator.
    private static bool TellsOfType(MethodDefinition method) =>
        method is { DeclaringType.FullName: "Internal.Runtime.MethodTable" }
        && method.Name is not ("get_BaseSize" or "get_ComponentSize");

    private static void Lower(MethodDefinition method)
    {
        MethodBody body = method.Body;
        bool isAlwaysInlined = body.CodeSize <= AlwaysInlinedBytes && !method.NoInlining;
        body.SimplifyMacros();
        foreach (Instruction call in body.Instructions.Where(AsksForNullCheckOnly))
        {
            call.OpCode = OpCodes.Call;
        }

        SmallSwitches.Lower(body, method.Module.TypeSystem.Int32);
        bool hasStores = ReferenceStores.Lower(body);
        body.InitLocals &= body.Instructions.Any(instruction => instruction.OpCode == OpCodes.Localloc);
        body.OptimizeMacros();
        method.AggressiveInlining |= isAlwaysInlined && hasStores;
    }

    private static bool AsksForNullCheckOnly(Instruction instruction) =>
        instruction.OpCode == OpCodes.Callvirt
        && instruction.Previous?.OpCode != OpCodes.Constrained
        && ((MethodReference)instruction.Operand).Resolve() is { IsVirtual: false };

    // No time and no random number goes into a file: the same assemblies give the same copies.
    private static string Write(AssemblyDefinition assembly, string folder)
    {
        string path = Path.Combine(folder, assembly.Name.Name + ".dll");
        WriterParameters parameters = new()
        {
            DeterministicMvid = true,
            Timestamp = 0,
            WriteSymbols = assembly.MainModule.HasSymbols,
        };
        assembly.Write(path, parameters);
        return path;
    }

    /// <summary>References between the assemblies of an image lead to each other, not to files. What is in none of them
    /// is not known, and stays as it is.</summary>
    private sealed class AssemblySet : IAssemblyResolver
    {
        private readonly List<AssemblyDefinition> _assemblies = [];

        public AssemblyDefinition? Resolve(AssemblyNameReference name) =>
            _assemblies.Find(assembly => assembly.Name.Name == name.Name);

        public AssemblyDefinition? Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

        public void Dispose() => _assemblies.ForEach(assembly => assembly.Dispose());

        internal AssemblyDefinition Read(string path)
        {
            ReaderParameters parameters = new()
            {
                AssemblyResolver = this,
                ReadSymbols = File.Exists(Path.ChangeExtension(path, ".pdb")),
            };
            AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(path, parameters);
            _assemblies.Add(assembly);
            return assembly;
        }
    }
}
