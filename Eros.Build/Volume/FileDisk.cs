using System;
using System.Collections.Generic;
using System.IO;
using Eros.Persistence.Base;

namespace Eros.Build.Volume;

/// <summary>A disk that is a file on the host. What does not fill a block at its end is left out. While one that is
/// written to is open, no machine can be started on it.</summary>
public sealed class FileDisk : Disk, IDisposable
{
    private readonly FileStream _file;
    private readonly PhysicalMemory _memory;
    private readonly IReadOnlyDictionary<ulong, byte[]> _layer;

    /// <summary>Opens a file, with blocks that stand in place of the file's and are only read; <see
    /// cref="IOException"/> and its kin when that cannot be done.</summary>
    public FileDisk(
        string path, PhysicalMemory memory, bool isWritable, IReadOnlyDictionary<ulong, byte[]>? layer = null)
    {
        FileAccess access = isWritable ? FileAccess.ReadWrite : FileAccess.Read;
        _file = new FileStream(path, FileMode.Open, access, FileShare.Read, bufferSize: 0);
        if (isWritable)
        {
            try
            {
                Lock(_file);
            }
            catch
            {
                _file.Dispose();
                throw;
            }
        }

        _memory = memory;
        _layer = layer ?? new Dictionary<ulong, byte[]>();
    }

    public override ulong BlockCount => (ulong)(_file.Length / PhysicalMemory.FrameBytes);

    public override int MaxInFlight => 1;

    /// <summary>Makes a file of that many blocks, all zero; one that was there is lost.</summary>
    public static void Create(string path, ulong blocks)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.SetLength((long)blocks * PhysicalMemory.FrameBytes);
    }

    /// <summary>Locks a file against machines: QEMU's locks are of this kind, FileShare's are not. The lock ends when
    /// this process closes the file, or anything else that it has opened by the same name.</summary>
    /// <exception cref="IOException">A machine runs on it.</exception>
    public static void Lock(FileStream file)
    {
        if (OperatingSystem.IsLinux())
        {
            file.Lock(0, long.MaxValue);
        }
    }

    public override void Start(DiskTransfer transfer)
    {
        transfer.Outcome = Outcome.Ok;
        for (int i = 0; i < transfer.Count; i++)
        {
            Span<byte> frame = _memory.Bytes(transfer.Frames[i]);
            ulong block = transfer.FirstBlock + (ulong)i;
            long offset = (long)block * PhysicalMemory.FrameBytes;
            if (!transfer.IsWrite && _layer.TryGetValue(block, out byte[]? bytes))
            {
                bytes.CopyTo(frame);
            }
            else if (!TryMove(frame, offset, transfer.IsWrite))
            {
                transfer.Outcome = Outcome.DiskError;
            }
        }
    }

    public override Outcome Wait(DiskTransfer transfer) => transfer.Outcome;

    public override Outcome Flush()
    {
        try
        {
            _file.Flush(flushToDisk: true);
            return Outcome.Ok;
        }
        catch (IOException)
        {
            return Outcome.DiskError;
        }
    }

    public void Dispose() => _file.Dispose();

    private bool TryMove(Span<byte> frame, long offset, bool isWrite)
    {
        try
        {
            if (isWrite)
            {
                RandomAccess.Write(_file.SafeFileHandle, frame, offset);
                return true;
            }

            return RandomAccess.Read(_file.SafeFileHandle, frame, offset) == frame.Length;
        }
        catch (Exception error) when (error is IOException or NotSupportedException)
        {
            return false;
        }
    }
}
