// MirrorFile: makes a mirror of a volume in a file: a second file that holds the same, and in both the record that both
// are in step.
//
// The new file says so first, while it has no name yet that anybody would look for; then the old one. A machine that is
// started in between has one disk, which runs on alone.

using System.IO;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

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

    /// <summary>Has a volume say that it is a member of a mirror, in which both are in step if nothing else is
    /// said.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Join(
        string path, in VolumeHeader header, ulong events, uint member, uint inStep = MirrorRecord.Both)
    {
        using var host = new HostMemory(2);
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
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
