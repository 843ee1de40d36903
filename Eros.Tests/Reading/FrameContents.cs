using System;

namespace Eros.Tests.Reading;

/// <summary>What a home frame holds. The numbers are the format's.</summary>
public enum HomeFrameKind : byte
{
    Free = 0,
    Page = 1,
    Pot = 2,
    Process = 3,
}

/// <summary>A home frame as a restart finds it.</summary>
public readonly ref struct FrameContents
{
    private FrameContents(TagValue tag, bool isNull, ReadOnlySpan<byte> bytes)
    {
        Kind = (HomeFrameKind)tag.Kind;
        Version = tag.Version;
        IsPinned = tag.IsPinned;
        IsNull = isNull;
        Bytes = bytes;
    }

    /// <summary>Nothing of it is to be believed.</summary>
    public bool IsDamaged => Bytes.IsEmpty;

    public HomeFrameKind Kind { get; }

    /// <summary>The version of a page, process or free frame; the highest of a pot.</summary>
    public uint Version { get; }

    /// <summary>The bytes were not on the disk: their header, if there is one, is zero.</summary>
    public bool IsNull { get; }

    public bool IsPinned { get; }

    /// <summary>4096 bytes, good until the next call.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    internal static FrameContents Damaged => default;

    internal static FrameContents Of(TagValue tag, ReadOnlySpan<byte> bytes) => new(tag, tag.IsNull, bytes);

    /// <summary>With a page of the journal in place of the image.</summary>
    internal static FrameContents Journalled(TagValue tag, ReadOnlySpan<byte> bytes) => new(tag, isNull: false, bytes);
}
