// VolumeProbe: is there an Eros volume on the disk, and is it one that this kernel can use? It reads; it never writes.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Store;

namespace Eros.Persistence.Recovery;

/// <summary>Reads the volume header. One frame of scratch is the caller's.</summary>
public readonly struct VolumeProbe(MountedVolume volume, BlockPort port, uint scratch)
{
    /// <summary>Blocks at the start of a disk that must be zero for it to count as blank: 256 KB.</summary>
    private const ulong BlankBlocks = 64;

    private readonly MountedVolume _volume = volume;
    private readonly BlockPort _port = port;
    private readonly uint _scratch = scratch;

    /// <summary>Describes the volume when there is one to be used; else returns the refusal.</summary>
    public StoreMessage Run(uint protocol, ref RecoveryResult result)
    {
        ulong blocks = _volume.Disk!.BlockCount;
        if (blocks == 0)
        {
            return StoreMessage.NoDisk;
        }

        if (!IsHeader(0))
        {
            if (!IsHeader(blocks - 1))
            {
                return WhatElse(blocks, ref result);
            }

            _volume.Report(StoreMessage.VolumeHeaderCopyBad, 0);
        }

        ref VolumeHeader header = ref _volume.Memory.As<VolumeHeader>(_scratch);
        StoreMessage refusal = Judge(header, protocol, blocks, ref result);
        if (refusal == StoreMessage.None)
        {
            _volume.Describe(header.Header.Name, header.Geometry);
            if (!IsHeader(header.Geometry.VolumeHeaderBlock(1)))
            {
                _volume.Report(StoreMessage.VolumeHeaderCopyBad, 1);
            }
        }

        return refusal;
    }

    private static StoreMessage Judge(in VolumeHeader header, uint protocol, ulong blocks, ref RecoveryResult result)
    {
        (result.First, result.Second) = (header.Format, VolumeHeader.FormatVersion);
        if (!header.IsKnown)
        {
            return StoreMessage.FormatDiffers;
        }

        (result.First, result.Second) = (header.Geometry.Blocks, blocks);
        if (!header.Geometry.IsPossible)
        {
            return StoreMessage.GeometryBad;
        }

        if (header.Geometry.Blocks > blocks)
        {
            return StoreMessage.VolumeTruncated;
        }

        (result.First, result.Second) = (header.Protocol, protocol);
        return header.Protocol != protocol ? StoreMessage.ProtocolDiffers : StoreMessage.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsHeader(ulong block)
    {
        if (_port.Read(block, _scratch) != Outcome.Ok)
        {
            return false;
        }

        ulong id = _volume.Memory.As<BlockHeader>(_scratch).Name;
        return BlockHeader.IsIntact(_volume.Memory, _scratch, VolumeHeader.MagicValue, id);
    }

    /// <summary>No header is readable: a blank disk, a damaged volume, or something else.</summary>
    private StoreMessage WhatElse(ulong blocks, ref RecoveryResult result)
    {
        bool isBlank = true;
        bool isOurs = false;
        for (ulong block = 0; block < BlankBlocks && block < blocks; block++)
        {
            // From the end, too: another format may keep its tables there.
            for (int side = 0; side < VolumeGeometry.Copies; side++)
            {
                result.First = side == 0 ? block : blocks - 1 - block;
                if (_port.Read(result.First, _scratch) != Outcome.Ok)
                {
                    return StoreMessage.DiskUnreadable;
                }

                isBlank &= FrameImage.IsNull(_volume.Memory, _scratch, FrameKind.Page);
                isOurs |= _volume.Memory.As<BlockHeader>(_scratch).Magic is VolumeHeader.MagicValue
                    or CheckpointHeader.MagicValue or MigrationMark.MagicValue;
            }
        }

        return isBlank ? StoreMessage.BlankDisk : isOurs ? StoreMessage.VolumeHeaderBad : StoreMessage.ForeignDisk;
    }
}
