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

[TestFixture]
[Platform("Linux", Reason = "the probe is a Linux program")]
public sealed class CoreLibTests
{
    private static readonly string _probe = Path.Combine(
        Repository.PathOf("Eros.Tests/Programs/CoreLibProbe"), "bin", Configuration, "net10.0", "CoreLibProbe");

    private static string Configuration =>
        new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name;

    private static IEnumerable<string> Names => AllChecks.List().Select(check => check.Name);

    [TestCaseSource(nameof(Names))]
    public void Says_the_same_as_dotnet(string name)
    {
        Output expected = new();
        AllChecks.List().Single(check => check.Name == name).Body(expected);

        Assert.That(RunProbe(name), Is.EqualTo((0, expected.Text)));
    }

    [Test]
    public void A_check_says_something_and_has_a_name_of_its_own()
    {
        Assert.That(Names, Is.Unique);
        foreach (Check check in AllChecks.List())
        {
            Output output = new();
            check.Body(output);
            Assert.That(output.Text, Is.Not.Empty, check.Name);
        }
    }

    [TestCase("index", "2 ")]
    [TestCase("span-index", "2 ")]
    [TestCase("slice", "3 ")]
    [TestCase("substring", "3 ")]
    [TestCase("overflow", "6 ")]
    [TestCase("array-length", "6 ")]
    [TestCase("cast", "9 ")]
    [TestCase("unbox", "9 ")]
    [TestCase("array-store", "10 ")]
    [TestCase("interface-cast", "9 ")]
    [TestCase("nullable", "5 ")]
    [TestCase("throw", "1 out of paper")]
    [TestCase("parse", "1 not such a number")]
    [TestCase("key", "1 no such key")]
    [TestCase("changed-list", "1 the list was changed while it was enumerated")]
    [TestCase("double-to-int", "6 ")]
    [TestCase("to-string", "1 a type without ToString was printed")]
    [TestCase("copy", "4 ")]
    public void What_dotnet_throws_at_ends_in_the_hosts_ErosFail(string failure, string codeAndText) =>
        Assert.That(RunProbe("fail:" + failure), Is.EqualTo((1, $"FAIL {codeAndText}\n")));

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
