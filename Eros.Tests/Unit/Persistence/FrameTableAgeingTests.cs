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
