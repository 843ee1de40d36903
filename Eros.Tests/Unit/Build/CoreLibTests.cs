// The core library against .NET: each check runs in this process and, as freestanding code, in CoreLibProbe, and must
// say the same in both. The bodies of the checks are in Programs/CoreLibProbe/Checks.

using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Eros.Build.Tasks;
using Eros.Tests.Programs;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

[TestFixture, Parallelizable]
[Platform("Linux", Reason = "the probe is a Linux program")]
public sealed class CoreLibTests
{
    private static readonly string _probe = Path.Combine(
        Repository.PathOf("Eros.Tests/Programs/CoreLibProbe"), "bin", Configuration, "net10.0", "CoreLibProbe");

    private static string Configuration =>
        new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name;

    private static IEnumerable<string> Names => AllChecks.List().Select(check => check.Name);

    private static IEnumerable<string> AllNames => All.Select(check => check.Name);

    private static IEnumerable<Check> All => AllChecks.List().Concat(AllChecks.Exceptions());

    [TestCaseSource(nameof(AllNames))]
    public void Says_the_same_as_dotnet(string name)
    {
        Output expected = new();
        All.Single(check => check.Name == name).Body(expected);

        Assert.That(RunProbe(name), Is.EqualTo((0, expected.Text)));
    }

    [Test]
    public void A_check_says_something_and_has_a_name_of_its_own()
    {
        Assert.That(AllNames, Is.Unique);
        foreach (Check check in All)
        {
            Output output = new();
            check.Body(output);
            Assert.That(output.Text, Is.Not.Empty, check.Name);
        }
    }

    [TestCase("index", "IndexOutOfRangeException: index out of range")]
    [TestCase("span-index", "IndexOutOfRangeException: index out of range")]
    [TestCase("slice", "ArgumentOutOfRangeException: argument out of range")]
    [TestCase("substring", "ArgumentOutOfRangeException: argument out of range")]
    [TestCase("overflow", "OverflowException: number too large")]
    [TestCase("array-length", "OverflowException: number too large")]
    [TestCase("cast", "InvalidCastException: invalid cast")]
    [TestCase("unbox", "InvalidCastException: invalid cast")]
    [TestCase("array-store", "ArrayTypeMismatchException: not of the array's type")]
    [TestCase("interface-cast", "InvalidCastException: invalid cast")]
    [TestCase("nullable", "InvalidOperationException: operation not valid now")]
    [TestCase("throw", "InvalidOperationException: out of paper")]
    [TestCase("parse", "FormatException: not such a number")]
    [TestCase("key", "Collections.Generic.KeyNotFoundException: no such key")]
    [TestCase("changed-list", "InvalidOperationException: the list was changed while it was enumerated")]
    [TestCase("double-to-int", "OverflowException: number too large")]
    [TestCase("copy", "ArgumentException: argument out of its domain")]
    public void What_nobody_catches_is_told_with_its_type_and_where_it_was(string failure, string typeAndText)
    {
        (int code, string text) = RunProbe("fail:" + failure);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(text, Does.StartWith($"FAIL System.{typeAndText}\n   at "));
        Assert.That(text, Does.Contain(
            "   at Eros.Tests.Programs.ProbeHost.RunCheck in Eros.Tests/Programs/CoreLibProbe/Host/ProbeHost.cs:"));
        Assert.That(text, Does.Not.Contain("ThrowHelpers").And.Not.Contain("FailedCheck"));
    }

    [Test]
    public void A_trace_names_methods_and_lines_from_the_inside_out()
    {
        string source = File.ReadAllText(Repository.PathOf("Eros.Tests/Programs/CoreLibProbe/Host/Failures.cs"));
        int LineOf(string text) => source.Split(text)[0].Count(c => c == '\n') + 1;

        string[] lines = RunProbe("fail:deep").Text.Split('\n');

        const string At = "   at Eros.Tests.Programs.Failures.";
        const string In = " in Eros.Tests/Programs/CoreLibProbe/Host/Failures.cs:";
        Assert.That(lines[1..4], Is.EqualTo(new[]
        {
            $"{At}Inner{In}{LineOf("// inner")}",
            $"{At}Middle{In}{LineOf("// middle")}",
            $"{At}Outer{In}{LineOf("// outer")}",
        }));
    }

    [Test]
    public void The_same_assemblies_give_the_same_image_in_another_folder()
    {
        using TemporaryFolder first = new();
        using TemporaryFolder second = new();

        Assert.That(BuildProbeIn(second), Is.EqualTo(BuildProbeIn(first)));
        Assert.That(BuildProbeIn(first), Is.EqualTo(File.ReadAllBytes(_probe)));
    }

    [Test]
    public void Lowered_as_the_kernel_is_it_says_the_same()
    {
        using TemporaryFolder folder = new();
        BuildProbeIn(folder, "optimize --Os", "lower true");

        // Code that is tightened has moved, and what unwinds is told of where it was: the kernel has neither.

        foreach (string name in Names)
        {
            Assert.That(Run(folder.File("image"), name), Is.EqualTo(RunProbe(name)), name);
        }
    }

    [Test]
    public void A_forbidden_symbol_fails_the_build()
    {
        using TemporaryFolder folder = new();

        BuildFailure failure = Assert.Throws<BuildFailure>(() => BuildProbeIn(folder, "forbid RhpNewFast"))!;

        Assert.That(failure.Problems.Single().Line, Is.EqualTo(
            "ld: error EROS0012: this image may not use RhpNewFast"));
        Assert.That(folder.File("image"), Does.Not.Exist);
    }

    // The last step of the probe's build again, from copies of its assemblies.
    private static byte[] BuildProbeIn(TemporaryFolder folder, params string[] moreOptions)
    {
        string project = Repository.PathOf("Eros.Tests/Programs/CoreLibProbe");
        string original = Path.Combine(project, "obj", Configuration, "net10.0", "image.rsp");
        string image = folder.File("image");
        string options = folder.File("image.rsp");
        File.WriteAllLines(options, File.ReadLines(original).Select(line => line.Split(' ', 2) switch
        {
            ["out", _] => "out " + image,
            ["work", _] => "work " + folder.Path,
            ["assembly", string path] => "assembly " + CopyTo(folder, path),
            _ => line,
        }).Concat(moreOptions));
        new ImageBuild(ImageOptions.Read(options)).Run();
        return File.ReadAllBytes(image);
    }

    private static string CopyTo(TemporaryFolder folder, string path)
    {
        string copy = folder.File(Path.GetFileName(path));
        File.Copy(path, copy, overwrite: true);
        File.Copy(Path.ChangeExtension(path, ".pdb"), Path.ChangeExtension(copy, ".pdb"), overwrite: true);
        return copy;
    }

    private static (int ExitCode, string Text) RunProbe(string name) => Run(_probe, name);

    private static (int ExitCode, string Text) Run(string program, string name)
    {
        ProcessStartInfo start = new(program, [name]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text);
    }
}
