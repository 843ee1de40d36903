// HostMemory: what the store needs of a machine, on the host: memory of its own, and a gate.

using System;
using System.Runtime.InteropServices;
using Eros.Persistence.Base;

namespace Eros.Build.Volume;

/// <summary>Physical memory on the host: one block of memory, aligned to pages, freed by Dispose.</summary>
public sealed unsafe class HostMemory : IDisposable
{
    private void* _block;

    /// <param name="frames">Frames of 4096 bytes, cleared; numbers 0 to <paramref name="frames"/> - 1.</param>
    public HostMemory(int frames)
    {
        nuint bytes = (nuint)frames * PhysicalMemory.FrameBytes;
        _block = NativeMemory.AlignedAlloc(bytes, PhysicalMemory.FrameBytes);
        NativeMemory.Clear(_block, bytes);
        Memory = new PhysicalMemory((byte*)_block, (uint)frames);
    }

    public PhysicalMemory Memory { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_block);
        _block = null;
    }
}

/// <summary>Demands that the gate is opened as often as it is closed.</summary>
public sealed class HostGate : Gate
{
    /// <summary>How many times it is closed.</summary>
    public int Depth { get; private set; }

    public override void Close() => Depth++;

    public override void Open()
    {
        if (--Depth < 0)
        {
            throw new InvariantException("gate opened more often than closed", 0);
        }
    }
}
