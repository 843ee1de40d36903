// PhysicalMemory: the doorway to the machine's memory, by 4 KB frame number. In the kernel the base is the direct map
// of all physical memory; on the host it is one aligned block that a test owns.
//
// Safety: every access checks the frame number against the limit; what is inside a frame is the caller's claim (a
// frame's kind is kept by the frame table).

using System.Runtime.CompilerServices;

namespace Eros.Persistence.Base;

/// <summary>All physical memory, as frames of 4096 bytes.</summary>
public sealed unsafe class PhysicalMemory(byte* directMap, uint frameLimit)
{
    public const int FrameBytes = 4096;
    public const int FrameLog2 = 12;

    private readonly byte* _directMap = directMap;

    /// <summary>Frame numbers are below this.</summary>
    public uint FrameLimit { get; } = frameLimit;

    /// <summary>The first byte of a frame.</summary>
    public byte* Address(uint pfn)
    {
        Fail.Unless(pfn < FrameLimit, "physical frame beyond memory"u8, pfn);
        return _directMap + ((ulong)pfn << FrameLog2);
    }

    public System.Span<byte> Bytes(uint pfn) => new(Address(pfn), FrameBytes);

    /// <summary>The frame read as a structure of at most 4096 bytes.</summary>
    public ref T As<T>(uint pfn)
        where T : unmanaged => ref Unsafe.AsRef<T>(Address(pfn));

    /// <summary>The structure at <paramref name="offset"/> bytes into the frame, where all of it must be.</summary>
    public ref T As<T>(uint pfn, int offset)
        where T : unmanaged
    {
        Fail.Unless((uint)offset <= FrameBytes - (uint)sizeof(T), "structure beyond its frame"u8, (uint)offset);
        return ref Unsafe.AsRef<T>(Address(pfn) + offset);
    }

    /// <summary>Copies one frame by 8-byte moves, four at a time.</summary>
    public void Copy(uint from, uint to)
    {
        ulong* source = (ulong*)Address(from);
        ulong* target = (ulong*)Address(to);
        ulong* end = target + (FrameBytes / sizeof(ulong));
        for (; target != end; target += 4, source += 4)
        {
            target[0] = source[0];
            target[1] = source[1];
            target[2] = source[2];
            target[3] = source[3];
        }
    }

    /// <summary>True when the words of a frame from <paramref name="from"/> to <paramref name="end"/>, exclusive, are
    /// zero. Looks at eight at a time.</summary>
    public bool IsZero(uint pfn, int from, int end)
    {
        Fail.Unless((uint)from <= (uint)end && end <= FrameBytes / sizeof(ulong), "words beyond their frame"u8, pfn);
        ulong* word = (ulong*)Address(pfn) + from;
        ulong* last = word + (end - from);
        ulong any = 0;
        for (; ((last - word) & 7) != 0; word++)
        {
            any |= *word;
        }

        for (; word != last && any == 0; word += 8)
        {
            any = word[0] | word[1] | word[2] | word[3] | word[4] | word[5] | word[6] | word[7];
        }

        return any == 0;
    }

    /// <summary>Clears one frame, four 8-byte moves at a time.</summary>
    public void Clear(uint pfn)
    {
        ulong* target = (ulong*)Address(pfn);
        ulong* end = target + (FrameBytes / sizeof(ulong));
        for (; target != end; target += 4)
        {
            target[0] = 0;
            target[1] = 0;
            target[2] = 0;
            target[3] = 0;
        }
    }
}
