using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Build.Volume;

/// <summary>What a disk in a file says of itself.</summary>
public static class VolumeFile
{
    /// <summary>
    /// Why a kernel will not run on the disk in a file, by its volume header: blank, certainly somebody else's (by none
    /// of its headers a volume of Eros, whole or damaged), or damaged. None when it has a header; what that says is not
    /// judged. <see cref="IOException"/> and its kin when the file cannot be opened.
    /// </summary>
    public static StoreMessage RefusalOf(string path)
    {
        if (ReadHeader(path) is not null)
        {
            return StoreMessage.None;
        }

        const int Frames = 1;
        using var host = new HostMemory(Frames + 1);
        using var disk = new FileDisk(path, host.Memory, isWritable: false);
        if (disk.BlockCount == 0)
        {
            return File.ReadAllBytes(path).AsSpan().ContainsAnyExcept((byte)0)
                ? StoreMessage.ForeignDisk
                : StoreMessage.BlankDisk;
        }

        // The kernel's own judgement, so that what its refusals recommend is possible.
        var log = new StoreLog();
        var frames = new FrameTable(host.Memory, Frames, log);
        var volume = new MountedVolume(host.Memory, frames, new HostGate(), log);
        volume.Use(disk);
        RecoveryResult result = default;
        return new VolumeProbe(volume, new BlockPort(volume), scratch: 1).Run(protocol: 0, ref result);
    }

    /// <summary>
    /// The volume header: that in the first block, or else its copy in the last one; null when neither is intact.
    /// <see cref="IOException"/> and its kin when the file cannot be opened.
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

    /// <summary>
    /// Why a kernel will not come back to the volume in a file, in the store's words; null when it will, as far as the
    /// host can tell: memory and processor are the machine's. A <paramref name="layer"/> has blocks that stand in place
    /// of the file's. <see cref="IOException"/> and its kin when the file cannot be opened.
    /// </summary>
    public static string? MountRefusalOf(string path, IReadOnlyDictionary<ulong, byte[]>? layer = null)
    {
        uint protocol = ReadHeader(path)?.Protocol ?? 0;
        using var host = new HostStore(path, isWritable: false, HostStore.FramesToLook, protocol, layer: layer);
        RecoveryResult result = host.Mount();
        return result.IsMounted || result.Refusal == StoreMessage.TooLittleMemory
            ? null
            : new StoreNotice(result.Refusal, result.First, result.Second).Text;
    }

    /// <summary>The generations that a machine can come back to, oldest first; none when no header can be read.
    /// <see cref="IOException"/> and its kin when the file cannot be opened.</summary>
    public static IReadOnlyList<ulong> BootableOf(string path)
    {
        if (ReadHeader(path) is not { } header)
        {
            return [];
        }

        using FileStream file = File.OpenRead(path);
        try
        {
            using var view = new GenerationView(header, block => ReadBlock(file, block));
            return BootableOf(path, view);
        }
        catch (GenerationException)
        {
            return [];
        }
    }

    /// <summary>
    /// What must stand in place of blocks of the volume in a file, so that a machine comes back to a generation:
    /// <see cref="GenerationView.BlocksFor"/>. <see cref="GenerationException"/> where it cannot.
    /// </summary>
    public static SortedDictionary<ulong, byte[]> ViewOf(string path, ulong generation)
    {
        VolumeHeader header = ReadHeader(path)
            ?? throw new GenerationException("it has no volume header that can be read");
        using FileStream file = File.OpenRead(path);
        using var view = new GenerationView(header, block => ReadBlock(file, block));
        return view.Bootable.Contains(generation)
            && view.BlocksFor(generation) is { } blocks && MountRefusalOf(path, blocks) is null
            ? blocks
            : throw GenerationException.Of(generation, BootableOf(path, view));
    }

    /// <summary>Those of a view that the store mounts: it needs what the log has of some that are older, too.</summary>
    internal static IReadOnlyList<ulong> BootableOf(string path, GenerationView view) =>
        [.. view.Bootable.Where(generation => MountRefusalOf(path, view.BlocksFor(generation)) is null)];

    private static byte[]? ReadBlock(FileStream file, ulong block)
    {
        byte[] bytes = new byte[PhysicalMemory.FrameBytes];
        long offset = (long)block * PhysicalMemory.FrameBytes;
        return RandomAccess.Read(file.SafeFileHandle, bytes, offset) == bytes.Length ? bytes : null;
    }
}
