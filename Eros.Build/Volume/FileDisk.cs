using System;
using System.IO;
using Eros.Persistence.Base;

namespace Eros.Build.Volume;

/// <summary>A disk that is a file on the host. What does not fill a block at its end is left out.</summary>
public sealed class FileDisk : Disk, IDisposable
{
    private readonly FileStream _file;
    private readonly PhysicalMemory _memory;

    /// <summary>Opens a file; <see cref="IOException"/> and its kin when that cannot be done.</summary>
    public FileDisk(string path, PhysicalMemory memory, bool isWritable)
    {
        FileAccess access = isWritable ? FileAccess.ReadWrite : FileAccess.Read;
        _file = new FileStream(path, FileMode.Open, access, FileShare.Read, bufferSize: 0);
        _memory = memory;
    }

    public override ulong BlockCount => (ulong)(_file.Length / PhysicalMemory.FrameBytes);

    public override int MaxInFlight => 1;

    /// <summary>Makes a file of that many blocks, all zero; one that was there is lost.</summary>
    public static void Create(string path, ulong blocks)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.SetLength((long)blocks * PhysicalMemory.FrameBytes);
    }

    public override void Start(DiskTransfer transfer)
    {
        transfer.Outcome = Outcome.Ok;
        for (int i = 0; i < transfer.Count; i++)
        {
            Span<byte> frame = _memory.Bytes(transfer.Frames[i]);
            long offset = (long)(transfer.FirstBlock + (ulong)i) * PhysicalMemory.FrameBytes;
            if (!TryMove(frame, offset, transfer.IsWrite))
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
