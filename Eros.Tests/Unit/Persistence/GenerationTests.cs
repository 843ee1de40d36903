using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using Eros.Tests.Reading;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Migration lags, and what is in the log can be booted.</summary>
public sealed class GenerationTests
{
    private const ulong MostKept = CheckpointHeader.MaxUnmigrated - 1;

    private StoreFixture _fixture = null!;

    private SingleLevelStore Store => _fixture.Store;

    [SetUp]
    public void SetUp() => _fixture = new StoreFixture(MostKept);

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void The_newest_sixteen_can_be_booted_and_each_is_as_it_was_saved()
    {
        _fixture.BootAndChange();
        Save(20, changes: 6);
        using GenerationView view = View();
        ulong newest = Store.CommittedGeneration;
        Assert.That(view.Bootable, Is.EqualTo(Enumerable.Range((int)newest - 15, 16)));
        Assert.That(Store.MigratedGeneration, Is.EqualTo(newest - MostKept), "the next header has room for one more");
        foreach (ulong generation in view.Bootable.ToArray())
        {
            BootView(view, generation);
        }

        // The volume itself is as it was.
        _fixture.BootRight();
        Assert.That(Store.CommittedGeneration, Is.EqualTo(newest));
    }

    [Test]
    public void A_view_goes_on_by_itself()
    {
        _fixture.BootAndChange();
        Save(6, changes: 12);
        StoreModel model = _fixture.Machine.Model;
        using var older = new OlderGenerations(_fixture.Image);
        for (ulong seed = 0; seed < 8; seed++)
        {
            Assert.That(older.Check(model, _fixture.Changer, new SeededRandom(seed)), Is.Null, $"seed {seed}");
        }

        Assert.That(older.Booted, Is.EqualTo(8));
        _fixture.BootRight();
    }

    [Test]
    public void Only_the_oldest_goes_home_and_only_for_one_that_is_new()
    {
        _fixture.BootAndChange();
        Save((int)MostKept, changes: 4);
        ulong migrated = Store.MigratedGeneration;
        for (ulong i = 1; i <= 3; i++)
        {
            Save(1, changes: 4);
            Assert.That(Store.MigratedGeneration, Is.EqualTo(migrated + i));
            Assert.That(Store.CommittedGeneration - Store.MigratedGeneration, Is.EqualTo(MostKept));
        }
    }

    [Test]
    public void A_generation_that_is_not_in_the_log_is_refused_with_those_that_are()
    {
        _fixture.BootAndChange();
        Save(2, changes: 4);
        using GenerationView view = View();
        string list = string.Join(", ", view.Bootable);
        Assert.That(
            () => view.BlocksFor(Store.CommittedGeneration + 1),
            Throws.TypeOf<GenerationException>().With.Message.EndsWith($"to these it can: {list}"));
    }

    [Test]
    public void What_home_is_newer_than_is_not_offered()
    {
        _fixture.BootAndChange();
        Save(6, changes: 12);
        ulong newest = Store.CommittedGeneration;
        _fixture.Machine.MostKept = 2;
        _fixture.BootRight();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Assert.That(Store.MigratedGeneration, Is.EqualTo(newest - 2));
        using GenerationView view = View();
        Assert.That(view.Bootable, Is.EqualTo(new[] { newest - 2, newest - 1, newest }), "the header lists more");
        foreach (ulong generation in view.Bootable.ToArray())
        {
            BootView(view, generation);
        }
    }

    [Test]
    public void A_damaged_copy_of_any_list_or_header_in_the_log_costs_nothing([Values] bool isSecond)
    {
        _fixture.BootAndChange();
        Save(3, changes: 12);
        ulong newest = Store.CommittedGeneration;
        ReadOnlySpan<byte> header = _fixture.Image.Read((int)_fixture.RootBlock(newest));
        ulong position = BinaryPrimitives.ReadUInt64LittleEndian(header[24..])
            + BinaryPrimitives.ReadUInt64LittleEndian(header[32..]) - 1;
        ulong lists = BinaryPrimitives.ReadUInt64LittleEndian(header[56..]);
        ulong half = (position - 1 - lists) / 2;
        ulong first = isSecond ? lists + half : lists;
        for (ulong at = first; at < first + half; at++)
        {
            _fixture.Damage(_fixture.Geometry.LogBlock(at));
        }

        _fixture.Damage(_fixture.Geometry.LogBlock(isSecond ? position : position - 1));
        _fixture.BootRight();
        Assert.That(Store.CommittedGeneration, Is.EqualTo(newest));
    }

