namespace Eros.Tests.Fuzz.Flips;

/// <summary>Where a bit is flipped.</summary>
public enum FlipTarget
{
    /// <summary>The contents of a page that has not changed since the last checkpoint.</summary>
    CleanPage,

    /// <summary>Of a pot of nodes.</summary>
    CleanNodes,

    /// <summary>Of a process.</summary>
    CleanProcess,

    /// <summary>The version or kind that the frame table has of a frame that has not changed.</summary>
    CleanEntry,

    /// <summary>The tags of a cluster of frames.</summary>
    TagBlock,

    /// <summary>An entry of a page table.</summary>
    PageTableEntry,

    /// <summary>A link of the list of all entries that map a page.</summary>
    ReverseMap,

    /// <summary>An object that has changed since the last checkpoint: not covered.</summary>
    DirtyObject,

    /// <summary>The flags or the place in memory that the frame table has of a frame: not covered.</summary>
    FrameEntry,
}

/// <summary>What came of a flipped bit.</summary>
public enum FlipEnd
{
    /// <summary>The machine stopped, and nothing wrong was committed.</summary>
    Detected,

    /// <summary>All that was committed is right.</summary>
    Harmless,

    /// <summary>Something wrong was committed, or could have been.</summary>
    Undetected,
}
