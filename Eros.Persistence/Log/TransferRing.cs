// TransferRing: a few large transfers that are used in turn, with the frames that they read into or write from.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>What a stream of blocks to or from the disk is made of.</summary>
public abstract class TransferRing
{
    private readonly DiskTransfer[] _transfers;
    private int _current;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected TransferRing(MountedVolume volume, int transfers, bool isWrite)
    {
        Volume = volume;
        _transfers = new DiskTransfer[transfers];
        for (int i = 0; i < transfers; i++)
        {
            _transfers[i] = new DiskTransfer { IsWrite = isWrite };
        }

        Current = _transfers[0];
    }

    private protected MountedVolume Volume { get; }

    /// <summary>Transfers in the ring.</summary>
    private protected int Count => _transfers.Length;

    /// <summary>Frames of all transfers.</summary>
    private protected int FrameCount => Count * DiskTransfer.MaxBlocks;

    /// <summary>The transfer whose turn it is.</summary>
    private protected DiskTransfer Current { get; private set; }

    /// <summary>Takes the frames from the free ones; there must be enough.</summary>
    private protected void TakeFrames()
    {
        for (int i = 0; i < FrameCount; i++)
        {
            Current.Frames[i % DiskTransfer.MaxBlocks] = Volume.Frames.AllocateFrame();
            if ((i + 1) % DiskTransfer.MaxBlocks == 0)
            {
                Advance();
            }
        }
    }

    /// <summary>The next transfer has its turn.</summary>
    private protected void Advance()
    {
        _current = _current + 1 < Count ? _current + 1 : 0;
        Current = _transfers[_current];
    }
}
