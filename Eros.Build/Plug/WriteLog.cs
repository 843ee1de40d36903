// WriteLog: what a disk was told, in order. QEMU's blklogwrites records it in the format of Linux's dm-log-writes,
// version 1.
//
// All numbers are little-endian; a sector is as large as the superblock says (QEMU: 512 bytes).
//
//   sector 0   0 magic u64 0x6A736677736872 | 8 version u64 = 1 | 16 number of entries u64 | 24 bytes of a sector u32
//   sector 1.. entries, each: one sector  0 sector u64 | 8 sectors u64 | 16 flags u64 | 24 bytes of data u64 | zero
//                             then, unless it is a discard, the data: that many sectors
//   flags      1 flush | 2 FUA | 4 discard | 8 mark
//
// A machine whose plug was pulled leaves a log without a proper end: the superblock's count is old, the last entry may
// be cut off, and entries that were being written at the same time may have left a gap of zeros. So the count is not
// read at all: the log ends where the file does, at an entry that it does not hold whole, or at an entry that says
// nothing (all zero).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace Eros.Build.Plug;

/// <summary>What an entry of the log is.</summary>
public enum WriteLogKind
{
    /// <summary>Bytes were written.</summary>
    Write,

    /// <summary>Everything written before is on the platter.</summary>
    Flush,

    /// <summary>Bytes were given up; they read as anything.</summary>
    Discard,
}

/// <summary>One entry.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where on the disk, bytes.</param>
/// <param name="Data">What was written; empty for flushes and discards.</param>
/// <param name="Forced">FUA: a write that is on the platter before it completes.</param>
/// <param name="LogEnd">Bytes of the log file up to the end of this entry: tells what came before a moment at which the
/// file had that length.</param>
public sealed record WriteLogEntry(WriteLogKind Kind, long Offset, byte[] Data, bool Forced, long LogEnd);

/// <summary>Makes and reads dm-log-writes files.</summary>
public static class WriteLog
{
    private const ulong Magic = 0x6A73_6677_7368_72;
    private const ulong Version = 1;
    private const int SectorSizeAt = 24;

    /// <summary>QEMU's sector, unless it is told otherwise.</summary>
    private const int LogSectorBytes = 512;
    private const int EntryHeaderBytes = 32;
    private const ulong FlushFlag = 1;
    private const ulong ForcedFlag = 2;
    private const ulong DiscardFlag = 4;
    private const ulong MarkFlag = 8;

    /// <summary>Makes the empty log <paramref name="path"/>. QEMU rewrites the superblock only at flushes, so that
    /// without this a log without one would have no head.</summary>
    public static void Create(string path)
    {
        byte[] super = new byte[LogSectorBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(super, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(super.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(super.AsSpan(SectorSizeAt), LogSectorBytes);
        File.WriteAllBytes(path, super);
    }

    /// <summary>Reads a whole log. Marks are left out.</summary>
    /// <exception cref="InvalidDataException">It is no such log.</exception>
    public static IReadOnlyList<WriteLogEntry> Read(Stream log) => [.. Entries(log)];

    /// <summary>The same one by one, of a log that memory does not hold.</summary>
    /// <exception cref="InvalidDataException">It is no such log.</exception>
    public static IEnumerable<WriteLogEntry> Entries(Stream log)
    {
        byte[] super = new byte[SectorSizeAt + sizeof(uint)];
        if (log.ReadAtLeast(super, super.Length, throwOnEndOfStream: false) < super.Length
            || BinaryPrimitives.ReadUInt64LittleEndian(super) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(super.AsSpan(8)) != Version)
        {
            throw new InvalidDataException("This is no write log of version 1.");
        }

        int sectorBytes = BinaryPrimitives.ReadInt32LittleEndian(super.AsSpan(SectorSizeAt));
        if (sectorBytes < LogSectorBytes || !int.IsPow2(sectorBytes))
        {
            throw new InvalidDataException($"A write log cannot have sectors of {sectorBytes} bytes.");
        }

        for (long at = sectorBytes; ReadEntry(log, at, sectorBytes, out ulong flags) is { } entry; at = entry.LogEnd)
        {
            if ((flags & MarkFlag) == 0)
            {
                yield return entry;
            }
        }
    }

    /// <summary>The entry at <paramref name="at"/>, or null at the end of the log.</summary>
    private static WriteLogEntry? ReadEntry(Stream log, long at, int sectorBytes, out ulong flags)
    {
        byte[] header = new byte[EntryHeaderBytes];
        log.Position = at;
        int count = log.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        flags = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(16));
        if (count < header.Length || !header.AsSpan().ContainsAnyExcept((byte)0) || at + sectorBytes > log.Length)
        {
            return null;
        }

        long offset = BinaryPrimitives.ReadInt64LittleEndian(header) * sectorBytes;
        long bytes = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8)) * sectorBytes;
        bool discard = (flags & DiscardFlag) != 0;
        long dataBytes = (flags & MarkFlag) != 0
            ? RoundUp(BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24)), sectorBytes)
            : discard ? 0 : bytes;
        long end = at + sectorBytes + dataBytes;
        if (dataBytes < 0 || end > log.Length)
        {
            return null;
        }

        byte[] data = new byte[dataBytes];
        log.Position = at + sectorBytes;
        log.ReadExactly(data);
        WriteLogKind kind = discard ? WriteLogKind.Discard
            : dataBytes == 0 && (flags & FlushFlag) != 0 ? WriteLogKind.Flush : WriteLogKind.Write;
        return new WriteLogEntry(kind, offset, data, (flags & ForcedFlag) != 0, end);
    }

    private static long RoundUp(long bytes, int unit) => (bytes + unit - 1) / unit * unit;
}
