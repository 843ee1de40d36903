// MirrorMember: what one disk says of itself at the mount, or when it is there again: its volume, and its part in the
// mirror.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Mirror;

/// <summary>Read from a disk; nothing of it is believed that is not intact.</summary>
internal struct MirrorMember
{
    /// <summary>None when no volume of a format that is mounted is there.</summary>
    public MirrorKind Kind;

    /// <summary>Its header could not be read, or its record: nobody knows what that says.</summary>
    public bool IsUnreadable;

    /// <summary>A copy of its record is not as the other one.</summary>
    public bool IsTorn;

    /// <summary>Which member it is; <see cref="MirrorRecord.Members"/> when its record does not say.</summary>
    public uint Number;
    public ulong Events;
    public ulong VolumeId;

    /// <summary>Blocks of the volume, and the first of its journal.</summary>
    public ulong Blocks;
    public ulong Journal;

    /// <summary>Reads the disk; <paramref name="transfer"/> has a frame.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Read(PhysicalMemory memory, Disk disk, DiskTransfer transfer)
    {
        uint pfn = transfer.Frames[0];
        ref VolumeHeader header = ref memory.As<VolumeHeader>(pfn);
        ulong end = disk.BlockCount;
        this = default;
        Number = MirrorRecord.Members;
        IsUnreadable = !IsRead(disk, transfer, 0);
        bool isHeader = IsHeader(memory, pfn);
        if (!isHeader && IsRead(disk, transfer, end - 1))
        {
            isHeader = IsHeader(memory, pfn);
            IsUnreadable &= !isHeader;
        }

        if (!isHeader || !header.IsKnown || header.Geometry.Blocks > end || !header.Geometry.IsPossible)
        {
            return;
        }

        Kind = MirrorKind.Unfinished;
        VolumeId = header.Header.Name;
        Blocks = header.Geometry.Blocks;
        Journal = header.Geometry.JournalBlock(0);
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            ReadRecord(memory, disk, transfer, copy);
        }

        IsUnreadable &= Number == MirrorRecord.Members;
    }

    /// <summary>An error counts as one when it comes twice.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsRead(Disk disk, DiskTransfer transfer, ulong block)
    {
        bool isRead = MirroredDisk.Run(disk, transfer, block, 1, isWrite: false)
            || MirroredDisk.Run(disk, transfer, block, 1, isWrite: false);
        disk.HasFailed = false;
        return isRead;
    }

    private static bool IsHeader(PhysicalMemory memory, uint pfn) =>
        BlockHeader.IsIntact(memory, pfn, VolumeHeader.MagicValue, memory.As<BlockHeader>(pfn).Name);

    private void ReadRecord(PhysicalMemory memory, Disk disk, DiskTransfer transfer, int copy)
    {
        uint pfn = transfer.Frames[0];
        ref MirrorRecord record = ref memory.As<MirrorRecord>(pfn);
        bool isRead = IsRead(disk, transfer, MirrorRecord.BlockOf(Blocks, copy));
        IsUnreadable |= !isRead;
        bool isIntact = isRead && BlockHeader.IsIntact(memory, pfn, MirrorRecord.MagicValue, VolumeId)
            && record.InStep - 1 < MirrorRecord.Both && record.Member < MirrorRecord.Members;
        ulong events = record.Header.Generation;
        IsTorn |= !isIntact || (copy != 0 && events != Events);
        if (isIntact && (Number == MirrorRecord.Members || events > Events))
        {
            Events = events;
            Number = record.Member;
            Kind = record.InStep == MirrorRecord.Both ? MirrorKind.Paired
                : record.InStep == Number + 1 ? MirrorKind.Alone
                : MirrorKind.Unfinished;
        }
    }
}
