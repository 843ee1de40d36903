// PowerCut: what a disk may hold after a power cut, made from its write log.
//
// A disk keeps what was written before the last flush (and forced writes), and of the rest whatever it likes: each
// write wholly, in part, or not, and in any order. Sectors of 512 bytes are written whole or not at all.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Eros.Build.Plug;

/// <summary>What becomes of the writes that no flush followed.</summary>
public enum CutKind
{
    /// <summary>None reaches the platter.</summary>
    Dropped,

    /// <summary>Some do, each whole, in another order.</summary>
    Reordered,

    /// <summary>Some do, some of their sectors do, in another order.</summary>
    Torn,

    /// <summary>Only the newest does: it overtook all others.</summary>
    Overtaken,
}

/// <summary>Replays write logs up to a cut.</summary>
public static class PowerCut
{
    private const int SectorBytes = 512;

    /// <summary>Applies the first <paramref name="cut"/> entries of <paramref name="log"/> to <paramref name="disk"/>,
    /// which holds what it held when the log began.</summary>
    /// <returns>How many writes no flush had followed.</returns>
    public static int Apply(Stream disk, IReadOnlyList<WriteLogEntry> log, int cut, CutKind kind, Random random)
    {
        int flushed = LastFlush(log, cut);
        foreach (WriteLogEntry entry in log.Take(flushed))
        {
            Write(disk, entry, 0, entry.Data.Length);
        }

        foreach (WriteLogEntry forced in OpenWrites(log, cut).Where(entry => entry.Forced))
        {
            Write(disk, forced, 0, forced.Data.Length);
        }

        WriteLogEntry[] unflushed = [.. Unflushed(log, cut)];
        Survive(disk, unflushed, kind, random);
        return unflushed.Length;
    }

    /// <summary>Of the first <paramref name="cut"/> entries, the writes that no flush had followed and that were not
    /// forced.</summary>
    public static IEnumerable<WriteLogEntry> Unflushed(IReadOnlyList<WriteLogEntry> log, int cut) =>
        OpenWrites(log, cut).Where(entry => !entry.Forced);

    private static IEnumerable<WriteLogEntry> OpenWrites(IReadOnlyList<WriteLogEntry> log, int cut) =>
        log.Take(cut).Skip(LastFlush(log, cut)).Where(entry => entry.Kind == WriteLogKind.Write);

    /// <summary>How many entries stand before and including the last flush of the first
    /// <paramref name="cut"/>.</summary>
    private static int LastFlush(IReadOnlyList<WriteLogEntry> log, int cut)
    {
        int at = cut;
        while (at > 0 && log[at - 1].Kind != WriteLogKind.Flush)
        {
            at--;
        }

        return at;
    }

    private static void Survive(Stream disk, WriteLogEntry[] writes, CutKind kind, Random random)
    {
        switch (kind)
        {
            case CutKind.Dropped:
                break;
            case CutKind.Overtaken when writes is [.., var newest]:
                Write(disk, newest, 0, newest.Data.Length);
                break;
            default:
                random.Shuffle(writes);
                Array.ForEach(writes, write => WriteSome(disk, write, kind, random));
                break;
        }
    }

    private static void WriteSome(Stream disk, WriteLogEntry write, CutKind kind, Random random)
    {
        int fate = random.Next(kind == CutKind.Torn ? 3 : 2);
        if (fate == 1)
        {
            Write(disk, write, 0, write.Data.Length);
        }
        else if (fate == 2)
        {
            Tear(disk, write, random);
        }
    }

    private static void Tear(Stream disk, WriteLogEntry write, Random random)
    {
        for (int at = 0; at < write.Data.Length; at += SectorBytes)
        {
            if (random.Next(2) == 0)
            {
                Write(disk, write, at, Math.Min(SectorBytes, write.Data.Length - at));
            }
        }
    }

    private static void Write(Stream disk, WriteLogEntry entry, int at, int count)
    {
        disk.Position = entry.Offset + at;
        disk.Write(entry.Data, at, count);
    }
}
