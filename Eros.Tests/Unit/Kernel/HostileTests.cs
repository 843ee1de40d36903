using System;
using System.Globalization;
using System.Linq;
using Eros.Kernel.Protocol;
using Eros.Tests.Fuzz.Hostile;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>
/// Domains that invoke with every register at random: the kernel keeps its invariants, never stops, and touches nothing
/// that none of them has a capability for. `./eros fuzz --hostile` is the same for longer. EROS_SEED begins elsewhere.
/// </summary>
public sealed class HostileTests
{
    private const long Invocations = 60_000;
    private const int KindsOfAnswers = 7;

    [Test]
    public void Random_invocations_never_stop_the_kernel_and_harm_no_bystander()
    {
        ulong seed = ulong.TryParse(
            Environment.GetEnvironmentVariable("EROS_SEED"), CultureInfo.InvariantCulture, out ulong given) ? given : 1;
        HostileOutcome outcome = HostileCampaign.Run(new HostileSettings
        {
            Seed = seed,
            Invocations = Invocations,
            Workers = 1,
            FastPath = NativeFastPath.TryRun,
        });
        TestContext.Out.WriteLine(
            $"seed {seed}: {string.Join(", ", outcome.Answers.Select(one => $"{one.Key} {one.Value}"))}");
        Assert.That(outcome.Failures, Is.Empty, $"seed {seed}");
        Assert.That(outcome.Answers, Has.Count.GreaterThan(KindsOfAnswers), "the orders reach the objects");
        Assert.That(outcome.Answers[Result.Ok], Is.GreaterThan(Invocations / 40));
    }
}
