using System;
using System.Collections.Generic;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

public sealed class FrameTableTests
{
    [Test]
    public void Every_inserted_frame_is_found_and_no_other()
    {
        using FrameTableFixture fixture = new(frames: 200);
        var random = new Random(7);
        var entries = new Dictionary<ulong, int>();
        while (entries.Count < 150)
        {
            ulong frame = (ulong)random.Next(500);
            if (!entries.ContainsKey(frame))
            {
                entries[frame] = fixture.Enter(frame);
            }
        }

        for (ulong frame = 0; frame < 500; frame++)
        {
            int expected = entries.TryGetValue(frame, out int entry) ? entry : FrameTable.None;
            Assert.That(fixture.Frames.Find(frame), Is.EqualTo(expected), $"frame {frame}");
        }

        Assert.That(fixture.Frames.Count, Is.EqualTo(152), "150 frames and the tag blocks of two clusters");
    }

    [Test]
    public void Resident_tells_absent_from_nonexistent()
    {
        using FrameTableFixture fixture = new();
        int entry = fixture.Enter(5);
        Assert.That(fixture.Frames.Resident(5, out int found), Is.EqualTo(Outcome.Ok));
        Assert.That(found, Is.EqualTo(entry));
        Assert.That(fixture.Frames.Resident(999, out _), Is.EqualTo(Outcome.Absent));
        Assert.That(fixture.Frames.Resident(1000, out _), Is.EqualTo(Outcome.NoObject));
    }

    [Test]
    public void Physical_frames_are_handed_out_once_and_come_back()
    {
        using FrameTableFixture fixture = new(frames: 8);
        var taken = new HashSet<uint>();
        for (uint pfn = fixture.Frames.AllocateFrame(); pfn != 0; pfn = fixture.Frames.AllocateFrame())
        {
            Assert.That(taken.Add(pfn), Is.True, $"frame {pfn} twice");
        }

        Assert.That(taken, Has.Count.EqualTo(8));
        fixture.Frames.FreeFrame(3);
        Assert.That(fixture.Frames.AllocateFrame(), Is.EqualTo(3u));
    }

    [Test]
    public void A_frame_is_writable_from_MakeDirty_to_the_snapshot()
    {
        using FrameTableFixture fixture = new();
        int entry = fixture.Enter(5);
        Assert.That(fixture.Frames.IsWritable(entry), Is.False);
        Assert.That(fixture.Frames.MakeDirty(entry), Is.EqualTo(Outcome.Ok));
        Assert.That(fixture.Frames.IsWritable(entry), Is.True);
        fixture.Frames.BeginSnapshot();
        Assert.That(fixture.Frames.IsWritable(entry), Is.False);
        Assert.That(fixture.Observer.ProtectCount, Is.EqualTo(1));
    }

    [Test]
    public void A_frame_claims_one_log_block_and_one_for_its_tag_block_once()
    {
        using FrameTableFixture fixture = new();
        int first = fixture.Enter(5);
        int second = fixture.Enter(6);
        int elsewhere = fixture.Enter(300);
        fixture.Frames.MakeDirty(first);
        Assert.That(fixture.Frames.Claimed, Is.EqualTo(2u));
        fixture.Frames.MakeDirty(first);
        fixture.Frames.MakeDirty(second);
        Assert.That(fixture.Frames.Claimed, Is.EqualTo(3u));
        fixture.Frames.MakeDirty(elsewhere);
        Assert.That(fixture.Frames.Claimed, Is.EqualTo(5u));
    }

    [Test]
    public void Claims_end_with_the_snapshot_unless_the_frame_is_dirty_again()
    {
        using FrameTableFixture fixture = new();
        int again = fixture.Enter(5);
        int clean = fixture.Enter(6);
        fixture.Frames.MakeDirty(again);
        fixture.Frames.MakeDirty(clean);
        fixture.Frames.BeginSnapshot();
        fixture.Frames.MakeDirty(again);
        Assert.That(fixture.Frames.Claimed, Is.EqualTo(3u), "the snapshot's claims cover what is dirtied again");
        fixture.FinishSnapshot();
        Assert.That(fixture.Frames.Claimed, Is.EqualTo(2u), "frame 5 and its tag block");
        Assert.That(fixture.Frames.DirtyCount, Is.EqualTo(2));
    }

    [Test]
    public void Beyond_the_claim_limit_dirtying_is_refused_and_changes_nothing()
    {
        using FrameTableFixture fixture = new(claimLimit: 3);
        int a = fixture.Enter(1);
        int b = fixture.Enter(2);
        int c = fixture.Enter(3);
        fixture.Frames.MakeDirty(a);
        fixture.Frames.MakeDirty(b);
        int told = fixture.Observer.SpaceLowCount;
        Assert.That(fixture.Frames.MakeDirty(c), Is.EqualTo(Outcome.NoSpace));
        Assert.That(fixture.Frames.IsWritable(c), Is.False);
        Assert.That(fixture.Frames.Claimed, Is.EqualTo(3u));
        Assert.That(fixture.Observer.SpaceLowCount, Is.GreaterThan(told), "a refusal asks for a checkpoint");
        Assert.That(fixture.Frames.TakeStarved(), Is.False, "an image that is copied makes no room in the log");
    }

    [Test]
    public void Crossing_the_threshold_asks_for_one_checkpoint()
    {
        using FrameTableFixture fixture = new(claimLimit: 10);
        for (ulong frame = 0; frame < 9; frame++)
        {
            fixture.Frames.MakeDirty(fixture.Enter(frame));
        }

        Assert.That(fixture.Observer.SpaceLowCount, Is.EqualTo(1));
        fixture.Frames.BeginSnapshot();
        fixture.Frames.MakeDirty(fixture.Frames.Find(3));
        Assert.That(fixture.Observer.SpaceLowCount, Is.EqualTo(1), "the claims end with that checkpoint");
        fixture.FinishSnapshot();
        for (ulong frame = 0; frame < 9; frame++)
        {
            fixture.Frames.MakeDirty(fixture.Frames.Find(frame));
        }

        Assert.That(fixture.Observer.SpaceLowCount, Is.EqualTo(2));
    }

