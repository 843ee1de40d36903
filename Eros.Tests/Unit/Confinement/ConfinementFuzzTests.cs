using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Confinement;
using NUnit.Framework;

namespace Eros.Tests.Unit.Confinement;

/// <summary>
/// The rule by which constructors call their products confined, against a search for leaks that knows nothing of it.
/// More graphs: `./eros fuzz --confinement`.
/// </summary>
public sealed class ConfinementFuzzTests
{
    private static readonly ConfinementSettings _settings = new() { Seed = 1, Graphs = 12_000 };

    [Test]
    public void What_is_called_confined_never_leaks()
    {
        ConfinementStatistics statistics = ConfinementFuzz.Run(_settings);
        TestContext.Out.WriteLine(
            $"seed {_settings.Seed}: {statistics.Judged} judged, {statistics.Confined} confined, "
            + $"{statistics.Caught} leaking and caught, {statistics.Unfounded} false alarms");

        Assert.That(statistics.Leaks, Is.Empty);
        Assert.That(statistics.Confined, Is.GreaterThan(_settings.Graphs / 20));
        Assert.That(statistics.Caught, Is.GreaterThan(_settings.Graphs / 20));
    }

    private static readonly TestCaseData[] _laxities =
    [
        new TestCaseData(CapabilityType.Page, Rights.None).SetArgDisplayNames("pages that can be written"),
        new TestCaseData(CapabilityType.Space, Rights.ReadOnly).SetArgDisplayNames("spaces with keepers"),
        new TestCaseData(CapabilityType.Node, Rights.ReadOnly | Rights.NoCall).SetArgDisplayNames("strong nodes"),
        new TestCaseData(CapabilityType.Node, Rights.Weak | Rights.NoCall).SetArgDisplayNames("nodes to be stored in"),
        new TestCaseData(CapabilityType.Forwarder, Rights.None).SetArgDisplayNames("forwarders"),
        new TestCaseData(CapabilityType.Start, Rights.None).SetArgDisplayNames("start capabilities"),
        new TestCaseData(CapabilityType.Resume, Rights.None).SetArgDisplayNames("resume capabilities"),
        new TestCaseData(CapabilityType.Notification, Rights.None).SetArgDisplayNames("notifications"),
    ];

    [TestCaseSource(nameof(_laxities))]
    public void A_rule_that_lets_something_pass_is_found_out(CapabilityType type, Rights needed)
    {
        ConfinementStatistics statistics =
            ConfinementFuzz.Run(_settings, discrim => new LaxDiscrim(discrim, type, needed));
        Assert.That(statistics.Leaks, Is.Not.Empty);
        TestContext.Out.WriteLine($"{statistics.Leaks.Count} leaks; {statistics.Leaks[0]}");
    }

    /// <summary>Takes one type for discreet as soon as some rights are taken away.</summary>
    private sealed class LaxDiscrim(IDiscrim discrim, CapabilityType type, Rights needed) : IDiscrim
    {
        public Result Classify(ICapability thing, out uint found, out ulong rights) =>
            discrim.Classify(thing, out found, out rights);

        public Result Compare(ICapability one, ICapability other, out uint comparison) =>
            discrim.Compare(one, other, out comparison);

        public Result VerifyDiscreet(ICapability thing, out bool isDiscreet)
        {
            Result result = discrim.VerifyDiscreet(thing, out isDiscreet);
            Capability bits = ((Shown)thing).Bits;
            isDiscreet |= bits.Type == type && (bits.Rights & needed) == needed;
            return result;
        }
    }
}
