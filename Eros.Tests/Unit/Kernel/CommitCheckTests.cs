using System.Linq;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Store;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>The check of all spaces that stands before each commit.</summary>
public sealed class CommitCheckTests
{
    private SimulatedMachine _machine = null!;
    private int _page;

    [SetUp]
    public void MakeMachine()
    {
        _machine = new SimulatedMachine();
        SimulatedDomain domain = _machine.NewRunning();
        _machine.Dispatch();
        SpaceOutcome outcome = _machine.Kernel.Spaces.Translate(
            domain.Entry, SimulatedDomain.Window, Access.Write, out uint pfn, out _);
        Assert.That(outcome, Is.EqualTo(SpaceOutcome.Ok));
        _page = Enumerable.Range(0, _machine.Frames.Capacity).Single(entry => _machine.Frames[entry].Pfn == pfn);
    }

    [TearDown]
    public void Dispose() => _machine.Dispose();

    [Test]
    public void A_sound_machine_commits() =>
        Assert.That(() => _machine.Events.Phase(StorePhase.Commit), Throws.Nothing);

    [Test]
    public void After_a_snapshot_it_still_does()
    {
        _machine.Frames.BeginSnapshot();
        Assert.That(() => _machine.Events.Phase(StorePhase.Commit), Throws.Nothing);
    }

    [Test]
    public void A_page_that_can_be_written_behind_the_snapshot_stops_the_machine_before_the_commit()
    {
        _machine.Frames[_page].Flags = FrameFlags.None;
        Assert.That(() => _machine.Events.Phase(StorePhase.Stabilise), Throws.Nothing);
        Assert.That(
            () => _machine.Events.Phase(StorePhase.Commit),
            Throws.TypeOf<InvariantException>().With.Message.Contains("page tables do not agree"));
        Assert.That(_machine.Events.Phases, Does.Not.Contain(StorePhase.Commit));
    }
}
