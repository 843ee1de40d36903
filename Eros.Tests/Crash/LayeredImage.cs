// LayeredImage: the contents of a disk as changes over another image, so that a thousand possible disks share what they
// have in common.
//
// Each block that was changed here has bytes of its own. They come from a pool and go back to it, and whoever has made
// a block hands its bytes over: nothing is copied when a disk's pending write becomes durable.

using System;
using System.Collections.Generic;
using Eros.Persistence.Base;

namespace Eros.Tests.Crash;

/// <summary>Blocks of 4096 bytes; what was never written here is read from the layer below, or is zero.</summary>
public sealed class LayeredImage(int blocks, LayeredImage? below)
{
    private static readonly byte[] _zero = new byte[PhysicalMemory.FrameBytes];

    private readonly LayeredImage? _below = below;
    private readonly byte[]?[] _blocks = new byte[]?[blocks];
    private readonly List<int> _written = [];
    private readonly Stack<byte[]> _pool = [];

    public int BlockCount => _blocks.Length;

    public ReadOnlySpan<byte> Read(int block) => _blocks[block] ?? (_below == null ? _zero : _below.Read(block));

    public void Write(int block, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Writable(block, isWhole: true));

    /// <summary>4096 bytes of the pool, with anything in them.</summary>
    public byte[] Take() => _pool.TryPop(out byte[]? bytes)
        ? bytes
        : GC.AllocateUninitializedArray<byte>(PhysicalMemory.FrameBytes);

    /// <summary>Bytes that were taken are not used any more.</summary>
    public void GiveBack(byte[] bytes) => _pool.Push(bytes);

    /// <summary>Bytes that were taken become a block's contents, and belong to the image.</summary>
    public void Put(int block, byte[] bytes)
    {
        if (_blocks[block] is { } before)
        {
            GiveBack(before);
        }
        else
        {
            _written.Add(block);
        }

        _blocks[block] = bytes;
    }

    /// <summary>
    /// The block's bytes in this layer, to be changed in part; all of them where <paramref name="isWhole"/>.
    /// </summary>
    public Span<byte> Writable(int block, bool isWhole = false)
    {
        if (_blocks[block] is { } there)
        {
            return there;
        }

        byte[] bytes = Take();
        if (!isWhole)
        {
            Read(block).CopyTo(bytes);
        }

        Put(block, bytes);
        return bytes;
    }

    /// <summary>Forgets all that was written here; keeps the memory.</summary>
    public void Clear()
    {
        foreach (int block in _written)
        {
            GiveBack(_blocks[block]!);
            _blocks[block] = null;
        }

        _written.Clear();
    }
}
