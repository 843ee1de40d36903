using System;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Tests.Unit.Persistence;

/// <summary>A frame table over memory of its own, without a disk.</summary>
public sealed class FrameTableFixture : IDisposable
{
    private readonly HostMemory _host;

    public FrameTableFixture(int frames = 64, uint claimLimit = 40)
    {
        _host = new HostMemory(frames + 1);
        Frames = new FrameTable(_host.Memory, frames, Observer);
        Frames.AddFreeFrames(1, (uint)frames);
        Frames.Open(homeFrames: 1000, claimLimit);
    }

    public FrameTable Frames { get; }

    public RecordingObserver Observer { get; } = new();

    public PhysicalMemory Memory => _host.Memory;

    /// <summary>Enters an empty frame, and its tag block where that is missing; returns its entry.</summary>
    public int Enter(ulong frame, FrameKind kind = FrameKind.Page, uint version = 1)
    {
        if (Frames.Find(FrameTable.TagKey(frame)) == FrameTable.None)
        {
            uint tags = Frames.AllocateFrame();
            Memory.Clear(tags);
            Frames.Insert(FrameTable.TagKey(frame), FrameKind.Tag, 0, tags);
        }

        uint pfn = Frames.AllocateFrame();
        FrameImage.Clear(Memory, pfn, kind, frame, version);
        return Frames.Insert(frame, kind, version, pfn);
    }

    /// <summary>Captures and ends the snapshot, as the stabiliser does.</summary>
    public void FinishSnapshot()
    {
        for (int i = 0; i < Frames.Snapshot.Length; i++)
        {
            Frames.Captured(Frames.Snapshot[i]);
        }

        Frames.EndSnapshot(0, int.MaxValue);
    }

    public void Dispose() => _host.Dispose();
}
