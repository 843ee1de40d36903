// MirrorPlugRun: pulls the plug of a machine with two disks, and the disks as well.
//
//   for each pull:  boot both disks, one that is stale among them, or one alone that holds everything: is the state one
//                   that the pull before allows?
//                   work; at times pull a disk in the middle of a checkpoint, and put it back later, or not
//                   pull the plug in the phase whose turn it is
//   at the end:     boot both, and wait until they are in step; then boot each alone
//
// Which disks hold everything is what the kernel says on the console. A disk is pulled only while the other one does;
// one that was pulled and is not yet missed does not count. It may never be missed: when it is there again before
// anything is written, or was behind anyway.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Eros.Build.Qemu;
using Eros.Build.Volume;
using Eros.Persistence.Layout;

namespace Eros.Build.Plug;

/// <summary>A run of pulls with a mirror.</summary>
public sealed partial class MirrorPlugRun : PullingRun
{
    private const int Disks = MirrorRecord.Members;
    private const int PullPercent = 50;
    private const int PutBackPercent = 60;
    private const int WaitPercent = 30;
    private const int BootWithOnePercent = 30;
    private const int LongestDelayMicroseconds = 60_000;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly string[] _files;
    private readonly string[] _sockets;
    private readonly DiskServer?[] _servers = new DiskServer?[Disks];

    // By disk: it was pulled and not put back; it was pulled, and the kernel has not said so yet.
    private readonly bool[] _isOut = new bool[Disks];
    private readonly bool[] _isUnsure = new bool[Disks];
    private bool[] _isWhole = [true, true];
    private Expectation? _expected;
    private BootedMachine? _booted;

    // How much of the console has been listened to, and the marks that there were when a disk was put back.
    private int _heard;
    private int _marks;

    public MirrorPlugRun(PlugOptions options)
        : base(options)
    {
        _files = [.. Enumerable.Range(0, Disks).Select(disk => Path.Combine(options.Folder, $"mirror{disk + 1}.img"))];
        _sockets = [.. Enumerable.Range(0, Disks).Select(disk => Path.Combine(options.Folder, $"disk{disk + 1}"))];
    }

    private protected override IEnumerable<string> Files => _files;

    private protected override void End()
    {
        Try("both disks, at the end", BringInStep);
        for (int disk = 0; disk < Disks && _isWhole.All(one => one); disk++)
        {
            int alone = disk;
            Try($"disk {disk + 1} alone, at the end", () => Boot([alone], out _).Dispose());
        }

        Unplug();
    }

    private protected override void PullOnce(MachineMark phase)
    {
        PulledPlug? pulled = null;
        int[] disks = ChooseDisks();
        string what = disks.Length == 1 ? $"disk {disks[0] + 1} alone" : $"both disks, whole {Whole()}";
        Try(what, () =>
        {
            Look(_files[disks.First(disk => _isWhole[disk])]);
            using BootedMachine booted = Boot(disks, out Expectation found);
            _booted = booted;
            pulled = PulledPlug.Pull(booted, found, phase, log: null, Random, Disturb);
            Listen();
            Report.DisksInStepAgain += InStep().Count(booted.Machine.Output);
            if (booted.Complaint is { } complaint)
            {
                throw new MachineException(complaint);
            }
        });
        _booted = null;
        if (pulled is null)
        {
            Renew();
            return;
        }

        for (int disk = 0; disk < Disks; disk++)
        {
            _isWhole[disk] &= !_isUnsure[disk];
        }

        _expected = pulled.Expected;
        Report.Pulled(pulled.Phase);
    }

    private string Whole() => string.Join(" and ", Enumerable.Range(0, Disks).Where(disk => _isWhole[disk])
        .Select(disk => $"{disk + 1}"));

    /// <summary>Both, or one that holds everything.</summary>
    private int[] ChooseDisks()
    {
        if (Random.Next(100) >= BootWithOnePercent)
        {
            return [0, 1];
        }

        int[] whole = [.. Enumerable.Range(0, Disks).Where(disk => _isWhole[disk])];
        return [whole[Random.Next(whole.Length)]];
    }

    private BootedMachine Boot(int[] disks, out Expectation found)
    {
        Unplug();
        Drive[] drives = [.. disks.Select(disk =>
        {
            _servers[disk] = new DiskServer(_files[disk], _sockets[disk]);
            return Drive.Served(_sockets[disk]);
        })];
        if (disks.Length == Disks && IsPair())
        {
            Array.Fill(_isWhole, true);
        }

        bool hasStale = disks.Any(disk => !_isWhole[disk]);
        Report.BootsWithOne += disks.Length == 1 ? 1 : 0;
        Report.BootsWithStale += hasStale ? 1 : 0;
        for (int disk = 0; disk < Disks; disk++)
        {
            _isWhole[disk] &= disks.Contains(disk);
            _isOut[disk] = false;
            _isUnsure[disk] = false;
        }

        _heard = 0;
        _marks = 0;
        BootedMachine booted = BootedMachine.Boot(
            Options, drives[0], secondDisk: drives.Length == 1 ? null : drives[1]);
        return Examine(booted, _expected, out found);
    }

