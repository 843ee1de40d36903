using System.Collections.Generic;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Tests.Fuzz;

/// <summary>Holds a snapshot to its instant: what is saved of a frame is what it held then.</summary>
internal sealed class CutWatch(FrameTable frames, PhysicalMemory memory)
{
    private readonly FrameTable _frames = frames;
    private readonly PhysicalMemory _memory = memory;
    private readonly Dictionary<int, uint> _images = [];

    /// <summary>The snapshot has just been taken.</summary>
    public void Begin()
    {
        foreach (int entry in _frames.Snapshot)
        {
            uint pfn = _frames.SnapshotImage(entry, out FrameKind kind, out _);
            if (kind != FrameKind.Tag)
            {
                _images.Add(entry, Crc32C.OfBlock(_memory, pfn));
            }
        }
    }

    /// <summary>All of it is saved.</summary>
    /// <exception cref="DifferenceException">Something was written in between.</exception>
    public void End()
    {
        foreach ((int entry, uint image) in _images)
        {
            uint pfn = _frames.SnapshotImage(entry, out FrameKind kind, out _);
            if (Crc32C.OfBlock(_memory, pfn) != image)
            {
                throw new DifferenceException($"the {kind} in frame {_frames[entry].Frame} is not what was cut");
            }
        }

        _images.Clear();
        foreach (int entry in _frames.Snapshot)
        {
            _frames.Captured(entry);
        }

        _frames.EndSnapshot(0, int.MaxValue);
    }
}
