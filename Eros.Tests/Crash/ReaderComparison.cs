// ReaderComparison: what the store has mounted, against what the second reader (Eros.Tests/Reading) finds on the same
// disk: the same refusal, or the same generation, time, epoch, process list, and the same frames.

using System;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Reading;

namespace Eros.Tests.Crash;

/// <summary>Compares two readings of one disk, each null where they agree, else a text.</summary>
public static class ReaderComparison
{
    /// <summary>Bytes of a pot or process that have no meaning where its image is null: its header.</summary>
    private const int HeaderBytes = 24;

    /// <summary>Compares all but the frames.</summary>
    public static string? CheckRoot(
        SingleLevelStore store, FrameTable frames, in RecoveryResult result, VolumeReader reader)
    {
        Refusal refusal = result.IsMounted ? Refusal.None : Meaning(result.Refusal);
        if (reader.Refusal != refusal)
        {
            return $"second reader: {reader.Refusal}, store: {result.Refusal} ({result.First}, {result.Second})";
        }

        if (!result.IsMounted)
        {
            return null;
        }

        if (reader.Generation != result.Generation)
        {
            return $"second reader: generation {reader.Generation}, store: {result.Generation}";
        }

        if (reader.TimeNs != result.TimeNs || reader.BootEpoch != result.BootEpoch
            || reader.ProcessFrames != (uint)frames.ProcessFrames || reader.PinnedFrames != frames.PinnedFrames)
        {
            return $"second reader: time {reader.TimeNs}, epoch {reader.BootEpoch}, processes {reader.ProcessFrames} "
                + $"or pinned frames {reader.PinnedFrames}";
        }

        ReadOnlySpan<ulong> processes = store.RecoveredProcesses;
        bool isSame = processes.Length == reader.Processes.Count;
        for (int i = 0; isSame && i < processes.Length; i++)
        {
            isSame = processes[i] == reader.Processes[i];
        }

        return isSame ? null : "second reader: another process list";
    }

    /// <summary>Compares all frames that a machine's domains ever use.</summary>
    public static string? CheckFrames(SimulatedMachine machine, ObjectChanger changer, VolumeReader reader)
    {
        foreach (ulong frame in changer.Frames)
        {
            string? error = CheckFrame(machine.Frames, machine.Entry(frame), frame, reader);
            if (error != null)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Compares a frame that was just loaded; <see cref="FrameTable.None"/>: it could not be.</summary>
    public static string? CheckFrame(FrameTable frames, int entry, ulong frame, VolumeReader reader)
    {
        FrameContents contents = reader.Read(frame);
        if (contents.IsDamaged || entry == FrameTable.None)
        {
            return contents.IsDamaged == (entry == FrameTable.None)
                ? null
                : $"second reader: frame {frame} is {(contents.IsDamaged ? "" : "not ")}damaged";
        }

        ref FrameEntry there = ref frames[entry];
        if ((byte)contents.Kind != (byte)there.Kind)
        {
            return $"second reader: frame {frame} is {contents.Kind}, store: {there.Kind}";
        }

        if (there.Kind != FrameKind.Pot && contents.Version != there.Version)
        {
            return $"second reader: frame {frame} has version {contents.Version}, store: {there.Version}";
        }

        if (contents.IsPinned != frames.IsPinned(entry))
        {
            return $"second reader: frame {frame} is {(contents.IsPinned ? "" : "not ")}pinned";
        }

        bool hasHeader = contents.IsNull && there.Kind is FrameKind.Pot or FrameKind.Process;
        int from = hasHeader ? HeaderBytes : 0;
        return contents.Bytes[from..].SequenceEqual(frames.Bytes(entry)[from..])
            ? null
            : $"second reader: frame {frame} has other contents";
    }

    private static Refusal Meaning(StoreMessage refusal) => refusal switch
    {
        StoreMessage.NoDisk => Refusal.NoDisk,
        StoreMessage.DiskUnreadable => Refusal.Unreadable,
        StoreMessage.BlankDisk => Refusal.Blank,
        StoreMessage.ForeignDisk => Refusal.Foreign,
        StoreMessage.VolumeHeaderBad => Refusal.DamagedVolume,
        StoreMessage.FormatDiffers => Refusal.UnknownFormat,
        StoreMessage.ProtocolDiffers => Refusal.OtherProtocol,
        StoreMessage.VolumeTruncated => Refusal.DiskTooSmall,
        StoreMessage.GeometryBad => Refusal.ImpossibleGeometry,
        StoreMessage.NoCheckpoint => Refusal.NoCheckpoint,
        StoreMessage.MigrationBegun => Refusal.NewerMigrationBegun,
        StoreMessage.MarksBad => Refusal.NothingShowsNewest,
        StoreMessage.GenerationBad => Refusal.DamagedGeneration,
        StoreMessage.LesserProcessor => Refusal.LesserProcessor,
        StoreMessage.MirrorUnfinished => Refusal.UnfinishedCopy,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "no property of the volume"),
    };
}
