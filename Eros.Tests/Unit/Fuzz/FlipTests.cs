using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Eros.Tests.Fuzz.Flips;
using NUnit.Framework;

namespace Eros.Tests.Unit.Fuzz;

/// <summary>Flipped bits in memory. `./eros fuzz --flips 10000` is the same for longer.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FlipTests
{
    private const int Flips = 600;
    private const ulong Seed = 3;

    private static readonly ModelMutant[] _mutants =
    [
        new(
            "clean frames are not looked at before they are changed",
            "Eros.Persistence/Store/FrameTable.Snapshot.cs",
            "        CheckClean(in _entries[entry]);\n",
            "        if (!{0}) { CheckClean(in _entries[entry]); }\n"),
        new(
            "tag blocks are not looked at before they are changed",
            "Eros.Persistence/Checkpoint/Stabiliser.cs",
            "        CheckTags();\n",
            "        if (!{0}) { CheckTags(); }\n"),
        new(
            "what is wrong with page tables stops nothing",
            "Eros.Kernel/Spaces/SpacesCheck.cs",
            "Fail.Unless(flaw == SpacesFlaw.None,",
            "Fail.Unless({0} || flaw == SpacesFlaw.None,"),
    ];

    [Test]
    public void No_flipped_bit_that_is_covered_is_committed_unnoticed()
    {
        IReadOnlyList<FlipRow> rows = FlipCampaign.Run(Seed, Flips);
        foreach (FlipRow row in rows)
        {
            TestContext.Out.WriteLine($"{row.Target}: {row.Detected}, {row.Harmless}, {row.Undetected.Count}");
        }

        Assert.That(rows.Where(row => row.IsCovered).SelectMany(row => row.Undetected), Is.Empty, $"seed {Seed}");
        Assert.That(rows.Where(row => row.IsCovered).Select(row => row.Detected), Has.All.Positive);
    }

    [Test]
    public void A_check_that_is_left_out_is_missed() => ModelMutant.Compile(_mutants, assembly =>
    {
        Assert.That(Unnoticed(assembly, 0), Is.Zero, $"nothing left out, seed {Seed}");
        Assert.Multiple(() =>
        {
            for (int i = 0; i < _mutants.Length; i++)
            {
                Assert.That(Unnoticed(assembly, i + 1), Is.Positive, $"{_mutants[i].Name}, seed {Seed}");
            }
        });
    });

    /// <summary>Covered flips that are committed unnoticed by the kernel with that mistake.</summary>
    private static int Unnoticed(Assembly assembly, int mutant)
    {
        MutantSources.Choose(assembly, mutant);
        MethodInfo run = assembly.GetType("Eros.Tests.Fuzz.Flips.FlipCampaign", throwOnError: true)!.GetMethod("Run")!;
        return ((IEnumerable)run.Invoke(null, [Seed, Flips, null])!).Cast<object>()
            .Where(row => (bool)Of(row, "IsCovered"))
            .Sum(row => ((ICollection)Of(row, "Undetected")).Count);

        static object Of(object row, string property) => row.GetType().GetProperty(property)!.GetValue(row)!;
    }
}
