// The gates between a compiled kernel and artifacts/kernel.elf.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Eros.Build.Tasks;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

[TestFixture]
public sealed class ImageGateTests
{
    private static readonly string _kernel = Repository.PathOf("Eros.Hal/Image");

    [Test]
    public void A_catch_clause_is_an_error_at_its_line()
    {
        string here = typeof(ImageGateTests).Assembly.Location;

        BuildFailure failure = Assert.Throws<BuildFailure>(() => CatchGate.Check([here], Repository.Root))!;

        string problem = failure.Problems.Select(p => p.Line).Single(line => line.Contains(nameof(SwallowsErrors)));
        string file = Path.Combine(Repository.Root, "Eros.Tests/Unit/Build/ImageGateTests.cs");
        Assert.That(problem, Does.Match($@"^{file}\(\d+,\d+\): error EROS0008: .*freestanding code cannot catch"));
    }

    [Test]
    public void Try_finally_and_using_pass_the_catch_gate()
    {
        string here = typeof(ImageGateTests).Assembly.Location;

        BuildFailure failure = Assert.Throws<BuildFailure>(() => CatchGate.Check([here], Repository.Root))!;

        Assert.That(failure.Problems.Select(p => p.Line), Has.None.Contain(nameof(OnlyFinally)));
    }

    [Test]
    public void A_missing_tool_names_the_command_that_installs_it()
    {
        BuildFailure failure = Assert.Throws<BuildFailure>(() => Tool.Run("no-such-assembler", []))!;

        Assert.That(failure.Problems.Single().Line, Is.EqualTo(
            "eros: error EROS0002: no-such-assembler is not installed: run ./eros setup"));
    }

    [Test]
    public void An_undefined_symbol_is_named_with_its_user()
    {
        const string Output = """
            ld: k.o: in function `Kernel__Run':
            (__managedcode+0x609): undefined reference to `Port_Write'
            """;

        Assert.That(ImageBuild.LinkProblems(Output).Single().Line, Is.EqualTo(
            "ld: error EROS0006: undefined symbol Port_Write, used by Kernel__Run"));
    }

    [Test]
    public void The_size_is_what_a_loader_brings_in()
    {
        using TemporaryFolder folder = new();
        string file = ElfWith(folder, (6, 1, 1000), (2, 1, 200), (3, 1, 30), (3, 8, 5000), (0, 1, 777));

        SizeReport report = new("k.elf", ElfFile.Read(file));

        Assert.That(report.Check(null), Is.EqualTo(
            "k.elf: text 1000 + read-only 200 + data 30 = 1230 loadable bytes (and 5000 zeroed)"));
    }

    [TestCase(1230, true)]
    [TestCase(1229, false)]
    public void A_size_above_the_budget_fails(int budget, bool fits)
    {
        using TemporaryFolder folder = new();
        string file = ElfWith(folder, (6, 1, 1000), (2, 1, 200), (3, 1, 30));
        string budgetFile = Path.Combine(folder.Path, "budget.txt");
        File.WriteAllText(budgetFile, $"{budget}\n");
        SizeReport report = new("k.elf", ElfFile.Read(file));

        if (fits)
        {
            Assert.That(report.Check(budgetFile), Does.Contain("1230 loadable bytes of 1230 allowed"));
        }
        else
        {
            BuildFailure failure = Assert.Throws<BuildFailure>(() => report.Check(budgetFile))!;
            Assert.That(failure.Problems.Single().Line, Does.Match("error EROS0007: .*over the budget of 1229"));
        }
    }

    [Test]
    public void Constants_for_XSharp_are_offsets_consts_and_enum_members()
    {
        using TemporaryFolder folder = new();
        string output = Path.Combine(folder.Path, "constants.xs");
        Dictionary<string, string> options = new()
        {
            ["assembly"] = typeof(ProcessFrame).Assembly.Location,
            ["types"] = "ProcessFrame;RunState",
            ["out"] = output,
        };

        XSharpConstants.Run(options);

        string[] lines = File.ReadAllLines(output);
        Assert.That(lines, Does.Contain("const ProcessFrame_SizeInBytes = 4096"));
        Assert.That(lines, Does.Contain("const ProcessFrame_Rip = 192"));
        Assert.That(lines, Does.Contain($"const RunState_Running = {(int)RunState.Running}"));
    }

    [Test]
    public void The_kernels_budget_has_no_slack()
    {
        ulong budget = ulong.Parse(File.ReadAllText(Path.Combine(_kernel, "budget.txt")), CultureInfo.InvariantCulture);
        ulong size = new SizeReport("kernel.elf", ElfFile.Read(Repository.PathOf("artifacts/kernel.elf"))).Loadable;

        Assert.That(budget - size, Is.LessThan(1024), "what the kernel lost, the budget loses too: it only goes down");
    }

    private static string SwallowsErrors(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    private static int OnlyFinally(IDisposable resource)
    {
        using (resource)
        {
            return SwallowsErrors("/").Length;
        }
    }

    // An ELF file that is nothing but section headers: a null section, then (flags, type, size) each.
    private static string ElfWith(TemporaryFolder folder, params (ulong Flags, uint Type, ulong Size)[] sections)
    {
        string path = Path.Combine(folder.Path, "k.elf");
        using BinaryWriter writer = new(File.Create(path));
        writer.Write(new byte[0x28]);
        writer.Write(0x40ul);
        writer.Write(new byte[10]);
        writer.Write((ushort)64);
        writer.Write((ushort)(sections.Length + 1));
        writer.Write((ushort)0);
        foreach ((ulong flags, uint type, ulong size) in sections.Prepend((0ul, 0u, 0ul)))
        {
            writer.Write(0);
            writer.Write(type);
            writer.Write(flags);
            writer.Write(0ul);
            writer.Write(0ul);
            writer.Write(size);
            writer.Write(new byte[24]);
        }

        return path;
    }
}
