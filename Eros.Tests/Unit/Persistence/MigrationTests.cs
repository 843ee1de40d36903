using Eros.Persistence.Base;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Bringing a generation home.</summary>
[Category(TestKind.Unit)]
public sealed class MigrationTests
{
    [Test]
    public void A_sound_generation_comes_home_without_a_complaint()
    {
        using StoreFixture fixture = new();
        fixture.BootAndChange();
        Assert.That(fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(fixture.Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(fixture.Machine.Reports, Is.Empty, "pages, pots, processes and tag blocks are all taken from the log");
    }
}
