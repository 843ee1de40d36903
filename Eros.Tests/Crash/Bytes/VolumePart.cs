namespace Eros.Tests.Crash.Bytes;

/// <summary>What a block of a volume is, as far as it matters what becomes of it when it is damaged.</summary>
public enum VolumePart
{
    VolumeHeader,
    CheckpointHeader,
    Mark,
    MirrorRecord,
    GenerationHeader,
    Directory,
    ProcessList,

    /// <summary>In the log.</summary>
    LoggedTags,
    LoggedPot,
    LoggedProcess,

    /// <summary>At home, and not in the log.</summary>
    HomeTags,
    HomePot,

    /// <summary>Home blocks that the log has newer images of: nobody reads them.</summary>
    StaleTags,

    JournalRecord,
    JournalledPage,
}

/// <summary>A block that is damaged, byte by byte.</summary>
/// <param name="Block">Its number.</param>
/// <param name="Part">What it is.</param>
/// <param name="Name">The frame, for tags the first frame, for the journal the place; else 0.</param>
public readonly record struct DamagedBlock(int Block, VolumePart Part, ulong Name);

/// <summary>One change of one byte.</summary>
/// <param name="Where">The block.</param>
/// <param name="Offset">The byte in it.</param>
/// <param name="Mask">The bits that are flipped.</param>
/// <param name="IsMended">The checksums are made to fit, so that the byte is believed.</param>
public readonly record struct ByteChange(DamagedBlock Where, int Offset, byte Mask, bool IsMended)
{
    public override string ToString() =>
        $"{Where.Part} (block {Where.Block}), byte {Offset} ^ {Mask:X2}{(IsMended ? ", checksums mended" : "")}";
}
