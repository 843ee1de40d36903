// LogReplay: replays what a disk was told, and recovers what a power cut could have left of it: at every flush, at
// points between them, and with parts of what no flush had followed. Each of these disks is mounted by the kernel's own
// store, and read by the second reader, which must agree.
//
// What a disk comes back to is right when
//   the generation is the one that the flush before the cut came back to, or the next;
//   it is not older than a checkpoint that was acknowledged before;
//   the state of that generation, all tags of the volume with their checksums, is the same whenever it comes back;
//   every frame that it has in the log, and every process that ran, fits its tag;
//   the store reports nothing but copies of headers that were torn.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Eros.Build.Plug;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using Eros.Tests.Reading;

namespace Eros.Tests.Replay;

/// <summary>Replays one recording.</summary>
public sealed class LogReplay : IDisposable
{
    private const int BlockBytes = DiskView.BlockBytes;

    /// <summary>Physical frames: the store with a directory, and all objects of a first generation.</summary>
    private const int MachineFrames = 6000;

    private const int MostWrong = 10;

    /// <summary>One recovery in so many is brought home, and recovered again.</summary>
    private const int MigratedOneIn = 8;

    /// <summary>Where the volume header says which protocol its domains speak.</summary>
    private const int ProtocolAt = 28;

    private readonly BusyRecording _recording;
    private readonly ReplaySettings _settings;
    private readonly Func<string, string, string?> _examine;
    private readonly LayeredImage _flushed;
    private readonly LayeredImage _cut;
    private readonly SimulatedMachine _machine;
    private readonly uint _protocol;
    private readonly List<(int Block, byte[] Bytes)> _pending = [];
    private readonly Dictionary<ulong, ulong> _states = [];
    private readonly ReplayReport _report = new();
    private readonly ReplayPlan _plan;
    private readonly Random _random;
    private ulong _generation;
    private ulong _acknowledged;
    private TimeSpan _examining;

    /// <param name="recording">What was written, to what.</param>
    /// <param name="settings">How much is tried.</param>
    /// <param name="examine">Given files with a disk as a cut left it, and as it was when its generation had been
    /// brought home: boots the one, and verifies the other. Null, or what is wrong.</param>
    public LogReplay(BusyRecording recording, ReplaySettings settings, Func<string, string, string?> examine)
    {
        _recording = recording;
        _settings = settings;
        _random = new Random(settings.Seed);
        _examine = examine;
        byte[] before = File.ReadAllBytes(recording.Before);
        int blocks = before.Length / BlockBytes;
        _flushed = new LayeredImage(blocks, below: null);
        for (int block = 0; block < blocks; block++)
        {
            _flushed.Write(block, before.AsSpan(block * BlockBytes, BlockBytes));
        }

        _cut = new LayeredImage(blocks, _flushed);
        _protocol = BitConverter.ToUInt32(before, ProtocolAt);
        _machine = new SimulatedMachine(MachineFrames, _cut);
        _plan = Plan();
    }

    public void Dispose() => _machine.Dispose();

    /// <summary>Goes through the log once.</summary>
    public ReplayReport Run(Action<string> progress)
    {
        long start = Stopwatch.GetTimestamp();
        RecoverFlushed("the disk before all");
        using FileStream file = File.OpenRead(_recording.Log);
        int number = 0;
        foreach (WriteLogEntry entry in WriteLog.Entries(file))
        {
            Replay(entry, number++);
            if (_report.Wrong.Count >= MostWrong)
            {
                break;
            }

            if (number % 1000 == 0)
            {
                progress($"{number} of {_report.Entries} entries, {_report.Recoveries} recoveries");
            }
        }

        _report.Elapsed = Stopwatch.GetElapsedTime(start) - _examining;
        return _report;
    }

    private ReplayPlan Plan()
    {
        var writes = new List<int>();
        int flushes = 0;
        using FileStream file = File.OpenRead(_recording.Log);
        foreach (WriteLogEntry entry in WriteLog.Entries(file))
        {
            flushes += entry.Kind == WriteLogKind.Flush ? 1 : 0;
            if (entry.Kind == WriteLogKind.Write)
            {
                writes.Add(_report.Entries);
            }

            _report.Entries++;
        }

        _report.Commits = _recording.Commits.Count;
        return new ReplayPlan(_settings, writes, flushes + 1);
    }

    private void Replay(WriteLogEntry entry, int number)
    {
        if (entry.Kind == WriteLogKind.Flush)
        {
            Flush(entry);
            RecoverFlushed($"at the flush in entry {number}");
            return;
        }

        Take(entry);
        if (_plan.IsPrefix(number))
        {
            _report.Prefixes++;
            Recover($"cut after entry {number}", CutPattern.KeepAll);
        }

        for (int i = 0; i < _plan.Subsets(number); i++)
        {
            ulong seed = (ulong)_random.NextInt64();
            _report.Subsets++;
            _report.Unflushed += _pending.Count;
            Recover(
                $"part {i} of what was written up to entry {number}",
                CutPattern.Choose(new SeededRandom(seed), _pending.Count));
        }
    }