    [Test]
    public void The_generation_before_this_format_is_mounted_and_goes_on()
    {
        using var fixture = new StoreFixture(mostKept: 0);
        fixture.BootAndChange();
        Assert.That(fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(fixture.Store.Migrate(), Is.EqualTo(Outcome.Ok));
        fixture.BootRight();
        MakeFormat3(fixture);
        ulong generation = fixture.Store.CommittedGeneration;
        fixture.BootRight();
        Assert.That(fixture.Store.CommittedGeneration, Is.EqualTo(generation));
        fixture.BootAndChange();
        Assert.That(fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        fixture.BootRight();
    }

    [Test]
    public void What_the_format_before_told_too_little_of_is_not_offered()
    {
        _fixture.BootAndChange();
        Save(3, changes: 4);
        ulong newest = Store.CommittedGeneration;
        int block = (int)_fixture.RootBlock(newest);
        foreach (int copy in new[] { block, block - 1 })
        {
            Span<byte> root = _fixture.Image.Read(copy).ToArray();
            root.Slice(72, SnapshotFacts.SizeInBytes).Clear();
            _fixture.Image.Write(copy, Sealed(root));
        }

        using (GenerationView view = View())
        {
            BootView(view, newest);
        }

        _fixture.BootRight();
        Save(1, changes: 4);
        using GenerationView later = View();
        Assert.That(later.Bootable, Does.Contain(newest - 1).And.Contain(newest + 1).And.Not.Contain(newest));
    }

    /// <summary>Changes the newest generation to what format 3 wrote: one copy of each, and the header behind
    /// them.</summary>
    private static void MakeFormat3(StoreFixture fixture)
    {
        VolumeGeometry geometry = fixture.Geometry;
        ulong generation = fixture.Store.CommittedGeneration;
        Span<byte> root = fixture.Image.Read((int)fixture.RootBlock(generation)).ToArray();
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(root[24..]);
        ulong last = first + BinaryPrimitives.ReadUInt64LittleEndian(root[32..]) - 1;
        ulong lists = BinaryPrimitives.ReadUInt64LittleEndian(root[56..]);
        ulong apart = (last - 1 - lists) / 2;
        ulong directory = BinaryPrimitives.ReadUInt64LittleEndian(root[40..]) - apart;
        ulong position = lists + apart;
        BinaryPrimitives.WriteUInt64LittleEndian(root[32..], position + 1 - first);
        BinaryPrimitives.WriteUInt64LittleEndian(root[40..], directory);
        root.Slice(72, SnapshotFacts.SizeInBytes).Clear();
        fixture.Image.Write((int)geometry.LogBlock(position), Sealed(root));
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            Change(geometry.CheckpointHeaderBlock(generation, copy), 136, position);
            Change(geometry.CheckpointHeaderBlock(generation, copy), 56, position + 1);
            Change(geometry.VolumeHeaderBlock(copy), 24, ((ulong)SimulatedMachine.Protocol << 32) | 3);
        }

        void Change(ulong block, int offset, ulong value)
        {
            Span<byte> bytes = fixture.Image.Read((int)block).ToArray();
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
            fixture.Image.Write((int)block, Sealed(bytes));
        }
    }

    private static Span<byte> Sealed(Span<byte> block)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(block, Castagnoli.Of(block[sizeof(uint)..]));
        return block;
    }

    private void Save(int count, int changes)
    {
        for (int i = 0; i < count; i++)
        {
            _fixture.Change(changes);
            Assert.That(Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
            Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        }
    }

    private GenerationView View() => new(
        MemoryMarshal.Read<VolumeHeader>(_fixture.Image.Read(0)), block => _fixture.Image.Read((int)block).ToArray());

    private void BootView(GenerationView view, ulong generation)
    {
        var layer = new LayeredImage(_fixture.Image.BlockCount, _fixture.Image);
        foreach (KeyValuePair<ulong, byte[]> block in view.BlocksFor(generation))
        {
            layer.Write((int)block.Key, block.Value);
        }

        using var machine = new SimulatedMachine(SeededRun.MachineFrames, layer);
        StoreModel model = _fixture.Machine.Model.ViewedAt(generation);
        RecoveryResult result = machine.Boot(layer);
        Assert.That(StateChecker.Check(machine, result, model, generation, _fixture.Changer), Is.Null);
    }
}
