// TagCache: the tag of a frame, in the tag block that is in memory.
//
// Between two checkpoints a tag block in memory says what the last one saved; only the stabiliser changes it, when it
// captures a frame of the cluster. The present kind and version of a frame in memory are its entry's.

using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>Finds tags. Keeps nothing.</summary>
public static class TagCache
{
    /// <summary>The tag of a frame whose tag block is resident.</summary>
    public static ref Tag Of(MountedVolume volume, ulong frame)
    {
        int entry = volume.Frames.Find(FrameTable.TagKey(frame));
        Fail.Unless(entry != FrameTable.None, "tag block is not in memory"u8, frame);
        return ref volume.Memory.As<TagBlock>(volume.Frames[entry].Pfn).Tags[(int)(frame % TagBlock.FramesPerCluster)];
    }
}
