using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Eros.Tests.Hygiene;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The same sources, somewhere else and at another time, give the same bytes.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class ReproducibleBuildTests
{
    private static readonly string[] _products = ["artifacts/kernel.elf", "artifacts/eros.img", "artifacts/eros.iso"];

    [Test]
    public void A_copy_of_the_tree_builds_the_same_images()
    {
        using var copy = new TemporaryFolder();
        foreach (string file in SourceTree.All)
        {
            string target = copy.File(file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Repository.PathOf(file), target);
        }

        using Process build = Process.Start(new ProcessStartInfo(
            "dotnet", ["build", "Eros.Build/Iso/Eros.Build.Iso.csproj", "-c", "Release", "-v", "quiet", "-nologo"])
        {
            WorkingDirectory = copy.Path,
            RedirectStandardOutput = true,
        })!;
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.That(build.ExitCode, Is.Zero, output);
        Assert.That(_products.Where(product => !SameBytes(Repository.PathOf(product), copy.File(product))), Is.Empty);
    }

    private static bool SameBytes(string left, string right) =>
        File.ReadAllBytes(left).AsSpan().SequenceEqual(File.ReadAllBytes(right));
}
