using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The same sources, somewhere else and at another time, give the same bytes.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class ReproducibleBuildTests
{
    private static readonly string[] _products = ["artifacts/kernel.elf", "artifacts/eros.img", "artifacts/eros.iso"];

    [Test]
    public void A_copy_of_the_tree_builds_the_same_images()
    {
        using var copy = new ScratchTree();
        copy.Build("Eros.Build/Iso/Eros.Build.Iso.csproj");
        Assert.That(_products.Where(product => !SameBytes(Repository.PathOf(product), copy.PathOf(product))), Is.Empty);
    }

    private static bool SameBytes(string left, string right) =>
        File.ReadAllBytes(left).AsSpan().SequenceEqual(File.ReadAllBytes(right));
}
