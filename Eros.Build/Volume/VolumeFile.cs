using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>What a disk in a file says of itself.</summary>
public static class VolumeFile
{
    /// <summary>
    /// The volume header: that in the first block, or else its copy in the last one; null when neither is intact.
    /// <see cref="System.IO.IOException"/> and its kin when the file cannot be opened.
    /// </summary>
    public static VolumeHeader? ReadHeader(string path)
    {
        const uint Frame = 1;
        using var host = new HostMemory(2);
        using var disk = new FileDisk(path, host.Memory, isWritable: false);
        var transfer = new DiskTransfer { Count = 1 };
        transfer.Frames[0] = Frame;
        for (int copy = 0; copy < VolumeGeometry.Copies && disk.BlockCount != 0; copy++)
        {
            transfer.FirstBlock = copy == 0 ? 0 : disk.BlockCount - 1;
            disk.Start(transfer);
            ulong id = host.Memory.As<BlockHeader>(Frame).Name;
            if (disk.Wait(transfer) == Outcome.Ok
                && BlockHeader.IsIntact(host.Memory, Frame, VolumeHeader.MagicValue, id))
            {
                return host.Memory.As<VolumeHeader>(Frame);
            }
        }

        return null;
    }
}
