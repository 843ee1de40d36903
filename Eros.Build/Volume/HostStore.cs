// HostStore: a volume in a file, opened on the host with the kernel's own store: to compose a system, or to look at
// one.

using System;
using System.Collections.Generic;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;

namespace Eros.Build.Volume;

/// <summary>A store with memory and a file of its own.</summary>
public sealed class HostStore : IDisposable
{
    /// <summary>Frames that are enough to look at a volume: the store's buffers, and the directory of a large
    /// log.</summary>
    internal const int FramesToLook = 2048;

    private readonly HostMemory _host;
    private readonly FileDisk _disk;
    private readonly HostGate _gate = new();

    /// <summary>Opens the file. Mount or Format comes next.</summary>
    /// <param name="path">The volume.</param>
    /// <param name="isWritable">False: nothing is ever written.</param>
    /// <param name="frames">Frames of memory, 4 KB each; what is in memory at one time must fit.</param>
    /// <param name="protocol">The protocol version of the volume's domains.</param>
    /// <param name="features">Processor features that what it saves relies on; a new volume's on none.</param>
    /// <param name="layer">Blocks that stand in place of the file's.</param>
    public HostStore(
        string path,
        bool isWritable,
        int frames,
        uint protocol,
        ulong features = 0,
        IReadOnlyDictionary<ulong, byte[]>? layer = null)
    {
        _host = new HostMemory(frames + 1);
        try
        {
            _disk = new FileDisk(path, _host.Memory, isWritable, layer);
        }
        catch
        {
            _host.Dispose();
            throw;
        }

        Frames = new FrameTable(_host.Memory, frames, Log);
        Frames.AddFreeFrames(1, (uint)frames);

        // To look on, the host accepts states of any processor.
        ulong accepted = isWritable ? features : ulong.MaxValue;
        Store = new SingleLevelStore(_host.Memory, Frames, _gate, Log, protocol, accepted);
    }

    public StoreLog Log { get; } = new();

    public FrameTable Frames { get; }

    public SingleLevelStore Store { get; }

    public PhysicalMemory Memory => _host.Memory;

    public Disk Disk => _disk;

    public void Dispose()
    {
        _disk.Dispose();
        _host.Dispose();
    }

    /// <summary>Makes a new file, and an empty volume in it.</summary>
    public static void Format(
        string path, in VolumeGeometry geometry, ulong id, uint protocol, ReadOnlySpan<byte> digest)
    {
        const int Buffers = 512;
        FileDisk.Create(path, geometry.Blocks);
        using var host = new HostMemory(Buffers + 1);
        using var disk = new FileDisk(path, host.Memory, isWritable: true);
        var log = new StoreLog();
        var frames = new FrameTable(host.Memory, Buffers, log);
        frames.AddFreeFrames(1, Buffers);
        var volume = new MountedVolume(host.Memory, frames, new HostGate(), log);
        Demand(new VolumeBuilder(volume).Format(disk, geometry, id, protocol, digest), "formatting");
    }

    /// <summary>Mounts; the caller looks at what came of it.</summary>
    public RecoveryResult Mount() => Store.Mount(_disk);

    /// <summary>Begins the life of an object, and returns the entry of its frame, ready to be written.</summary>
    public int Create(ulong frame, FrameKind kind, int index = 0)
    {
        Demand(Store.Load(frame), "loading");
        int entry = Frames.Find(frame);
        Demand(Frames.MakeDirty(entry), "dirtying");
        Demand(Frames.CheckCreate(entry, kind, index), "creating");
        Frames.Create(entry, kind, index);
        return entry;
    }

    /// <summary>Writes a page that is there, all of it.</summary>
    public void Overwrite(in Capability page, ReadOnlySpan<byte> contents)
    {
        Demand(Store.Load(page.Oid.Frame), "loading");
        int entry = Frames.Find(page.Oid.Frame);
        if (page.Type != CapabilityType.Page || Frames.VersionOf(entry, 0) != page.Version)
        {
            throw new InvalidOperationException($"{page.Oid.Value:x12} is not the page that was to be written");
        }

        Demand(Frames.MakeDirty(entry), "dirtying");
        contents.CopyTo(Frames.Bytes(entry));
    }

    /// <summary>Saves what was created, with the processes of <see cref="Log"/>. How many generations then stay in the
    /// log, <see cref="SingleLevelStore.MostKept"/> says.</summary>
    public void Save()
    {
        Demand(Store.Migrate(), "migration");
        Demand(Store.Checkpoint(), "checkpoint");
        Demand(Store.Migrate(), "migration");
    }

    private static void Demand(Outcome outcome, string what)
    {
        if (outcome != Outcome.Ok)
        {
            throw new InvalidOperationException($"{what}: {outcome}");
        }
    }
}
