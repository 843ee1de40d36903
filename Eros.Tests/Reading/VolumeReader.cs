// VolumeReader: a second implementation of recovery, written from docs/disk-format.md alone. It shares nothing with the
// store, not even its structures: where the two disagree about a volume, one of them or the document is wrong.
//
// A volume is read in these steps, each a type: VolumeSearch finds the volume header, GenerationChoice decides which
// generation is mounted, LoggedGeneration reads what of it is in the log, FrameReader gives the frames.

using System.Collections.Generic;
using System.Linq;

namespace Eros.Tests.Reading;

/// <summary>The machine that is to mount.</summary>
/// <param name="Protocol">Protocol version of its kernel.</param>
/// <param name="Features">Features that its processor has.</param>
public readonly record struct ReadingMachine(uint Protocol, ulong Features);

/// <summary>A volume as a restart finds it, or why it is refused.</summary>
public sealed class VolumeReader
{
    private readonly FrameReader? _frames;

    private VolumeReader(Refusal refusal) => Refusal = refusal;

    private VolumeReader(DiskView disk, VolumeMap map, CheckpointRoot root, List<LoggedGeneration> unmigrated)
    {
        Generation = root.Generation;
        TimeNs = root.TimeNs;
        BootEpoch = root.BootEpoch + 1;
        ProcessFrames = root.ProcessFrames;
        PinnedFrames = root.PinnedFrames;
        HomeFrames = map.HomeFrames;
        Processes = unmigrated.Count == 0 ? [] : unmigrated[^1].Processes;
        LoggedFrames = unmigrated.SelectMany(generation => generation.Frames.Keys).Distinct();
        _frames = new FrameReader(disk, map, unmigrated);
        _frames.ReplayJournal(root.Generation);
    }

    public Refusal Refusal { get; }

    public ulong Generation { get; }

    /// <summary>Time of the snapshot, nanoseconds since the volume was made.</summary>
    public ulong TimeNs { get; }

    /// <summary>The epoch of the boot that mounts.</summary>
    public ulong BootEpoch { get; }

    /// <summary>Home frames that hold processes, as the header counts them.</summary>
    public uint ProcessFrames { get; }

    /// <summary>Home frames that are pinned, as the header counts them.</summary>
    public uint PinnedFrames { get; }

    public ulong HomeFrames { get; }

    /// <summary>OIDs of the processes that ran.</summary>
    public IReadOnlyList<ulong> Processes { get; } = [];

    /// <summary>The frames whose newest image is in the log, or that the log says are null.</summary>
    public IEnumerable<ulong> LoggedFrames { get; } = [];

    /// <summary>
    /// Stands for the whole state of the generation: tells two volumes apart in which any frame has another kind,
    /// version or contents. Journalled pages are not in it.
    /// </summary>
    public ulong Digest() => _frames!.Digest();

    public static VolumeReader Open(DiskView disk, ReadingMachine machine)
    {
        Refusal refusal = VolumeSearch.Find(disk, machine.Protocol, out VolumeMap? map);
        if (refusal != Refusal.None)
        {
            return new VolumeReader(refusal);
        }

        var choice = new GenerationChoice(disk, map!);
        refusal = choice.Choose();
        if (refusal != Refusal.None)
        {
            return new VolumeReader(refusal);
        }

        return (choice.Root!.Features & ~machine.Features) != 0
            ? new VolumeReader(Refusal.LesserProcessor)
            : new VolumeReader(disk, map!, choice.Root, choice.Unmigrated!);
    }

    /// <summary>A home frame of a volume that is not refused.</summary>
    public FrameContents Read(ulong frame) => _frames!.Read(frame);
}