    /// <summary>True when the disks say that they are in step: so one that was pulled was never missed, and the kernel
    /// will say nothing of it.</summary>
    private bool IsPair()
    {
        MirrorReport?[] records = [.. _files.Select(file =>
            VolumeFile.ReadHeader(file) is { } header ? MirrorFile.Read(file, header) : null)];
        return records.All(record => record?.InStep == MirrorRecord.Both && record.Events == records[0]!.Events);
    }

    /// <summary>Puts a disk back that is out, or begins to pull one.</summary>
    private void Disturb()
    {
        Listen();
        int disk = Random.Next(Disks);
        if (_servers[disk] is not { } server)
        {
            return;
        }

        if (!server.IsThere)
        {
            PutBack(disk, server);
        }
        else if (IsSound(disk ^ 1) && Random.Next(100) < PullPercent)
        {
            Report.DisksPulled++;
            _isOut[disk] = true;
            _isUnsure[disk] = true;
            var delay = TimeSpan.FromMicroseconds(Random.Next(LongestDelayMicroseconds));
            new Thread(() => PullAfter(server, delay)) { Name = "puller of a disk" }.Start();
        }
    }

    private void PutBack(int disk, DiskServer server)
    {
        if (Random.Next(100) >= PutBackPercent)
        {
            return;
        }

        server.PlugIn();
        _isOut[disk] = false;
        _marks = _booted!.Port.Marks.Count;
        if (Random.Next(100) < WaitPercent)
        {
            WaitUntilInStep();
        }
    }

    private static void PullAfter(DiskServer server, TimeSpan delay)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < delay)
        {
            Thread.Yield();
        }

        server.Pull();
    }

    private bool IsSound(int disk) => _isWhole[disk] && !_isUnsure[disk] && _servers[disk] is { IsThere: true };

    private void WaitUntilInStep()
    {
        long start = Stopwatch.GetTimestamp();
        for (Listen(); !_isWhole.All(one => one) || _isUnsure.Any(one => one); Listen())
        {
            if (Stopwatch.GetElapsedTime(start) > _patience)
            {
                throw new MachineException("A disk is there again, and is not in step after two minutes.");
            }

            // The machine goes on meanwhile; this changes nothing that is judged. What it has said of the disks before
            // is on the console then.
            bool isSaved = IsSavedSincePutBack();
            _booted!.Witnesses.Spin();
            if (isSaved)
            {
                Listen();
                Array.Clear(_isUnsure);
            }
        }
    }

    /// <summary>True when a whole checkpoint was made with all disks: whoever was not missed in it was not missed.
    /// </summary>
    private bool IsSavedSincePutBack()
    {
        List<MachineMark> marks = [.. _booted!.Port.Marks.Skip(_marks)];
        int snapshot = marks.IndexOf(MachineMark.Snapshot);
        return snapshot >= 0 && marks.IndexOf(MachineMark.Migrate, snapshot) >= 0;
    }

    /// <summary>Takes what the kernel has said of the disks. That one is in step, and is out, was said before it was
    /// pulled.</summary>
    private void Listen()
    {
        foreach (Match line in Changes().Matches(_booted!.Machine.Output, _heard))
        {
            _heard = line.Index + line.Length;
            bool isBack = line.Groups["back"].Success;
            int disk = line.Groups[isBack ? "back" : "lost"].Value[0] - '1';
            _isWhole[disk] = isBack;
            _isUnsure[disk] &= isBack && _isOut[disk];
        }
    }

    private void BringInStep()
    {
        using BootedMachine booted = Boot([0, 1], out _);
        _booted = booted;
        WaitUntilInStep();
        _expected = null;
        booted.Witnesses.Checkpoint(TimeSpan.Zero);
    }

    private protected override void Renew()
    {
        Unplug();
        VolumeHeader header = VolumeFile.ReadHeader(Options.Pristine)
            ?? throw new MachineException($"{Options.Pristine} is no volume.");
        for (int disk = 0; disk < Disks; disk++)
        {
            DiskFile.CopySparse(Options.Pristine, _files[disk]);
            MirrorFile.Join(_files[disk], header, events: 1, (uint)disk);
        }

        _isWhole = [true, true];
        _expected = null;
    }

    private void Unplug()
    {
        for (int disk = 0; disk < Disks; disk++)
        {
            _servers[disk]?.Dispose();
            _servers[disk] = null;
        }
    }

    [GeneratedRegex("disk (?<lost>[12]) of the mirror is lost|disk (?<back>[12]) is in step again")]
    private static partial Regex Changes();

    [GeneratedRegex("is in step again")]
    private static partial Regex InStep();
}
