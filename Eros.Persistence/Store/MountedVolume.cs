// MountedVolume: the disk that the store is mounted from, and what its header says. Set when a volume is mounted or
// made, read by all parts.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>The mounted volume. Its parts share one.</summary>
public sealed class MountedVolume(
    PhysicalMemory memory, FrameTable frames, Gate gate, StoreObserver observer)
{
    private readonly Gate _gate = gate;
    private VolumeGeometry _geometry;

    public PhysicalMemory Memory { get; } = memory;

    public FrameTable Frames { get; } = frames;

    public StoreObserver Observer { get; } = observer;

    /// <summary>Null before the first mount.</summary>
    public Disk? Disk { get; private set; }

    public ulong Id { get; private set; }

    /// <summary>Where things are.</summary>
    public ref readonly VolumeGeometry Geometry => ref _geometry;

    /// <summary>
    /// The home block of a frame or, by <see cref="FrameTable.TagKey"/>, of a tag block, which stands before the first
    /// frame of its cluster.
    /// </summary>
    public ulong HomeOf(ulong key)
    {
        ulong block = _geometry.HomeBlock(FrameTable.FrameOf(key));
        return FrameTable.IsTagKey(key) ? block - 1 : block;
    }

    /// <summary>Nothing else runs until <see cref="OpenGate"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void CloseGate() => _gate.Close();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void OpenGate() => _gate.Open();

    /// <summary>Looks at some clean frames: <see cref="FrameTable.CheckSome"/>.</summary>
    public void CheckFrames() => Frames.CheckSome(_gate);

    /// <summary>Waits until all that was written is on the medium.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Outcome Flush() => Disk!.Flush();

    /// <summary>Has something told in one line.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Report(StoreMessage message, ulong first, ulong second = 0) => Observer.Report(message, first, second);

    /// <summary>From now on all reading and writing goes to this disk.</summary>
    public void Use(Disk disk) => Disk = disk;

    /// <summary>From now on the blocks are where <paramref name="geometry"/> says.</summary>
    public void Describe(ulong id, in VolumeGeometry geometry)
    {
        Id = id;
        _geometry = geometry;
    }
}
