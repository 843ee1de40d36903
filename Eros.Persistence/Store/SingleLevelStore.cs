// SingleLevelStore: the store as the kernel sees it. Mount once, then a kernel thread calls Checkpoint and Migrate in
// turn, and another (the pager) Load.
//
//                Checkpoint: BeginSnapshot        Write (log, flush)        Commit (header, flush)
//   settled G -------------------------> snapshot -----------------> prepared --------------------> committed G+1
//       ^ ^                                 |                           ^  | error: try again            |
//       | |                                 | error: AbandonSnapshot    +--+                             |
//       | +---------------------------------+                                                            |
//       +---- Migrate: Secure; the oldest generations go home while the log is short of room ------------+
//
// While a generation is settled, Journal makes single pages durable.
//
// Migration lags: a generation stays in the log, and can be booted, until its room is needed. Once a header may be on
// the disk, the log of all that it lists is left alone, whatever the disk reports: the generation is then committed at
// the next try.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Checkpoint;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Migrate;
using Eros.Persistence.Recovery;

namespace Eros.Persistence.Store;

/// <summary>The single-level store over one disk.</summary>
public sealed partial class SingleLevelStore
{
    /// <summary>Frames of the snapshot that one step with the gate closed sees to.</summary>
    private const int Step = 64;

    private readonly MountedVolume _volume;
    private readonly BlockPort _port;
    private readonly BlockWriter _writer;
    private readonly LogReader _reader;
    private readonly LogDirectory _directory;
    private readonly HeaderSlots _slots;
    private readonly GenerationReader _generations;
    private readonly Stabiliser _stabiliser;
    private readonly Migrator _migrator;
    private readonly Loader _loader;
    private readonly Scrubber _scrubber;
    private readonly uint _protocol;
    private readonly ulong[] _processes = new ulong[StoreLimits.Processes];
    private int _processCount;
    private SnapshotFacts _facts;
    private bool _hasBuffers;
    private bool _isPrepared;
    private StorePhase _phase;

    /// <param name="memory">The machine's memory.</param>
    /// <param name="frames">The object cache, with its free frames.</param>
    /// <param name="gate">Closed around each step on the frame table.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="protocol">The protocol version that the volume's domains must have been made for.</param>
    /// <param name="processorFeatures">The features of this machine that saved register states rely on.</param>
    public SingleLevelStore(
        PhysicalMemory memory,
        FrameTable frames,
        Gate gate,
        StoreObserver observer,
        uint protocol,
        ulong processorFeatures)
    {
        _protocol = protocol;
        _facts.ProcessorFeatures = processorFeatures;
        _volume = new MountedVolume(memory, frames, gate, observer);
        _port = new BlockPort(_volume);
        _writer = new BlockWriter(_volume, StoreLimits.WriteTransfers);
        _reader = new LogReader(_volume, _port, StoreLimits.ReadTransfers);
        _directory = new LogDirectory(_volume);
        _slots = new HeaderSlots(_volume, _port);
        _generations = new GenerationReader(_volume, _port, _directory);
        _stabiliser = new Stabiliser(_volume, _directory, _writer);
        _loader = new Loader(_volume, _directory);
        Loader writers = new(_volume, _directory);
        _scrubber = new Scrubber(_volume, writers);
        _migrator = new Migrator(_volume, _directory, _reader, _writer, writers);
    }

    /// <summary>Where things are on the mounted volume.</summary>
    public VolumeGeometry Geometry => _volume.Geometry;

    /// <summary>The newest generation on the disk.</summary>
    public ulong CommittedGeneration => _directory.Newest;

    /// <summary>The generation that will save what is done now.</summary>
    public ulong WorkingGeneration { get; private set; }

    /// <summary>The newest generation that is wholly at home; those after it are in the log.</summary>
    public ulong MigratedGeneration => _directory.Oldest - 1;

    /// <summary>Generations that stay in the log, at most. Fewer than a header can list.</summary>
    public ulong MostKept { get; set; } = CheckpointHeader.MaxUnmigrated - 1;

    /// <summary>True when <see cref="Migrate"/> has something to do.</summary>
    public bool NeedsMigration { get; private set; } = true;

    /// <summary>The OIDs of the processes that the mount found in the list.</summary>
    public ReadOnlySpan<ulong> RecoveredProcesses => new(_processes, 0, _processCount);