    [Test]
    public void Writing_a_pending_frame_keeps_its_image_and_its_place()
    {
        using FrameTableFixture fixture = new();
        int entry = fixture.Enter(5, version: 9);
        fixture.Frames.MakeDirty(entry);
        fixture.Frames.Bytes(entry)[100] = 1;
        uint pfn = fixture.Frames[entry].Pfn;
        fixture.Frames.BeginSnapshot();

        Assert.That(fixture.Frames.MakeDirty(entry), Is.EqualTo(Outcome.Ok));
        fixture.Frames.Rescind(entry, 0);
        fixture.Frames.Bytes(entry)[100] = 2;

        Assert.That(fixture.Frames[entry].Pfn, Is.EqualTo(pfn), "mappings stay valid");
        uint image = fixture.Frames.SnapshotImage(entry, out FrameKind kind, out uint version);
        Assert.That(image, Is.Not.EqualTo(pfn));
        Assert.That(fixture.Memory.Bytes(image)[100], Is.EqualTo(1));
        Assert.That((kind, version), Is.EqualTo((FrameKind.Page, 9u)));
    }

    [Test]
    public void A_retyped_pending_frame_is_saved_as_what_it_was()
    {
        using FrameTableFixture fixture = new();
        int entry = fixture.Enter(5, version: 9);
        fixture.Frames.MakeDirty(entry);
        fixture.Frames.BeginSnapshot();
        fixture.Frames.MakeDirty(entry);
        fixture.Frames.Retype(entry, FrameKind.Pot);
        fixture.Frames.SnapshotImage(entry, out FrameKind kind, out uint version);
        Assert.That((kind, version), Is.EqualTo((FrameKind.Page, 9u)));
    }

    [Test]
    public void Without_a_frame_for_the_image_dirtying_is_refused_until_capture()
    {
        using FrameTableFixture fixture = new(frames: 2);
        int entry = fixture.Enter(5);
        fixture.Frames.MakeDirty(entry);
        fixture.Frames.BeginSnapshot();
        Assert.That(fixture.Frames.MakeDirty(entry), Is.EqualTo(Outcome.NoMemory));
        Assert.That(fixture.Frames.TakeStarved(), Is.True);
        Assert.That(fixture.Frames.TakeStarved(), Is.False);
        fixture.Frames.Captured(entry);
        Assert.That(fixture.Frames.MakeDirty(entry), Is.EqualTo(Outcome.Ok), "no image is needed any more");
    }

    [Test]
    public void Capture_gives_the_kept_image_back()
    {
        using FrameTableFixture fixture = new();
        int entry = fixture.Enter(5);
        fixture.Frames.MakeDirty(entry);
        int free = fixture.Frames.FreeFrames;
        fixture.Frames.BeginSnapshot();
        fixture.Frames.MakeDirty(entry);
        Assert.That(fixture.Frames.FreeFrames, Is.EqualTo(free - 1));
        fixture.FinishSnapshot();
        Assert.That(fixture.Frames.FreeFrames, Is.EqualTo(free));
    }

    [Test]
    public void An_abandoned_snapshot_is_dirty_again_within_its_claims()
    {
        using FrameTableFixture fixture = new();
        int again = fixture.Enter(5);
        int untouched = fixture.Enter(6);
        fixture.Frames.MakeDirty(again);
        fixture.Frames.MakeDirty(untouched);
        fixture.Frames.BeginSnapshot();
        fixture.Frames.MakeDirty(again);
        int free = fixture.Frames.FreeFrames;
        Assert.That(fixture.Frames.AbandonSnapshot(0, 2), Is.EqualTo(2), "in steps");
        Assert.That(fixture.Frames.AbandonSnapshot(2, 2), Is.EqualTo(FrameTable.None));
        Assert.That(fixture.Frames.FreeFrames, Is.EqualTo(free + 1));
        Assert.That(fixture.Frames.IsWritable(untouched), Is.True);
        Assert.That(fixture.Frames.DirtyCount, Is.EqualTo(3));
        Assert.That(fixture.Frames.Claimed, Is.EqualTo(3u));
        fixture.Frames.BeginSnapshot();
        Assert.That(fixture.Frames.Snapshot.Length, Is.EqualTo(3));
    }

    [Test]
    public void The_snapshot_is_sorted_frames_first()
    {
        using FrameTableFixture fixture = new(frames: 200, claimLimit: 200);
        var random = new Random(11);
        for (int i = 0; i < 120; i++)
        {
            ulong frame = (ulong)random.Next(1000);
            if (fixture.Frames.Find(frame) == FrameTable.None)
            {
                fixture.Frames.MakeDirty(fixture.Enter(frame));
            }
        }

        fixture.Frames.BeginSnapshot();
        fixture.Frames.SortSnapshot();
        ulong last = 0;
        foreach (int entry in fixture.Frames.Snapshot)
        {
            ulong frame = fixture.Frames[entry].Frame;
            Assert.That(frame, Is.GreaterThanOrEqualTo(last));
            last = frame;
        }

        Assert.That(last, Is.GreaterThan(1000ul), "tag blocks last");
    }

    [Test]
    public void A_frame_without_tag_block_stops_the_machine()
    {
        using FrameTableFixture fixture = new();
        Assert.That(() => fixture.Frames.Insert(700, FrameKind.Page, 1, 1), Throws.TypeOf<InvariantException>());
    }
}
