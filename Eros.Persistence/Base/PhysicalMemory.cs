// PhysicalMemory: the doorway to the machine's memory, by 4 KB frame number. In the kernel the base is the direct map
// of all physical memory; on the host it is one aligned block that a test owns.
//
// Safety: every access checks the frame number against the limit; what is inside a frame is the caller's claim (a
// frame's kind is kept by the frame table).

using System.Runtime.CompilerServices;

namespace Eros.Persistence.Base;

/// <summary>All physical memory, as frames of 4096 bytes.</summary>
public sealed unsafe class PhysicalMemory(byte* directMap, uint frameLimit, Fail fail)
{
    public const int FrameBytes = 4096;
    public const int FrameLog2 = 12;

    private readonly byte* _directMap = directMap;
    private readonly Fail _fail = fail;

    /// <summary>Frame numbers are below this.</summary>
    public uint FrameLimit { get; } = frameLimit;

    /// <summary>The first byte of a frame.</summary>
    public byte* Address(uint pfn)
    {
        _fail.Unless(pfn < FrameLimit, "physical frame beyond memory", pfn);
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
        _fail.Unless((uint)offset <= FrameBytes - (uint)sizeof(T), "structure beyond its frame", (uint)offset);
        return ref Unsafe.AsRef<T>(Address(pfn) + offset);
    }

    /// <summary>Copies one frame by 8-byte moves.</summary>
    public void Copy(uint from, uint to)
    {
        ulong* source = (ulong*)Address(from);
        ulong* target = (ulong*)Address(to);
        for (int i = 0; i < FrameBytes / sizeof(ulong); i++)
        {
            target[i] = source[i];
        }
    }

    public void Clear(uint pfn)
    {
        ulong* target = (ulong*)Address(pfn);
        for (int i = 0; i < FrameBytes / sizeof(ulong); i++)
        {
            target[i] = 0;
        }
    }
}
