// VolumeSearch: finds the volume header of a disk, or says what the disk is (docs/disk-format.md, "How a volume is
// mounted", 1).

using System;

namespace Eros.Tests.Reading;

internal static class VolumeSearch
{
    private const ulong Looked = 64;

    /// <summary>The map of the volume, when there is one that may be mounted; else why not.</summary>
    public static Refusal Find(DiskView disk, uint protocol, out VolumeMap? map)
    {
        map = null;
        if (disk.BlockCount == 0)
        {
            return Refusal.NoDisk;
        }

        if (!TryHeader(disk, 0, ref map) && !TryHeader(disk, disk.BlockCount - 1, ref map))
        {
            return WhatElse(disk);
        }

        return map!.Format is < VolumeMap.OldestFormat or > VolumeMap.KnownFormat ? Refusal.UnknownFormat
            : !map.IsPossible ? Refusal.ImpossibleGeometry
            : map.Blocks > disk.BlockCount ? Refusal.DiskTooSmall
            : !IsWhole(disk, map) ? Refusal.UnfinishedCopy
            : map.Protocol != protocol ? Refusal.OtherProtocol
            : Refusal.None;
    }

    /// <summary>True when the newer of the mirror records that are intact says that this disk is in step.</summary>
    private static bool IsWhole(DiskView disk, VolumeMap map)
    {
        ulong? newest = null;
        bool isWhole = false;
        for (ulong copy = 0; copy < 2; copy++)
        {
            if (!Block.TryRead(disk, map.MirrorBlockOf(copy), Block.MirrorRecord, map.Id, out Block block))
            {
                continue;
            }

            (uint inStep, uint member) = (block.U32(24), block.U32(28));
            bool isValid = inStep is >= 1 and <= 3 && member <= 1;
            if (isValid && !(newest >= block.Generation))
            {
                newest = block.Generation;
                isWhole = ((inStep >> (int)member) & 1) != 0;
            }
        }

        return isWhole;
    }

    private static bool TryHeader(DiskView disk, ulong number, ref VolumeMap? map)
    {
        if (!disk.TryRead(number, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        var block = new Block(bytes);
        if (!block.IsIntact(Block.Volume, block.Name))
        {
            return false;
        }

        map = new VolumeMap(block);
        return true;
    }

    private static Refusal WhatElse(DiskView disk)
    {
        bool isBlank = true;
        bool isOurs = false;
        for (ulong i = 0; i < Math.Min(2 * Looked, disk.BlockCount); i++)
        {
            ulong number = i < Looked ? i : disk.BlockCount - 1 - (i - Looked);
            if (!disk.TryRead(number, out ReadOnlySpan<byte> bytes))
            {
                return Refusal.Unreadable;
            }

            isBlank &= !bytes.ContainsAnyExcept((byte)0);
            isOurs |= new Block(bytes).Magic is Block.Volume or Block.Checkpoint or Block.Mark;
        }

        return isBlank ? Refusal.Blank : isOurs ? Refusal.DamagedVolume : Refusal.Foreign;
    }
}
