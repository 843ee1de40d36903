using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Tasks;
using Iced.Intel;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Disassembles what runs between an entry from ring 3 and the saving of the vector state.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class EntryPathTests
{
    private static readonly string[] _starts = ["Trap_SystemCall", "Trap_WithCode"];

    // Where the vector state is saved first, or loaded.
    private static readonly string[] _ends =
        ["Trap_SystemCall_Declined", "Trap_WithCode_Declined", "Trap_FromKernel", "Trap_Resume"];

    [Test]
    public void The_fast_path_uses_no_vector_register_and_calls_nothing_that_could()
    {
        KernelCode kernel = new(Repository.PathOf("artifacts/kernel.elf"));
        List<string> problems = [];
        HashSet<ulong> seen = [];
        Stack<ulong> pending = new(_starts.Select(kernel.AddressOf));
        while (pending.TryPop(out ulong at))
        {
            if (seen.Add(at) && !IsEnd(kernel, at))
            {
                Follow(kernel, kernel.Decode(at), pending, problems);
            }
        }

        Assert.That(problems, Is.Empty);
        Assert.That(seen, Has.Count.GreaterThan(250), "the fast path is somewhere else");
    }

    [Test]
    public void The_lint_finds_vector_registers_where_there_are_some()
    {
        KernelCode kernel = new(Repository.PathOf("artifacts/kernel.elf"));
        List<string> problems = [];
        Stack<ulong> pending = new([kernel.AddressOf("Trap_FromKernel")]);
        while (problems.Count == 0 && pending.TryPop(out ulong at))
        {
            Follow(kernel, kernel.Decode(at), pending, problems);
        }

        Assert.That(problems, Is.Not.Empty, "FXSAVE");
    }

    private static bool IsEnd(KernelCode kernel, ulong address) => _ends.Any(kernel.NameAt(address).Contains);

    private static void Follow(
        KernelCode kernel, Instruction instruction, Stack<ulong> pending, List<string> problems)
    {
        bool usesVectors = Enumerable.Range(0, instruction.OpCount).Any(i =>
            instruction.GetOpKind(i) == OpKind.Register && instruction.GetOpRegister(i).IsVectorRegister());
        if (usesVectors || instruction.CpuidFeatures.Contains(CpuidFeature.FXSR))
        {
            problems.Add($"{kernel.NameAt(instruction.IP)}: {instruction}");
        }

        if (instruction.FlowControl is FlowControl.IndirectCall or FlowControl.IndirectBranch)
        {
            problems.Add($"{kernel.NameAt(instruction.IP)}: {instruction}: nobody knows where this leads");
        }

        bool isLastCall =
            instruction.FlowControl == FlowControl.Call && IsEnd(kernel, instruction.NearBranchTarget);
        bool goesOn = !isLastCall && instruction.FlowControl is not (FlowControl.Return
            or FlowControl.UnconditionalBranch or FlowControl.IndirectBranch or FlowControl.Exception
            or FlowControl.Interrupt);
        if (goesOn)
        {
            pending.Push(instruction.NextIP);
        }

        if (instruction.NearBranchTarget != 0)
        {
            pending.Push(instruction.NearBranchTarget);
        }
    }

    /// <summary>The kernel's code, by address and by symbol.</summary>
    private sealed class KernelCode
    {
        private readonly byte[] _text;
        private readonly ulong _start;
        private readonly Dictionary<string, ulong> _symbols;
        private readonly List<ElfSymbol> _sorted;

        public KernelCode(string path)
        {
            Assert.That(File.Exists(path), "build Eros.Hal/Image first");
            ElfFile file = ElfFile.Read(path);
            ElfSection text = file.Sections.Single(section => section.Name == ".text");
            _text = File.ReadAllBytes(path).AsSpan((int)text.Offset, (int)text.Size).ToArray();
            _start = text.Address;
            _sorted = [.. file.Symbols.Where(s => s.Value - _start < text.Size).OrderBy(s => s.Value)];
            _symbols = _sorted.GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.First().Value);
        }

        public ulong AddressOf(string symbol) => _symbols[symbol];

        public string NameAt(ulong address) => _sorted.Last(symbol => symbol.Value <= address).Name;

        public Instruction Decode(ulong address)
        {
            var decoder = Decoder.Create(64, new ByteArrayCodeReader(_text, (int)(address - _start), 16), address);
            return decoder.Decode();
        }
    }
}
