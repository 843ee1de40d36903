using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Qemu;
using Eros.Build.Volume;
using Eros.Domains.Composition;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Offers to volumes that are not as they should be: the standard system's, changed on the host.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class OfferWriterTests
{
    private const int MemoryFrames = 4096;
    private static readonly string _program = Repository.PathOf("artifacts/domains/Eros.Domains.Shell.elf");

    private TemporaryFolder _folder = null!;
    private string _volume = null!;

    [SetUp]
    public void Copy()
    {
        _folder = new TemporaryFolder();
        _volume = _folder.File("volume");
        DiskFile.CopySparse(Repository.PathOf("artifacts/eros.img"), _volume);
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    /// <summary>What the host cannot read just now, a machine may read later.</summary>
    [Test]
    public void Processes_that_cannot_be_read_stay_listed()
    {
        ulong unreadable = Oid.Of(900).Value;
        using (HostStore store = Open())
        {
            store.Log.Processes.Add(unreadable);
            store.Save();
        }

        OfferWriter.Write(_volume, "shell", _program);
        using HostStore after = Open();
        Assert.That(after.Log.Processes, Has.Count.GreaterThan(1).And.Contains(unreadable));
    }

    [Test]
    public void An_offer_that_is_being_copied_is_not_written_over()
    {
        using (HostStore store = Open())
        {
            ref ProcessFrame upgrader = ref FrameOf(store, OfferWriter.UpgraderName);
            upgrader.Rsp -= 0x100;
            upgrader.RunState = RunState.Waiting;
            store.Save();
        }

        Refuses("was stopped while its upgrader was at work");
        using (HostStore store = Open())
        {
            FrameOf(store, OfferWriter.UpgraderName).RunState = RunState.Available;
            store.Save();
        }

        OfferWriter.Write(_volume, "shell", _program);
    }

    [Test]
    public void A_domain_that_takes_no_program_up_is_offered_none() =>
        Refuses("counter is no domain that takes a program up; these do: shell", "counter");

    [Test]
    public void An_upgrader_that_has_had_a_fault_is_offered_nothing()
    {
        using (HostStore store = Open())
        {
            FrameOf(store, OfferWriter.UpgraderName).RunState = RunState.Faulted;
            store.Save();
        }

        Refuses("has had a fault");
    }

    [Test]
    public void A_generation_that_cannot_be_read_is_not_given_up()
    {
        VolumeGeometry geometry;
        ulong generation;
        using (HostStore store = Open())
        {
            FrameOf(store, "shell").Rax++;
            Assert.That(store.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
            generation = store.Store.CommittedGeneration;
            geometry = store.Store.Geometry;
        }

        DamageRoot(geometry, generation);
        Refuses("what is newer would be given up");
    }

    private HostStore Open()
    {
        VolumeReport report = VolumeInspector.Inspect(_volume, verify: false);
        HostStore store = new(
            _volume, isWritable: true, MemoryFrames, ProtocolVersion.Current, report.Generation!.ProcessorFeatures);
        Assert.That(store.Mount().IsMounted);
        store.Log.Now = report.Generation.TimeNs;
        store.Log.Processes.AddRange(store.Store.RecoveredProcesses);
        return store;
    }

    private ref ProcessFrame FrameOf(HostStore store, string name)
    {
        VolumeReport report = VolumeInspector.Inspect(_volume, verify: false);
        ulong frame = new Oid(report.Processes.Single(one => one.Label == name).Oid).Frame;
        Assert.That(store.Store.Load(frame), Is.EqualTo(Outcome.Ok));
        int entry = store.Frames.Find(frame);
        Assert.That(store.Frames.MakeDirty(entry), Is.EqualTo(Outcome.Ok));
        return ref store.Frames.Process(entry);
    }

    private void Refuses(string reason, string domain = "shell")
    {
        byte[] before = File.ReadAllBytes(_volume);
        Assert.That(
            () => OfferWriter.Write(_volume, domain, _program),
            Throws.TypeOf<CompositionException>().With.Message.Contains(reason));
        Assert.That(File.ReadAllBytes(_volume).AsSpan().SequenceEqual(before));
    }

    /// <summary>Both copies of a generation's own header in the log, by the volume's (docs/disk-format.md).</summary>
    private void DamageRoot(in VolumeGeometry geometry, ulong generation)
    {
        byte[] volume = File.ReadAllBytes(_volume);
        int header = (int)geometry.CheckpointHeaderBlock(generation, 0) * ImagePage.SizeInBytes;
        int last = BitConverter.ToInt32(volume, header + 64) - 1;
        ulong block = geometry.LogBlock(BitConverter.ToUInt64(volume, header + 136 + (16 * last)));
        volume[((int)block * ImagePage.SizeInBytes) + 100] ^= 4;
        volume[((int)(block - 1) * ImagePage.SizeInBytes) + 100] ^= 4;
        File.WriteAllBytes(_volume, volume);
    }
}
