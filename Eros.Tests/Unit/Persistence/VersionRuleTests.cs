using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Rules V1 to V4 of FrameTable.Objects.cs.</summary>
public sealed class VersionRuleTests
{
    private FrameTableFixture _fixture = null!;

    private FrameTable Frames => _fixture.Frames;

    [SetUp]
    public void SetUp() => _fixture = new FrameTableFixture();

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void Rescinding_adds_one_and_clears()
    {
        int entry = Dirty(5, FrameKind.Page, 3);
        Frames.Bytes(entry).Fill(0xAB);
        Assert.That(Frames.IsCurrent(entry, FrameKind.Page, 0, 3), Is.True);
        Frames.Rescind(entry, 0);
        Assert.That(Frames.IsCurrent(entry, FrameKind.Page, 0, 3), Is.False);
        Assert.That(Frames.IsCurrent(entry, FrameKind.Page, 0, 4), Is.True);
        Assert.That(Frames.Bytes(entry).ToArray(), Is.All.Zero);
    }

    [Test]
    public void Rescinding_a_node_leaves_its_neighbours_alone()
    {
        int entry = Dirty(5, FrameKind.Pot, 3);
        for (int i = 0; i < NodePot.NodeCount; i++)
        {
            Frames.Pot(entry).Nodes[i].Slots[7] = Capability.Number((ulong)i + 1);
        }

        Frames.Rescind(entry, 2);
        for (int i = 0; i < NodePot.NodeCount; i++)
        {
            Assert.That(Frames.VersionOf(entry, i), Is.EqualTo(i == 2 ? 4u : 3u));
            Assert.That(Frames.Pot(entry).Nodes[i].Slots[7].NumberValue, Is.EqualTo(i == 2 ? 0ul : (ulong)i + 1));
        }
    }

    [Test]
    public void Rescinding_a_process_bumps_its_call_count_too()
    {
        int entry = Dirty(5, FrameKind.Process, 3);
        Frames.Process(entry).CallCount = 77;
        Frames.Process(entry).Rip = 1;
        Frames.Rescind(entry, 0);
        Assert.That(Frames[entry].Version, Is.EqualTo(4u));
        Assert.That(Frames.Process(entry).Version, Is.EqualTo(4u));
        Assert.That(Frames.Process(entry).CallCount, Is.EqualTo(78ul));
        Assert.That(Frames.Process(entry).Rip, Is.Zero);
        Assert.That(Frames.Process(entry).Magic, Is.EqualTo(ProcessFrame.MagicValue));
    }

    [Test]
    public void A_retyped_frame_starts_above_every_version_it_had()
    {
        int entry = Dirty(5, FrameKind.Pot, 3);
        Frames.Rescind(entry, 6);
        Frames.Rescind(entry, 6);
        Frames.Retype(entry, FrameKind.Page);
        Assert.That(Frames.IsCurrent(entry, FrameKind.Page, 0, 6), Is.True);
        Frames.Retype(entry, FrameKind.Pot);
        for (int i = 0; i < NodePot.NodeCount; i++)
        {
            Assert.That(Frames.IsCurrent(entry, FrameKind.Pot, i, 7), Is.True);
        }
    }

    [Test]
    public void No_call_count_is_used_by_two_lives_of_a_frame()
    {
        int entry = Dirty(5, FrameKind.Process, 3);
        const ulong LastCount = (12ul << 32) + 5;
        Frames.Process(entry).CallCount = LastCount;
        Frames.Retype(entry, FrameKind.Page);
        Frames.Retype(entry, FrameKind.Process);
        Assert.That(Frames.Process(entry).CallCount, Is.GreaterThan(LastCount));
        Assert.That(Frames.Process(entry).CallCount, Is.EqualTo((ulong)Frames[entry].Version << 32));
    }

    [Test]
    public void Creating_over_an_object_of_the_same_kind_rescinds_it()
    {
        int entry = Dirty(5, FrameKind.Page, 3);
        Frames.Create(entry, FrameKind.Page, 0);
        Assert.That(Frames[entry].Version, Is.EqualTo(4u));
        Frames.Create(entry, FrameKind.Pot, 3);
        Assert.That(Frames.VersionOf(entry, 3), Is.EqualTo(5u));
        Frames.Create(entry, FrameKind.Pot, 4);
        Assert.That(Frames.VersionOf(entry, 3), Is.EqualTo(5u));
        Assert.That(Frames.VersionOf(entry, 4), Is.EqualTo(6u));
    }