    /// <summary>A write becomes pending, block by block; a forced one is durable at once.</summary>
    private void Take(WriteLogEntry entry)
    {
        if (entry.Offset % BlockBytes != 0 || entry.Data.Length % BlockBytes != 0)
        {
            throw new InvalidDataException($"a write of {entry.Data.Length} bytes at {entry.Offset} is not of blocks");
        }

        for (int at = 0; at < entry.Data.Length; at += BlockBytes)
        {
            int block = (int)((entry.Offset + at) / BlockBytes);
            byte[] bytes = entry.Data[at..(at + BlockBytes)];
            if (entry.Forced)
            {
                _flushed.Write(block, bytes);
            }
            else
            {
                _pending.Add((block, bytes));
            }
        }
    }

    private void Flush(WriteLogEntry entry)
    {
        foreach ((int block, byte[] bytes) in _pending)
        {
            _flushed.Write(block, bytes);
        }

        _pending.Clear();
        foreach (Commit commit in _recording.Commits)
        {
            _acknowledged = commit.LogLength <= entry.LogEnd ? commit.Generation : _acknowledged;
        }
    }

    private void RecoverFlushed(string what)
    {
        _report.Flushes++;
        if (Recover(what, CutPattern.KeepAll) is ulong generation)
        {
            _generation = generation;
        }
    }

    /// <summary>The generation that a disk comes back to, with a part of what is pending; null when it is
    /// wrong.</summary>
    private ulong? Recover(string what, Func<int, int, bool> keeps)
    {
        int recovery = _report.Recoveries - 1;
        _cut.Clear();
        for (int i = 0; i < _pending.Count; i++)
        {
            Keep(i, keeps);
        }

        string? error;
        try
        {
            bool isBooted = _plan.IsBooted(recovery);
            bool isMigrated = isBooted || recovery % MigratedOneIn == 0;
            string? cut = isBooted ? Save("cut.img") : null;
            error = Check() ?? (isMigrated ? Migrate() : null) ?? (cut != null ? Examine(cut) : null);
        }
        catch (InvariantException failure)
        {
            error = failure.Message;
        }

        if (error == null)
        {
            return _machine.Store.CommittedGeneration;
        }

        _report.Wrong.Add($"{what}: {error}");
        return null;
    }

    private void Keep(int write, Func<int, int, bool> keeps)
    {
        (int block, byte[] bytes) = _pending[write];
        for (int sector = 0; sector < CutPattern.Sectors; sector++)
        {
            if (keeps(write, sector))
            {
                int at = sector * CrashDisk.SectorBytes;
                bytes.AsSpan(at, CrashDisk.SectorBytes).CopyTo(_cut.Writable(block)[at..]);
            }
        }
    }

    private string? Check()
    {
        RecoveryResult result = _machine.Boot(_cut, _protocol, features: ulong.MaxValue);
        VolumeReader reader = _machine.ReadAgain();
        string? error = ReaderComparison.CheckRoot(_machine.Store, _machine.Frames, result, reader);
        if (error != null || !result.IsMounted)
        {
            return error ?? $"refused: {result.Refusal} ({result.First}, {result.Second})";
        }

        bool isPossible = _report.Recoveries == 1 || result.Generation - _generation <= 1;
        if (!isPossible || result.Generation < _acknowledged)
        {
            return $"generation {result.Generation} came back; {_generation} was flushed, {_acknowledged} acknowledged";
        }

        ulong state = reader.Digest();
        if (!_states.TryAdd(result.Generation, state) && _states[result.Generation] != state)
        {
            return $"generation {result.Generation} came back as another state than before";
        }

        _report.Generations.Add(result.Generation);
        return CheckFrames(reader) ?? StateChecker.CheckReports(_machine);
    }

    private string? CheckFrames(VolumeReader reader)
    {
        foreach (ulong frame in reader.LoggedFrames)
        {
            if (CheckFrame(frame, reader) is { } error)
            {
                return error;
            }
        }

        foreach (ulong oid in reader.Processes)
        {
            if (CheckFrame(new Oid(oid).Frame, reader) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private string? CheckFrame(ulong frame, VolumeReader reader)
    {
        int entry = _machine.Entry(frame);
        _report.Frames++;
        return entry == FrameTable.None
            ? $"frame {frame} cannot be loaded"
            : ReaderComparison.CheckFrame(_machine.Frames, entry, frame, reader);
    }

    private string? Migrate()
    {
        _report.Migrated++;
        return _machine.Store.Migrate() != Outcome.Ok ? "it cannot be migrated" : Check();
    }

    private string Save(string name)
    {
        string path = Path.Combine(Path.GetDirectoryName(_recording.Log)!, name);
        using FileStream file = File.Create(path);
        file.SetLength((long)_cut.BlockCount * BlockBytes);
        for (int block = 0; block < _cut.BlockCount; block++)
        {
            ReadOnlySpan<byte> bytes = _cut.Read(block);
            if (bytes.ContainsAnyExcept((byte)0))
            {
                file.Position = (long)block * BlockBytes;
                file.Write(bytes);
            }
        }

        return path;
    }

    private string? Examine(string cut)
    {
        long start = Stopwatch.GetTimestamp();
        string? error = _examine(cut, Save("home.img"));
        _examining += Stopwatch.GetElapsedTime(start);
        _report.Booted++;
        return error;
    }
}
