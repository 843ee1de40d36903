using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Volumes in files: composed, and looked at again.</summary>
public sealed class VolumeInspectorTests
{
    private const uint Protocol = 5;
    private const int Blocks = 2048;

    private TemporaryFolder _folder = null!;
    private string _path = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _path = _folder.File("volume.img");
        Compose();
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Everything_on_a_volume_is_counted()
    {
        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Refusal, Is.Null);
        Assert.That(report.Errors, Is.Empty);
        Assert.That((report.VolumeId, report.Protocol), Is.EqualTo((99ul, Protocol)));
        Assert.That(report.Format, Is.EqualTo(VolumeHeader.FormatVersion));
        Assert.That(report.Digest, Does.StartWith("0102").And.Length.EqualTo(64));
        Assert.That(report.Generation!.Generation, Is.EqualTo(1ul));
        Assert.That(report.Generation.TimeNs, Is.EqualTo(1234ul));
        Assert.That((report.Generation.Frames, report.Generation.TagBlocks), Is.EqualTo((5u, 2u)));
        Assert.That(report.Frames["page"], Is.EqualTo(1));
        Assert.That(report.Frames["zero page"], Is.EqualTo(1));
        Assert.That(report.Frames["pot"], Is.EqualTo(1));
        Assert.That(report.Frames["void pot"], Is.EqualTo(1));
        Assert.That(report.Frames["process"], Is.EqualTo(1));
        Assert.That(report.Frames.Values.Sum(), Is.EqualTo((long)report.Geometry.HomeFrames));
        Assert.That(report.NodeCounts[NodeKind.Plain], Is.EqualTo(1));
        Assert.That(report.Capabilities[CapabilityType.Page], Is.EqualTo(2));
        Assert.That(report.Pages, Is.EqualTo(new[]
        {
            new PageReport(Oid.Of(3).Value, 1, IsZero: false), new PageReport(Oid.Of(4).Value, 1, IsZero: true),
        }));
        Assert.That(report.Nodes.Single().Oid, Is.EqualTo(Oid.Of(300, 2).Value));
        Assert.That(report.Processes.Single().IsListed, Is.True);
        Assert.That(report.Processes.Single().Label, Is.EqualTo("spin"));
    }

    [Test]
    public void A_capability_is_alive_while_its_object_has_its_version()
    {
        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.IsAlive(new Capability(CapabilityType.Page, Oid.Of(3), version: 1)), Is.True);
        Assert.That(report.IsAlive(new Capability(CapabilityType.Page, Oid.Of(3), version: 2)), Is.False);
        Assert.That(report.IsAlive(new Capability(CapabilityType.Page, Oid.Of(9), version: 1)), Is.Null);
        Assert.That(report.IsAlive(Capability.Resume(Oid.Of(7), 1UL << 32)), Is.True);
        Assert.That(report.IsAlive(Capability.Resume(Oid.Of(7), (1UL << 32) + 1)), Is.False);
        Assert.That(report.IsAlive(Capability.Number(3)), Is.Null);
    }

    [Test]
    public void Headers_are_shown_with_their_state()
    {
        VolumeReport report = VolumeInspector.Inspect(_path, verify: false);
        HeaderReport[] intact = [.. report.Headers.Where(header => header.State == HeaderState.Intact)];
        Assert.That(intact.Count(header => header.What == "volume"), Is.EqualTo(2));
        Assert.That(report.Headers.Count(header => header.What == "mark" && header.Generation == 1), Is.EqualTo(2));
        Assert.That(report.Headers.Count(header => header is { What: "checkpoint", Generation: 1 }), Is.EqualTo(2));
    }

    [Test]
    public void A_damaged_byte_of_any_block_in_use_is_told_with_its_object()
    {
        VolumeReport sound = VolumeInspector.Inspect(_path, verify: true);
        VolumeGeometry geometry = sound.Geometry;
        GenerationReport generation = sound.Generation!;
        List<ulong> blocks = [.. sound.Headers.Select(header => header.Block)];
        blocks.AddRange(Enumerable.Range(0, (int)geometry.Clusters).Select(c => geometry.TagBlockOf((ulong)c)));
        blocks.AddRange(Enumerable.Range(0, (int)generation.LogBlocks)
            .Select(i => geometry.LogBlock(generation.FirstPosition + (ulong)i)));
        Dictionary<ulong, ulong> objects = new()
        {
            [geometry.HomeBlock(3)] = Oid.Of(3).Value,
            [geometry.HomeBlock(7)] = Oid.Of(7).Value,
            [geometry.HomeBlock(300)] = Oid.Of(300).Value,
            [geometry.LogBlock(generation.FirstPosition)] = Oid.Of(3).Value,
            [geometry.LogBlock(generation.FirstPosition + 1)] = Oid.Of(7).Value,
            [geometry.LogBlock(generation.FirstPosition + 2)] = Oid.Of(300).Value,
            [geometry.LogBlock(generation.FirstPosition + 3)] = Oid.Of(0).Value,
            [geometry.LogBlock(generation.FirstPosition + 4)] = Oid.Of(252).Value,
            [geometry.TagBlockOf(1)] = Oid.Of(252).Value,
        };
        foreach (ulong block in blocks.Concat(objects.Keys).Distinct())
        {
            Flip((int)block);
            VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
            Flip((int)block);
            Assert.That(report.Errors, Is.Not.Empty, $"block {block}");
            if (objects.TryGetValue(block, out ulong oid))
            {
                Assert.That(report.Errors.Select(error => error.Oid), Does.Contain(oid), $"block {block}");
            }
        }
    }

    [TestCase(3, "a null page's home")]
    [TestCase(8, "a free frame's home")]
    public void A_byte_that_nothing_reads_is_no_damage(int frame, string what)
    {
        Change(host => host.Frames.Rescind(host.Frames.Find(3), 0));
        VolumeGeometry geometry = VolumeInspector.Inspect(_path, verify: false).Geometry;
        Flip((int)geometry.HomeBlock((ulong)frame));
        Assert.That(VolumeInspector.Inspect(_path, verify: true).Errors, Is.Empty, what);
    }

    [Test]
    public void Home_blocks_of_the_generation_before_are_no_damage_until_migration_is_over()
    {
        using (HostStore host = Open())
        {
            Load(host, 3, 7);
            host.Frames.Bytes(host.Frames.Find(3))[100] = 7;
            Assert.That(host.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        }

        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Generation!.Generation, Is.EqualTo(2ul));
        Assert.That(report.Errors, Is.Empty);
    }

    [Test]
    public void The_journal_is_shown()
    {
        using (HostStore host = Open())
        {
            Load(host, 3, 4);
            Assert.That(host.Store.Journal(3), Is.EqualTo(Outcome.Ok));
            Assert.That(host.Store.Journal(4), Is.EqualTo(Outcome.Ok));
        }

        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.Journal, Is.EqualTo(new[]
        {
            new JournalReport(0, Oid.Of(3).Value, 1), new JournalReport(1, Oid.Of(4).Value, 1),
        }));
        Flip((int)report.Geometry.JournalBlock(0));
        report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Errors.Select(error => error.Text), Does.Contain("record 0 of the journal cannot be read"));
    }

    [Test]
    public void What_is_left_of_a_volume_that_is_refused_is_shown()
    {
        GenerationReport generation = VolumeInspector.Inspect(_path, verify: false).Generation!;
        VolumeGeometry geometry = VolumeInspector.Inspect(_path, verify: false).Geometry;
        ulong end = generation.FirstPosition + generation.LogBlocks;
        Flip((int)geometry.LogBlock(end - 3));
        Flip((int)geometry.LogBlock(end - 5));
        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Refusal, Does.StartWith("the directory of generation 1 is damaged"));
        Assert.That(report.Errors.Select(error => error.Text), Has.Some.Contains("block 0 of the directory"));
        Assert.That(report.Processes.Single().Label, Is.EqualTo("spin"));
    }

    [Test]
    public void A_damaged_copy_is_told_and_costs_nothing()
    {
        GenerationReport generation = VolumeInspector.Inspect(_path, verify: false).Generation!;
        VolumeGeometry geometry = VolumeInspector.Inspect(_path, verify: false).Geometry;
        foreach (ulong back in new ulong[] { 1, 2, 3, 4, 5, 6 })
        {
            ulong block = geometry.LogBlock(generation.FirstPosition + generation.LogBlocks - back);
            Flip((int)block);
            VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
            Flip((int)block);
            Assert.That(report.Refusal, Is.Null);
            string[] texts = [.. report.Errors.Select(error => error.Text)];
            Assert.That(texts, Has.One.Items.And.Some.Contains("copy of the"), $"block {block}");
            Assert.That(report.Processes.Single().IsListed, Is.True);
        }
    }

    [Test]
    public void What_changed_between_two_generations_is_told_by_object()
    {
        using (HostStore host = Open())
        {
            host.Store.MostKept = 4;
            Load(host, 3, 7);
            host.Frames.Bytes(host.Frames.Find(3))[100] = 7;
            host.Frames.Process(host.Frames.Find(7)).Registers[9] = Capability.Number(5);
            Assert.That(host.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
            Assert.That(host.Store.Migrate(), Is.EqualTo(Outcome.Ok));
            host.Create(12, FrameKind.Page);
            Load(host, 300);
            host.Frames.Pot(host.Frames.Find(300)).Nodes[2].Slots[6] = Capability.Number(5);
            Assert.That(host.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        }

        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.Kept.Select(kept => kept.Generation), Is.EqualTo(new[] { 2ul, 3ul }));
        Assert.That(Changes(2, 3), Is.EqualTo(new[] { "60 page: made", "962 node: changed; slots 6" }));
        Assert.That(Changes(3, 2), Is.EqualTo(new[] { "60 page: gone", "962 node: changed; slots 6" }));
        Assert.That(() => GenerationDiff.Compare(_path, 1, 3), Throws.TypeOf<GenerationException>());
    }

    [Test]
    public void Of_the_generations_in_the_log_those_are_offered_that_a_machine_comes_back_to()
    {
        using (HostStore host = Open())
        {
            host.Store.MostKept = 4;
            for (ulong generation = 2; generation <= 5; generation++)
            {
                Load(host, 3);
                host.Frames.Bytes(host.Frames.Find(3))[100] = (byte)generation;
                Assert.That(host.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
                Assert.That(host.Store.Migrate(), Is.EqualTo(Outcome.Ok));
            }
        }

        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(VolumeFile.BootableOf(_path), Is.EqualTo(report.Kept.Select(kept => kept.Generation)));
        GenerationReport damaged = report.Kept[^3];
        Flip((int)report.Geometry.LogBlock(damaged.FirstPosition + damaged.LogBlocks - 1));
        Flip((int)report.Geometry.LogBlock(damaged.FirstPosition + damaged.LogBlocks - 2));
        IReadOnlyList<ulong> left = VolumeFile.BootableOf(_path);
        Assert.That(left, Is.Not.Empty.And.All.LessThan(damaged.Generation));
        VolumeReport after = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(after.Kept.Select(kept => kept.Generation), Is.EqualTo(left));
        Assert.That(after.Refusal, Does.Contain("is damaged, and nothing older is safe"));
        Assert.That(VolumeFile.ViewOf(_path, left[^1]), Is.Not.Empty);
        Assert.That(
            () => VolumeFile.ViewOf(_path, damaged.Generation + 1),
            Throws.TypeOf<GenerationException>().With.Message.EndsWith($"to these it can: {string.Join(", ", left)}"));
    }

    [Test]
    public void What_was_pinned_since_an_older_generation_is_told()
    {
        using (HostStore host = Open())
        {
            host.Store.MostKept = 4;
            Load(host, 3);
            Assert.That(host.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
            Assert.That(host.Store.Migrate(), Is.EqualTo(Outcome.Ok));
            Load(host, 3, 4);
            host.Frames.SetPinned(host.Frames.Find(3), true);
            host.Frames.SetPinned(host.Frames.Find(4), true);
            host.Frames.Bytes(host.Frames.Find(4))[100] = 7;
            Assert.That(host.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        }

        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.Frames["pinned"], Is.EqualTo(2));
        string[] back = ["18 page: no longer pinned", "20 page: no longer pinned", "20 page: changed"];
        Assert.That(Changes(2, 3), Is.EqualTo(new[] { "18 page: pinned", "20 page: pinned", "20 page: changed" }));
        Assert.That(Changes(3, 2), Is.EqualTo(back));
    }

    [Test]
    public void Another_number_of_pinned_frames_than_the_header_counts_is_an_error()
    {
        Change(host => host.Frames.PinnedFrames = 1);
        VolumeReport report = VolumeInspector.Inspect(_path, verify: false);
        Assert.That(report.Errors.Single().Text, Is.EqualTo("0 frames are pinned, and the header counts 1"));
    }

    [Test]
    public void A_volume_that_is_cut_short_is_shown_as_far_as_it_goes()
    {
        VolumeGeometry geometry = VolumeInspector.Inspect(_path, verify: false).Geometry;
        using (FileStream file = File.Open(_path, FileMode.Open))
        {
            file.SetLength((long)geometry.TagBlockOf(1) * 4096);
        }

        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Refusal, Does.StartWith("the volume has 2048 blocks"));
        Assert.That(report.Errors.Select(error => error.Oid), Does.Contain(Oid.Of(300).Value));
        Assert.That(report.Processes.Single().Label, Is.EqualTo("spin"));
    }

    [Test]
    public void A_capability_newer_than_its_object_is_an_error()
    {
        Change(host => host.Frames.Pot(host.Frames.Find(300)).Nodes[2].Slots[1] =
            new Capability(CapabilityType.Page, Oid.Of(3), version: 77));
        Assert.That(VolumeInspector.Inspect(_path, verify: false).Errors, Is.Empty);
        VolumeReport report = VolumeInspector.Inspect(_path, verify: true);
        Assert.That(report.Errors.Single().Oid, Is.EqualTo(Oid.Of(300, 2).Value));
    }

    [Test]
    public void A_process_that_runs_and_is_not_listed_is_an_error()
    {
        Change(host => host.Frames.Process(host.Frames.Find(7)).RunState = RunState.Running, []);
        VolumeReport report = VolumeInspector.Inspect(_path, verify: false);
        Assert.That(report.Errors.Single().Oid, Is.EqualTo(Oid.Of(7).Value));
    }

    [Test]
    public void What_is_no_volume_is_told_as_the_kernel_would()
    {
        File.WriteAllBytes(_path, new byte[1 << 20]);
        Assert.That(VolumeInspector.Inspect(_path, verify: true).Refusal, Is.EqualTo("the disk is blank"));
        File.WriteAllText(_path, string.Empty);
        Assert.That(VolumeInspector.Inspect(_path, verify: true).Refusal, Does.StartWith("no disk"));
    }

    [Test]
    public void Inspection_changes_nothing()
    {
        byte[] before = File.ReadAllBytes(_path);
        VolumeInspector.Inspect(_path, verify: true);
        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(before));
    }

    [Test]
    public void The_same_composition_gives_the_same_bytes()
    {
        byte[] first = File.ReadAllBytes(_path);
        Compose();
        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(first));
    }

    private void Compose()
    {
        VolumeGeometry geometry = VolumeBuilder.GeometryFor(Blocks);
        HostStore.Format(_path, geometry, id: 99, Protocol, [1, 2]);
        using var host = new HostStore(_path, isWritable: true, frames: 1000, Protocol);
        host.Store.MostKept = 0;
        Assert.That(host.Mount().IsMounted, Is.True);
        host.Frames.Bytes(host.Create(3, FrameKind.Page))[9] = 1;
        host.Create(4, FrameKind.Page);
        host.Create(5, FrameKind.Pot);
        int process = host.Create(7, FrameKind.Process);
        host.Frames.Process(process).RunState = RunState.Running;
        ProcessLabels.Write("spin", ref host.Frames.Process(process).Label);
        host.Frames.Process(process).Space = new Capability(CapabilityType.Page, Oid.Of(3), 1);
        int pot = host.Create(300, FrameKind.Pot, 2);
        host.Frames.Pot(pot).Nodes[2].Slots[1] = new Capability(CapabilityType.Page, Oid.Of(3), 1);
        host.Log.Processes.Add(Oid.Of(7).Value);
        host.Log.Now = 1234;
        host.Save();
    }

    private void Change(Action<HostStore> change, ulong[]? processes = null)
    {
        using HostStore host = Open();
        if (processes != null)
        {
            host.Log.Processes.Clear();
            host.Log.Processes.AddRange(processes);
        }

        Load(host, 3, 7, 300);
        change(host);
        host.Save();
    }

    private HostStore Open()
    {
        var host = new HostStore(_path, isWritable: true, frames: 1000, Protocol);
        host.Store.MostKept = 0;
        host.Mount();
        host.Log.Processes.AddRange(host.Store.RecoveredProcesses);
        Assert.That(host.Store.Migrate(), Is.EqualTo(Outcome.Ok));
        return host;
    }

    private string[] Changes(ulong older, ulong newer) =>
    [
        .. GenerationDiff.Compare(_path, older, newer)
            .Select(change => $"{change.Oid:x} {change.What}: {change.Change}"),
    ];

    private static void Load(HostStore host, params ulong[] frames)
    {
        foreach (ulong frame in frames)
        {
            host.Store.Load(frame);
            host.Frames.MakeDirty(host.Frames.Find(frame));
        }
    }

    private void Flip(int block)
    {
        using FileStream file = File.Open(_path, FileMode.Open);
        file.Position = ((long)block * 4096) + 9;
        int value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }
}