    /// <summary>
    /// Frames of memory that the store takes for itself at the first mount, its directory not counted.
    /// </summary>
    public int FramesNeeded =>
        _writer.FramesNeeded + _reader.FramesNeeded + HeaderSlots.FramesNeeded + Scrubber.FramesNeeded;

    /// <summary>
    /// Finds the generation to come back to. Writes nothing. May be called again with another disk after a refusal, but
    /// not for want of memory: objects of this one may be in the table then. Kernel threads only.
    /// </summary>
    public RecoveryResult Mount(Disk disk)
    {
        RecoveryResult result = default;
        _volume.Use(disk);
        result.Refusal = TakeBuffers(ref result);
        if (result.Refusal == StoreMessage.None)
        {
            uint scratch = _writer.Reserve();
            result.Refusal = new VolumeProbe(_volume, _port, scratch).Run(_protocol, ref result);
            if (result.Refusal == StoreMessage.None)
            {
                result.Refusal = Recover(scratch, ref result);
            }
        }

        return result;
    }

    /// <summary>Has the disk do what it has to between writes. Kernel threads only, the one that makes
    /// checkpoints.</summary>
    public void Tend() => _volume.Disk!.Tend();

    /// <summary>
    /// Brings a frame into memory. Ok: resident. NoObject, NoMemory, DiskError, BadBlock: it is not. Kernel threads
    /// only, one at a time.
    /// </summary>
    public Outcome Load(ulong frame)
    {
        Outcome outcome = _loader.Load(frame);
        _volume.Observer.Loaded(frame, outcome);
        return outcome;
    }

    /// <summary>
    /// Looks whether some more home blocks are what they should be: a <see cref="Scrubber.Step"/>. Kernel threads only,
    /// the one that makes checkpoints.
    /// </summary>
    public uint Scrub() => _scrubber.Step();

    /// <summary>
    /// Saves all that is dirty and the process list as one generation. Ok: it is on the disk, whatever happens.
    /// DiskError: it is not known to be, and all goes on; to be tried again. Kernel threads only. Migrates first where
    /// <see cref="NeedsMigration"/>.
    /// </summary>
    public Outcome Checkpoint()
    {
        Outcome outcome = Migrate();
        _isSettled = false;
        outcome = outcome != Outcome.Ok || _isPrepared ? outcome : Prepare();
        if (outcome == Outcome.Ok)
        {
            Enter(StorePhase.Commit);
            outcome = _slots.Commit();
        }

        if (outcome == Outcome.Ok)
        {
            Enter(StorePhase.Migrate);
            FinishCommit();
            _slots.WriteMissingCopies();
        }
        else
        {
            _volume.Report(StoreMessage.CheckpointFailed, CommittedGeneration + 1, CommittedGeneration);
            Enter(StorePhase.Idle);
        }

        return outcome;
    }

    /// <summary>
    /// Settles the committed generation: nothing older is ever mounted again, and the log has room for the next one,
    /// for which the oldest are copied to their home frames. Ok also when that was done already. DiskError: to be tried
    /// again; until then there is no checkpoint. Kernel threads only.
    /// </summary>
    public Outcome Migrate()
    {
        if (!NeedsMigration)
        {
            return Outcome.Ok;
        }

        Enter(StorePhase.Migrate);
        Outcome outcome;
        bool isShort;
        do
        {
            isShort = IsLogShort;
            outcome = _slots.Secure(isShort ? _directory.Oldest : 0);
            outcome = outcome == Outcome.Ok ? _slots.EraseDoubtful() : outcome;
            outcome = outcome == Outcome.Ok && isShort ? _migrator.Run() : outcome;
            if (outcome == Outcome.Ok && isShort)
            {
                _volume.CloseGate();
                _directory.Release();
                _volume.OpenGate();
            }
        }
        while (outcome == Outcome.Ok && isShort);

        if (outcome == Outcome.Ok)
        {
            _volume.CloseGate();
            NeedsMigration = false;
            _isSettled = !_isDoubtful;
            _volume.Observer.Settled(CommittedGeneration);
            _volume.OpenGate();
        }
        else
        {
            _volume.Report(StoreMessage.MigrationFailed, CommittedGeneration);
        }

        Enter(StorePhase.Idle);
        return outcome;
    }

