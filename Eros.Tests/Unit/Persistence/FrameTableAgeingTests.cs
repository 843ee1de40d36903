using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>What leaves memory, and when.</summary>
public sealed class FrameTableAgeingTests
{
    private const int Frames = 64;
    private const ulong Cluster = TagBlock.FramesPerCluster;

    private FrameTableFixture _fixture = null!;

    private FrameTable Table => _fixture.Frames;

    [SetUp]
    public void SetUp()
    {
        _fixture = new FrameTableFixture(Frames);
        Table.HasTags = true;
    }

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void A_frame_leaves_when_the_hand_comes_by_the_second_time()
    {
        int entry = _fixture.Enter(5);
        Assert.That(Find(Frames, out bool leaves), Is.EqualTo(entry));
        Assert.That(leaves, Is.False, "it has just come");
        Assert.That(Find(Frames, out leaves), Is.EqualTo(entry));
        Assert.That(leaves, Is.True);
        int free = Table.FreeFrames;
        Table.Remove(entry);
        Assert.That(Table.Find(5), Is.EqualTo(FrameTable.None));
        Assert.That(Table.FreeFrames, Is.EqualTo(free + 1));
    }

    [Test]
    public void What_is_looked_up_again_stays()
    {
        int entry = _fixture.Enter(5);
        for (int round = 0; round < 3; round++)
        {
            Assert.That(Find(Frames, out bool leaves), Is.EqualTo(entry));
            Assert.That(leaves, Is.False);
            Table.Resident(5, out _);
        }
    }

    [Test]
    public void What_is_dirty_or_being_saved_stays()
    {
        int entry = _fixture.Enter(5);
        Table.HasTags = false;
        Table.MakeDirty(entry);
        Table.HasTags = true;
        Assert.That(Find(2 * Frames, out _), Is.EqualTo(FrameTable.None), "dirty");
        Table.BeginSnapshot();
        Assert.That(Find(2 * Frames, out _), Is.EqualTo(FrameTable.None), "to be saved");
        _fixture.FinishSnapshot();
        Assert.That(Find(2 * Frames, out _), Is.Not.EqualTo(FrameTable.None), "saved");
    }

    [Test]
    public void What_is_pinned_stays_until_that_is_taken_back()
    {
        int entry = EnterPinned(5);
        Assert.That((Table.PinnedFrames, Table.IsPinned(entry)), Is.EqualTo((1, true)));
        Assert.That(Find(3 * Frames, out _), Is.EqualTo(FrameTable.None));
        Assert.That(() => Table.Remove(entry), Throws.TypeOf<InvariantException>());
        Table.SetPinned(entry, true);
        Assert.That(Table.PinnedFrames, Is.EqualTo(1), "it was already");
        Table.SetPinned(entry, false);
        Assert.That((Table.PinnedFrames, Table.IsPinned(entry)), Is.EqualTo((0, false)));
        Assert.That(Find(3 * Frames, out _), Is.EqualTo(entry));
    }

    [TestCase(FrameKind.Page)]
    [TestCase(FrameKind.Pot)]
    [TestCase(FrameKind.Process)]
    public void A_pin_ends_with_an_object_of_the_frame(FrameKind kind)
    {
        Table.HasTags = false;
        int entry = _fixture.Enter(5, kind);
        Table.MakeDirty(entry);
        int last = kind == FrameKind.Pot ? NodePot.NodeCount - 1 : 0;
        foreach (System.Action end in (System.Action[])
            [
                () => Table.Rescind(entry, last),
                () => Table.Rescind(entry, 0, keepsContents: kind != FrameKind.Process),
                () => Table.Create(entry, kind, last),
                () => Table.Retype(entry, FrameKind.Free),
            ])
        {
            Table.SetPinned(entry, true);
            end();
            Assert.That((Table.PinnedFrames, Table.IsPinned(entry)), Is.EqualTo((0, false)));
        }
    }

    [Test]
    public void Where_more_is_pinned_than_may_be_it_leaves()
    {
        Assert.That(Table.PinLimit, Is.EqualTo(Frames / 20));
        int entry = EnterPinned(5);
        Table.PinnedFrames = Table.PinLimit;
        Assert.That(Find(3 * Frames, out _), Is.EqualTo(FrameTable.None));
        Table.PinnedFrames++;
        Assert.That(Find(3 * Frames, out _), Is.EqualTo(entry));
    }

