// LayeredImage: the contents of a disk as changes over another image, so that a thousand possible disks share what they
// have in common.

using System;
using Eros.Persistence.Base;

namespace Eros.Tests.Crash;

/// <summary>Blocks of 4096 bytes; what was never written here is read from the layer below, or is zero.</summary>
public sealed class LayeredImage(int blocks, LayeredImage? below)
{
    private const int ChunkBlocks = 64;

    private static readonly byte[] _zero = new byte[PhysicalMemory.FrameBytes];

    private readonly LayeredImage? _below = below;
    private readonly int[] _slots = NewSlots(blocks);
    private int[] _written = new int[ChunkBlocks];
    private byte[][] _chunks = [];
    private int _count;

    public int BlockCount => _slots.Length;

    public ReadOnlySpan<byte> Read(int block)
    {
        int slot = _slots[block];
        return slot >= 0 ? Slot(slot) : _below == null ? _zero : _below.Read(block);
    }

    public void Write(int block, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Writable(block, isWhole: true));

    /// <summary>
    /// The block's bytes in this layer, to be changed in part; all of them where <paramref name="isWhole"/>.
    /// </summary>
    public Span<byte> Writable(int block, bool isWhole = false)
    {
        int slot = _slots[block];
        if (slot >= 0)
        {
            return Slot(slot);
        }

        slot = _count++;
        if (slot == _chunks.Length * ChunkBlocks)
        {
            Array.Resize(ref _chunks, _chunks.Length + 1);
            _chunks[^1] = GC.AllocateUninitializedArray<byte>(ChunkBlocks * PhysicalMemory.FrameBytes);
            Array.Resize(ref _written, _chunks.Length * ChunkBlocks);
        }

        Span<byte> bytes = Slot(slot);
        if (!isWhole)
        {
            Read(block).CopyTo(bytes);
        }

        _slots[block] = slot;
        _written[slot] = block;
        return bytes;
    }

    /// <summary>Forgets all that was written here; keeps the memory.</summary>
    public void Clear()
    {
        for (int i = 0; i < _count; i++)
        {
            _slots[_written[i]] = -1;
        }

        _count = 0;
    }

    private static int[] NewSlots(int blocks)
    {
        int[] slots = new int[blocks];
        Array.Fill(slots, -1);
        return slots;
    }

    private Span<byte> Slot(int slot) =>
        _chunks[slot / ChunkBlocks].AsSpan(slot % ChunkBlocks * PhysicalMemory.FrameBytes, PhysicalMemory.FrameBytes);
}
