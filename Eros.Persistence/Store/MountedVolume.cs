// MountedVolume: the disk that the store is mounted from, and what its header says. Set when a volume is mounted or
// made, read by all parts.

using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>The mounted volume. Its parts share one.</summary>
public sealed class MountedVolume(
    PhysicalMemory memory, FrameTable frames, Gate gate, StoreObserver observer, Fail fail)
{
    public PhysicalMemory Memory { get; } = memory;

    public FrameTable Frames { get; } = frames;

    public Gate Gate { get; } = gate;

    public StoreObserver Observer { get; } = observer;

    public Fail Fail { get; } = fail;

    /// <summary>Null before the first mount.</summary>
    public Disk? Disk { get; private set; }

    public ulong Id { get; private set; }

    public VolumeGeometry Geometry { get; private set; }

    /// <summary>From now on all reading and writing goes to this disk.</summary>
    public void Use(Disk disk) => Disk = disk;

    /// <summary>From now on the blocks are where <paramref name="geometry"/> says.</summary>
    public void Describe(ulong id, in VolumeGeometry geometry)
    {
        Id = id;
        Geometry = geometry;
    }
}
