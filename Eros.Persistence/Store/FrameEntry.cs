// FrameEntry: what the kernel knows of one home frame (or tag block) that is in memory.
//
// Every other generation has the same bit: a frame has that of the generation that will save what it holds. A snapshot
// changes which bit is the working generation's, and with it what all frames are, without looking at any of them:
//
//                 MakeDirty                 BeginSnapshot                 Captured
//    clean -------------------> dirty ----------------------> pending ----------------> captured
//      ^                       (working)                      (saved)                   (saved, Captured)
//      |                          ^                              |                           |
//      |                          |  MakeDirty (keeps the image while pending; leaves the bits that are there)
//      |                          +------------------------------+---------------------------+
//      +------------------------- EndSnapshot (leaves the working bit) <---------------------+
//
// Invariants (docs/invariants.md):
//  S1 a frame is written only while it is dirty: it has the working generation's bit.
//  S2 Captured implies the bit of the generation that is being saved; between two snapshots no frame has either.
//  S3 SnapshotPfn is nonzero only while a frame is pending and dirty: it is then the image of the snapshot, and Pfn
//     that of the working generation.

using System.Runtime.InteropServices;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>Where a frame stands between two checkpoints.</summary>
[System.Flags]
public enum FrameFlags : byte
{
    None = 0,

    /// <summary>Part of one generation: <see cref="FrameTable"/> knows of which. Its log space is claimed.</summary>
    Even = 1,

    /// <summary>Part of the one before or after that.</summary>
    Odd = 2,

    /// <summary>The image that the snapshot saves has been copied.</summary>
    Captured = 4,
}

/// <summary>Whether a frame may leave memory.</summary>
[System.Flags]
public enum FrameUse : byte
{
    None = 0,

    /// <summary>It has been looked up since the hand came by.</summary>
    Recent = 1,

    /// <summary>Pinned, as its tag will say: <see cref="TagFlags.Pinned"/>.</summary>
    Pinned = 2,

    /// <summary>It was so at the snapshot, where <see cref="FrameEntry.SnapshotPfn"/> is set.</summary>
    WasPinned = 4,
}

/// <summary>One frame in memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FrameEntry
{
    /// <summary>The home frame, or <see cref="FrameTable.TagKey"/> of a cluster.</summary>
    public ulong Frame;

    /// <summary>
    /// Page, process, free: the version. Pot: kept by its nodes, here only what retyping started from.
    /// </summary>
    public uint Version;

    /// <summary>The physical frame with the present contents.</summary>
    public uint Pfn;

    /// <summary>The physical frame with the contents at the snapshot, 0 while they are the present ones.</summary>
    public uint SnapshotPfn;

    /// <summary>
    /// The version at the snapshot, where <see cref="SnapshotPfn"/> is set. Of a tag block, whose image is never kept,
    /// how many of its frames are in memory.
    /// </summary>
    public uint SnapshotVersion;

    /// <summary>The next entry of the hash chain or of the free list, -1 at the end.</summary>
    public int Next;

    public FrameKind Kind;

    /// <summary>The kind at the snapshot, where <see cref="SnapshotPfn"/> is set.</summary>
    public FrameKind SnapshotKind;

    public FrameFlags Flags;

    public FrameUse Use;
}
