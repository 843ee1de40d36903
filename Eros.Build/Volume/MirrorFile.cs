// MirrorFile: what two files say that hold one volume.

using System;
using System.IO;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Mirror;
using Eros.Persistence.Store;

namespace Eros.Build.Volume;

/// <summary>What a volume in a file knows of a mirror.</summary>
public static class MirrorFile
{
    private const uint Frame = 1;

    /// <summary>The newer of the records that are intact; null when there is none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static MirrorReport? Read(string path, in VolumeHeader header)
    {
        using var host = new HostMemory(2);
        using var disk = new FileDisk(path, host.Memory, isWritable: false);
        var reader = new BlockReader(disk, host.Memory);
        MirrorReport? newest = null;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            ref MirrorRecord record = ref host.Memory.As<MirrorRecord>(Frame);
            if (reader.Read(header.Geometry.MirrorBlock(copy), Frame)
                && BlockHeader.IsIntact(host.Memory, Frame, MirrorRecord.MagicValue, header.Header.Name)
                && !(newest?.Events >= record.Header.Generation))
            {
                newest = new MirrorReport(record.Header.Generation, record.Member, record.InStep);
            }
        }

        return newest;
    }

    /// <summary>Why a machine will not run on a disk that says this, without another: it may hold a part of the volume
    /// only. Null when it will.</summary>
    /// <param name="record">What <see cref="Read"/> found.</param>
    public static string? RefusalOf(MirrorReport? record) =>
        record is null ? "both copies of the mirror record are damaged, so it may be an unfinished copy"
        : KindOf(record) == MirrorKind.Unfinished
            ? new StoreNotice(StoreMessage.MirrorUnfinished, 0, 0).Text
        : null;

    /// <summary>What a disk with this record is to <see cref="MirrorTable"/>.</summary>
    public static MirrorKind KindOf(MirrorReport record) =>
        record.InStep == MirrorRecord.Both ? MirrorKind.Paired
        : ((record.InStep >> (int)record.Member) & 1) != 0 ? MirrorKind.Alone
        : MirrorKind.Unfinished;

    /// <summary>Has a volume say that it is a member of a mirror, in which both are in step if nothing else is said. No
    /// machine runs on it meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Its volume header.</param>
    /// <param name="events">The count of events.</param>
    /// <param name="member">Which disk of the mirror it is: 0 or 1.</param>
    /// <param name="inStep">Bit m: disk m holds everything.</param>
    /// <param name="writtenAt">When it must have been written to last; null: that does not matter.</param>
    /// <exception cref="IOException">The file cannot be written, a machine runs on it, or it was written to
    /// later.</exception>
    public static void Join(
        string path,
        in VolumeHeader header,
        ulong events,
        uint member,
        uint inStep = MirrorRecord.Both,
        DateTime? writtenAt = null)
    {
        using var host = new HostMemory(2);
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        FileDisk.Lock(file);
        if (writtenAt is { } time && File.GetLastWriteTimeUtc(path) != time)
        {
            throw new IOException($"{path} was written to while it was copied");
        }

        ref MirrorRecord record = ref host.Memory.As<MirrorRecord>(Frame);
        record.InStep = inStep;
        record.Member = member;
        BlockHeader.Seal(host.Memory, Frame, MirrorRecord.MagicValue, header.Header.Name, events);
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            file.Position = (long)header.Geometry.MirrorBlock(copy) * PhysicalMemory.FrameBytes;
            file.Write(host.Memory.Bytes(Frame));
            file.Flush(flushToDisk: true);
        }
    }
}
