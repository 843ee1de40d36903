using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>
/// Kernels with mistakes. One build has all mistakes, each made on demand: most of a build is its beginning. What is to
/// be made stands in the kernel's file.
/// </summary>
/// <remarks>Parallelizable, so that the machines below it can be beside other tests.</remarks>
[SetUpFixture, Parallelizable]
public sealed class MutantKernels
{
    private const string Project = "Eros.Hal/Image/Eros.Hal.Image.csproj";
    private const string Kernel = "artifacts/kernel.elf";
    private const string Switches = "Eros.Persistence/Base/Mutation.cs";
    private const ulong Marker = 0xB1A5_0C7E_D15C_0000;

    private static readonly KernelMutant[] _all =
        [.. PlugTests.KernelMutants, .. StoryMutantTests.KernelMutants, .. CrowdTests.KernelMutants];

    private static readonly Lazy<ScratchTree> _tree = new(Build);

    /// <summary>Writes a kernel that makes the mistakes that are named. Returns its path.</summary>
    internal static string With(string folder, params string[] names)
    {
        byte[] kernel = File.ReadAllBytes(_tree.Value.PathOf(Kernel));
        Span<byte> marker = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(marker, Marker);
        int at = kernel.AsSpan().IndexOf(marker);
        Assert.That(at, Is.GreaterThan(0), "the switches are in the kernel");
        Assert.That(kernel.AsSpan(at + 1).IndexOf(marker), Is.Negative, "and only once");
        foreach (string name in names)
        {
            int number = Array.FindIndex(_all, mutant => mutant.Name == name);
            Assert.That(number, Is.Not.Negative, name);
            kernel[at + (number / 8)] |= (byte)(1 << (number % 8));
        }

        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, string.Join('-', names) + ".elf");
        File.WriteAllBytes(path, kernel);
        return path;
    }

    [OneTimeTearDown]
    public void RemoveTree()
    {
        if (_tree.IsValueCreated)
        {
            _tree.Value.Dispose();
        }
    }

    private static ScratchTree Build()
    {
        Assert.That(_all, Has.Length.LessThanOrEqualTo(16), "bits of the marker");
        IEnumerable<SourceEdit> edits = _all.SelectMany((mutant, number) => mutant.Edits.Select(edit => edit with
        {
            New = edit.New.Replace(
                "{0}", $"Eros.Persistence.Base.Mutation.Has({number})", StringComparison.Ordinal),
        }));
        var tree = new ScratchTree([.. edits]);
        File.WriteAllText(tree.PathOf(Switches), $$"""
            namespace Eros.Persistence.Base;

            public static class Mutation
            {
                private static ulong _made = {{Marker}};

                public static bool Has(int number) => (System.Threading.Volatile.Read(ref _made) >> number & 1) != 0;
            }
            """);
        tree.Build(Project);
        return tree;
    }
}

/// <summary>A mistake in the kernel.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Edits">Where; in the new text, {0} is true when the mistake is to be made.</param>
internal sealed record KernelMutant(string Name, params SourceEdit[] Edits);
