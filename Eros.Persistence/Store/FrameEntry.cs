// FrameEntry: what the kernel knows of one home frame (or tag block) that is in memory.
//
//                     MakeDirty                  BeginSnapshot                Capture
//    clean ----------------------> Dirty ----------------------> Stabilising ----------> Stabilising
//      ^                             ^                           + Pending                    |
//      |                             |  MakeDirty (copies while Pending; keeps Stabilising)   |
//      |                             +--------------------------------------------------------+
//      +----------------------------- EndSnapshot (drops Stabilising, keeps Dirty) <----------+
//
// Invariants (docs/invariants.md):
//  S1 a frame is written only while it is Dirty.
//  S2 Pending implies Stabilising.
//  S3 SnapshotPfn is nonzero only while Pending and Dirty: it is then the image of the snapshot, and Pfn that of the
//     working generation.

using System.Runtime.InteropServices;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>Where a frame stands between two checkpoints.</summary>
[System.Flags]
public enum FrameFlags : byte
{
    None = 0,

    /// <summary>May be written: it is part of the working generation, and its log space is claimed.</summary>
    Dirty = 1,

    /// <summary>Part of the snapshot, and its image is not captured yet.</summary>
    Pending = 2,

    /// <summary>Part of the snapshot that is not committed yet; its log space stays claimed.</summary>
    Stabilising = 4,
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

    /// <summary>The version at the snapshot, where <see cref="SnapshotPfn"/> is set.</summary>
    public uint SnapshotVersion;

    /// <summary>The next entry of the hash chain or of the free list, -1 at the end.</summary>
    public int Next;

    public FrameKind Kind;

    /// <summary>The kind at the snapshot, where <see cref="SnapshotPfn"/> is set.</summary>
    public FrameKind SnapshotKind;

    public FrameFlags Flags;

    /// <summary>Second chance for eviction: cleared by use.</summary>
    public byte Age;
}