    [Test]
    public void A_snapshot_has_the_pins_of_its_instant()
    {
        int pinned = EnterPinned(5, isSaved: false);
        int other = EnterPinned(6, isSaved: false);
        Table.SetPinned(other, false);
        Table.BeginSnapshot();
        foreach (int entry in (int[])[pinned, other])
        {
            Table.HasTags = false;
            Table.MakeDirty(entry);
            Table.SetPinned(entry, entry == other);
        }

        Assert.That(Table.SnapshotPin(pinned), Is.EqualTo(TagFlags.Pinned));
        Assert.That(Table.SnapshotPin(other), Is.EqualTo(TagFlags.None));
        Assert.That((Table.IsPinned(pinned), Table.IsPinned(other)), Is.EqualTo((false, true)));
        _fixture.FinishSnapshot();
        Table.BeginSnapshot();
        Assert.That(Table.SnapshotPin(pinned), Is.EqualTo(TagFlags.None));
        Assert.That(Table.SnapshotPin(other), Is.EqualTo(TagFlags.Pinned));
    }

    [Test]
    public void What_comes_back_is_pinned_by_its_tag()
    {
        _fixture.Enter(5);
        Table.TagOf(6).Flags = TagFlags.Pinned | TagFlags.Null;
        Assert.That(Table.IsPinned(_fixture.Enter(6)));
        Assert.That(Table.PinnedFrames, Is.Zero, "it has been counted when it was pinned");
    }

    [Test]
    public void A_tag_block_leaves_after_the_last_of_its_frames()
    {
        int first = _fixture.Enter(5);
        int second = _fixture.Enter(6);
        int other = _fixture.Enter(Cluster + 1);
        int tag = Table.Find(FrameTable.TagKey(5));
        RemoveAllBut(tag, other, first);
        Assert.That(Table.Find(6), Is.EqualTo(FrameTable.None));
        Assert.That(() => Table.Remove(tag), Throws.TypeOf<InvariantException>());
        Table.Remove(first);
        Assert.That(Find(Frames, out _), Is.EqualTo(tag).Or.EqualTo(other));
        Table.Remove(tag);
        Assert.That(Table.Find(FrameTable.TagKey(5)), Is.EqualTo(FrameTable.None));
        Assert.That(Table.Find(FrameTable.TagKey(Cluster)), Is.Not.EqualTo(FrameTable.None));
        Assert.That(second, Is.Not.EqualTo(first));
    }

    [Test]
    public void It_says_how_many_entries_the_hand_has_passed()
    {
        _fixture.Enter(5);
        int steps = Frames;
        Table.FindLeaver(ref steps, out _);
        int passed = Frames - steps;
        Assert.That(passed, Is.Positive);
        steps = Frames;
        Table.FindLeaver(ref steps, out _);
        Assert.That(Frames - steps, Is.EqualTo(Frames), "once round to the only one that may leave");
    }

    [Test]
    public void Nothing_leaves_before_the_volume_is_mounted()
    {
        _fixture.Enter(5);
        Table.HasTags = false;
        Assert.That(Find(2 * Frames, out _), Is.EqualTo(FrameTable.None));
    }

    [Test]
    public void Who_makes_room_is_told_when_few_frames_are_free()
    {
        while (Table.FreeFrames > StoreLimits.LowFrames)
        {
            Assert.That(_fixture.Observer.MemoryLowCount, Is.Zero);
            Table.AllocateFrame();
        }

        Table.AllocateFrame();
        Assert.That(_fixture.Observer.MemoryLowCount, Is.EqualTo(1));
    }

    private int EnterPinned(ulong frame, bool isSaved = true)
    {
        Table.HasTags = false;
        int entry = _fixture.Enter(frame);
        Table.MakeDirty(entry);
        Table.SetPinned(entry, true);
        if (isSaved)
        {
            Table.BeginSnapshot();
            _fixture.FinishSnapshot();
        }

        Table.HasTags = true;
        return entry;
    }

    private int Find(int steps, out bool leaves) => Table.FindLeaver(ref steps, out leaves);

    private void RemoveAllBut(params int[] entries)
    {
        for (int i = 0; i < 2 * Frames; i++)
        {
            int entry = Find(1, out bool leaves);
            if (leaves && System.Array.IndexOf(entries, entry) < 0)
            {
                Table.Remove(entry);
            }
        }
    }
}