    [Test]
    public void At_the_last_version_nothing_is_created_and_nothing_is_current()
    {
        int entry = Dirty(5, FrameKind.Page, FrameTable.LastVersion - 1);
        Assert.That(Frames.CheckCreate(entry, FrameKind.Page, 0), Is.EqualTo(Outcome.Retired));
        Assert.That(Frames.CheckCreate(entry, FrameKind.Pot, 0), Is.EqualTo(Outcome.Retired));
        Frames.Rescind(entry, 0);
        Assert.That(Frames.IsCurrent(entry, FrameKind.Page, 0, FrameTable.LastVersion), Is.False);
        Frames.Rescind(entry, 0);
        Assert.That(Frames[entry].Version, Is.EqualTo(FrameTable.LastVersion), "it does not wrap");
        Assert.That(Frames.Retype(entry, FrameKind.Pot), Is.EqualTo(Outcome.Retired));
        Assert.That(Frames[entry].Kind, Is.EqualTo(FrameKind.Page));
    }

    [Test]
    public void So_late_that_its_calls_might_be_used_up_a_frame_becomes_no_process([Values] bool byItsCalls)
    {
        int entry = Dirty(5, FrameKind.Process, byItsCalls ? 3 : FrameTable.LastProcessVersion - 2);
        Frames.Process(entry).CallCount = (ulong)(FrameTable.LastProcessVersion - 2) << 32;
        Assert.That(Frames.CheckCreate(entry, FrameKind.Process, 0), Is.EqualTo(Outcome.Ok));
        Frames.Process(entry).CallCount += byItsCalls ? 1UL << 32 : 0;
        Frames[entry].Version += byItsCalls ? 0u : 1;
        Assert.That(Frames.CheckCreate(entry, FrameKind.Process, 0), Is.EqualTo(Outcome.Retired));
        Assert.That(Frames.CheckCreate(entry, FrameKind.Page, 0), Is.EqualTo(Outcome.Ok), "pages count no calls");
        Assert.That(Frames.Retype(entry, FrameKind.Free), Is.EqualTo(Outcome.Ok));
        Assert.That(Frames.CheckCreate(entry, FrameKind.Process, 0), Is.EqualTo(Outcome.Retired));
    }

    [Test]
    public void A_pot_with_one_retired_node_keeps_the_others()
    {
        int entry = Dirty(5, FrameKind.Pot, 3);
        Frames.Pot(entry).Nodes[1].Version = FrameTable.LastVersion;
        Assert.That(Frames.CheckCreate(entry, FrameKind.Pot, 1), Is.EqualTo(Outcome.Retired));
        Assert.That(Frames.CheckCreate(entry, FrameKind.Pot, 0), Is.EqualTo(Outcome.Ok));
        Assert.That(Frames.CheckCreate(entry, FrameKind.Page, 0), Is.EqualTo(Outcome.Retired));
    }

    [Test]
    public void An_index_that_the_kind_has_not_names_nothing()
    {
        int entry = Dirty(5, FrameKind.Page, 3);
        Assert.That(Frames.CheckCreate(entry, FrameKind.Page, 1), Is.EqualTo(Outcome.NoObject));
        Assert.That(Frames.CheckCreate(entry, FrameKind.Pot, 7), Is.EqualTo(Outcome.NoObject));
        Assert.That(Frames.CheckCreate(entry, FrameKind.Free, 0), Is.EqualTo(Outcome.NoObject));
        Assert.That(Frames.IsCurrent(entry, FrameKind.Page, 1, 3), Is.False);
        Assert.That(Frames.IsCurrent(entry, FrameKind.Page, -1, 3), Is.False);
    }

    [Test]
    public void A_clean_frame_is_not_rescinded()
    {
        int entry = _fixture.Enter(9);
        Assert.That(() => Frames.Rescind(entry, 0), Throws.TypeOf<InvariantException>());
    }

    private int Dirty(ulong frame, FrameKind kind, uint version)
    {
        int entry = _fixture.Enter(frame, kind, version);
        Assert.That(Frames.MakeDirty(entry), Is.EqualTo(Outcome.Ok));
        return entry;
    }
}