    /// <summary>
    /// True when a generation must go home before the next one is written: the next header lists no more than leaves
    /// room for one beside it, in the log, in its own list and in memory.
    /// </summary>
    private bool IsLogShort => _directory.Kept != 0
        && (_directory.Kept > MostKept
            || _stabiliser.Used > _volume.Geometry.LogBlocks - (2 * _volume.Geometry.GenerationBlocks)
            || !_directory.HasRoom);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Enter(StorePhase phase)
    {
        if (_phase != phase)
        {
            _phase = phase;
            _volume.Observer.Phase(phase);
        }
    }

    private StoreMessage TakeBuffers(ref RecoveryResult result)
    {
        if (!_hasBuffers)
        {
            (result.First, result.Second) = ((ulong)FramesNeeded, (ulong)_volume.Frames.FreeFrames);
            if (FramesNeeded > _volume.Frames.FreeFrames)
            {
                return StoreMessage.TooLittleMemory;
            }

            _writer.Open();
            _reader.Open();
            _slots.Open();
            _scrubber.Open();
            _hasBuffers = true;
        }

        return StoreMessage.None;
    }

    /// <summary>The recovery, on a volume that has been described.</summary>
    private StoreMessage Recover(uint scratch, ref RecoveryResult result)
    {
        uint claimLimit = ClaimLimit(_volume.Geometry.GenerationBlocks);
        int blocks = RingBlocks(_volume.Geometry.MostGenerationBlocks);
        (result.First, result.Second) = ((ulong)blocks, (ulong)_volume.Frames.FreeFrames);
        if (!_directory.Open(blocks))
        {
            return StoreMessage.TooLittleMemory;
        }

        HeaderScan scan = new(_volume, _port, scratch);
        scan.Run();
        StoreMessage refusal = Choose(in scan, scratch, ref result);
        if (refusal != StoreMessage.None)
        {
            return refusal;
        }

        ref CheckpointHeader header = ref _slots.Header;
        result.First = header.ProcessorFeatures & ~_facts.ProcessorFeatures;
        if (result.First != 0)
        {
            return StoreMessage.LesserProcessor;
        }

        _facts.BootEpoch = header.BootEpoch + 1;
        result.Generation = header.Header.Generation;
        result.TimeNs = header.TimeNs;
        result.BootEpoch = _facts.BootEpoch;
        WorkingGeneration = result.Generation + 1;
        NeedsMigration = true;
        _processCount = _generations.ProcessCount;
        _isPrepared = false;
        _stabiliser.Resume(header.LogEnd);
        _slots.Adopt(scan.CopiesOf(result.Generation), scan.DoubtfulCopies(result.Generation), scan.Home);
        uint room = (uint)((ulong)_volume.Frames.FreeFrames * StoreLimits.DirtyPercent / 100);
        _volume.Frames.Open(_volume.Geometry.HomeFrames, claimLimit < room ? claimLimit : room);
        _volume.Frames.ProcessFrames = (int)header.ProcessFrames;
        _volume.Frames.PinnedFrames = header.PinnedFrames;
        _isSettled = false;
        result.First = VolumeGeometry.JournalRecords;
        bool isRedone = Redo(scratch);
        _volume.Frames.HasTags = isRedone;
        return isRedone ? StoreMessage.None : StoreMessage.TooLittleMemory;
    }

    /// <summary>Finds the generation by the decision table, and reads it; its header is then in the slots.</summary>
    private StoreMessage Choose(in HeaderScan scan, uint scratch, ref RecoveryResult result)
    {
        ulong newest = scan.Newest;
        (result.First, result.Second) = (scan.Mark, newest);
        RecoveryAction action = RecoveryTable.Decide(scan.HasHeader, scan.Other, scan.MarkRelation);
        switch (action)
        {
            case RecoveryAction.RefuseNoCheckpoint:
                return StoreMessage.NoCheckpoint;
            case RecoveryAction.RefuseMigrationBegun:
                return StoreMessage.MigrationBegun;
            case RecoveryAction.RefuseMarksBad:
                result.First = newest;
                return StoreMessage.MarksBad;
        }

        if (Read(newest, in scan, scratch))
        {
            return StoreMessage.None;
        }

        result.First = newest;
        if (action == RecoveryAction.MountOrPrevious && Read(newest - 1, in scan, scratch))
        {
            _volume.Report(StoreMessage.OlderGeneration, newest, newest - 1);
            return StoreMessage.None;
        }

        return StoreMessage.GenerationBad;
    }

    private bool Read(ulong generation, in HeaderScan scan, uint scratch) =>
        _generations.ReadHeader(generation, scan.CopiesOf(generation), _slots.Pfn)
        && _generations.ReadContents(_slots.Header, _processes, scratch, _slots.Scratch);

