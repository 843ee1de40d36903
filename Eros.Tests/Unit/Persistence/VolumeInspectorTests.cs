using System;
using System.IO;
using System.Linq;
using Eros.Build.Volume;
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
        Assert.That((report.VolumeId, report.Format, report.Protocol), Is.EqualTo((99ul, 1u, Protocol)));
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
        Assert.That(report.Nodes[NodeKind.Plain], Is.EqualTo(1));
        Assert.That(report.Capabilities[CapabilityType.Page], Is.EqualTo(2));
        Assert.That(report.Processes.Single().IsListed, Is.True);
    }

    [Test]
    public void Headers_are_shown_with_their_state()
    {
        VolumeReport report = VolumeInspector.Inspect(_path, verify: false);
        Assert.That(report.Headers.Count(header => header.What == "volume" && header.IsIntact), Is.EqualTo(2));
        Assert.That(report.Headers.Count(header => header.What == "mark" && header.Generation == 1), Is.EqualTo(2));
        Assert.That(report.Headers.Count(header => header is { What: "checkpoint", Generation: 1 }), Is.EqualTo(2));
    }

    [Test]
    public void A_flipped_bit_is_told_with_its_object()
    {
        // The first position of the log, with the first frame: home is not read while the log has the newest header's
        // generation.
        Flip(block: 5);
        VolumeReport report = VolumeInspector.Inspect(_path, verify: false);
        Assert.That(report.Errors.Select(error => error.Oid), Does.Contain(Oid.Of(3).Value));
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
        Assert.That(host.Mount().IsMounted, Is.True);
        host.Frames.Bytes(host.Create(3, FrameKind.Page))[9] = 1;
        host.Create(4, FrameKind.Page);
        host.Create(5, FrameKind.Pot);
        int process = host.Create(7, FrameKind.Process);
        host.Frames.Process(process).RunState = RunState.Running;
        host.Frames.Process(process).Space = new Capability(CapabilityType.Page, Oid.Of(3), 1);
        int pot = host.Create(300, FrameKind.Pot, 2);
        host.Frames.Pot(pot).Nodes[2].Slots[1] = new Capability(CapabilityType.Page, Oid.Of(3), 1);
        host.Log.Processes.Add(Oid.Of(7).Value);
        host.Log.Now = 1234;
        host.Save();
    }

    private void Change(Action<HostStore> change, ulong[]? processes = null)
    {
        using var host = new HostStore(_path, isWritable: true, frames: 1000, Protocol);
        host.Mount();
        ulong[] listed = processes ?? host.Store.RecoveredProcesses.ToArray();
        host.Log.Processes.AddRange(listed);
        foreach (ulong frame in new ulong[] { 7, 300 })
        {
            host.Store.Load(frame);
            host.Frames.MakeDirty(host.Frames.Find(frame));
        }

        change(host);
        host.Save();
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