    /// <summary>Snapshot and log. On failure everything is dirty as before.</summary>
    private Outcome Prepare()
    {
        TakeSnapshot();
        Enter(StorePhase.Stabilise);
        ulong generation = CommittedGeneration + 1;
        ReadOnlySpan<ulong> processes = new(_processes, 0, _processCount);
        Outcome outcome = _stabiliser.Write(generation, processes, _facts);
        if (outcome != Outcome.Ok)
        {
            _volume.CloseGate();
            for (int next = 0; (next = _volume.Frames.AbandonSnapshot(next, Step)) != FrameTable.None;)
            {
                _volume.OpenGate();
                _volume.CloseGate();
            }

            // What could not be written takes room in the log, too. Tags may be those of the snapshot: a page that only
            // they know must not be journalled.
            NeedsMigration = true;
            _isDoubtful = true;
            WorkingGeneration = generation;
            _volume.OpenGate();
            return outcome;
        }

        _slots.Begin(generation);
        ref CheckpointHeader header = ref _slots.Header;
        header.TimeNs = _facts.TimeNs;
        header.ProcessFrames = _facts.ProcessFrames;
        header.PinnedFrames = _facts.PinnedFrames;
        header.BootEpoch = _facts.BootEpoch;
        header.ProcessorFeatures = _facts.ProcessorFeatures;
        header.MigratedGeneration = MigratedGeneration;
        header.LogEnd = _stabiliser.Position;
        uint count = 0;
        for (ulong listed = _directory.Oldest; listed <= generation; listed++)
        {
            ref UnmigratedGeneration entry = ref header.Unmigrated[(int)count++];
            entry.Generation = listed;
            entry.Position = _directory[listed].HeaderPosition;
        }

        header.UnmigratedCount = count;
        _isPrepared = true;
        return Outcome.Ok;
    }

    /// <summary>The instant: everything stops, and goes on when this returns.</summary>
    private void TakeSnapshot()
    {
        _volume.CloseGate();
        Enter(StorePhase.Snapshot);
        _volume.Frames.BeginSnapshot();
        _processCount = _volume.Observer.CollectProcesses(_processes);
        _facts.TimeNs = _volume.Observer.TimeNs();
        _facts.ProcessFrames = (uint)_volume.Frames.ProcessFrames;
        _facts.PinnedFrames = _volume.Frames.PinnedFrames;
        WorkingGeneration = CommittedGeneration + 2;
        _volume.OpenGate();
    }

    /// <summary>
    /// The header is on the disk: the snapshot's claims end, and the log of what it does not list may be written over.
    /// The directory comes first: a frame that has left the snapshot may leave memory, and is then read from the log.
    /// </summary>
    private void FinishCommit()
    {
        _volume.CloseGate();
        _directory.Publish();
        for (int next = 0; (next = _volume.Frames.EndSnapshot(next, Step)) != FrameTable.None;)
        {
            _volume.OpenGate();
            _volume.CloseGate();
        }

        _isPrepared = false;
        _stabiliser.Keep();
        NeedsMigration = true;
        _nextRecord = 0;
        _isDoubtful = false;
        _volume.Frames.TakeStarved();
        _volume.Observer.Committed(CommittedGeneration);
        _volume.Observer.SpaceFreed();
        _volume.OpenGate();
    }

    /// <summary>
    /// The most frames and tag blocks that fit a generation of so many blocks with its lists and headers.
    /// </summary>
    private static uint ClaimLimit(ulong blocks)
    {
        const ulong Copies = VolumeGeometry.Copies;
        const ulong ListBlocks = (StoreLimits.Processes + ProcessListBlock.OidCount - 1) / ProcessListBlock.OidCount;
        ulong room = blocks - (Copies * (ListBlocks + 1)) - Copies;
        return AtMost(room * DirectoryBlock.EntryCount / (DirectoryBlock.EntryCount + Copies));
    }

    /// <summary>
    /// Blocks in memory for the directories of the generations in the log and of the next one, when the largest has so
    /// many blocks.
    /// </summary>
    private static int RingBlocks(ulong blocks) =>
        (2 * LogDirectory.BlocksFor((int)AtMost(blocks))) + CheckpointHeader.MaxUnmigrated;

    private static uint AtMost(ulong frames) =>
        frames < StoreLimits.GenerationFrames ? (uint)frames : StoreLimits.GenerationFrames;
}
