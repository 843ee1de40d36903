// PressureRun: one seed. Domains on a machine with a real pager and checkpointer use some four times the memory that it
// has for objects, with a log that is as short; the disk takes its time. They read, write, and send strings of many
// pages to each other. Nobody may ever wait without end, all that is read must be right, and what is on the disk in the
// end must be what they have written.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Eros.Build.Volume;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Mirror;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;

namespace Eros.Tests.Fuzz.Pressure;

/// <summary>Makes runs, one after another, in memory that it keeps.</summary>
internal sealed class PressureRun(PressureStatistics statistics) : ISeededRun
{
    private const int AmpleFrames = 1500;

    /// <summary>What the store's buffers take.</summary>
    private const int StoreFrames = 390;
    private const int StoreAndMessageFrames = StoreFrames + 110;
    private const int MostMoreFrames = 60;

    /// <summary>Two spaces' page tables: they are not given back where memory is short.</summary>
    private const int FramesOfPair = 10;

    /// <summary>A third of it, a generation, has room for all that two messages dirty.</summary>
    private const int LeastLogBlocks = 288;
    private const int MostStringPages = 16;

    /// <summary>Pages that are pinned: about as many as may be, or so many more that none stays.</summary>
    private const int FewPinnedPercent = 1;
    private const int ManyPinnedPercent = 30;
    private const int ActionsOfEach = 40;
    private const int LeastPriority = 4;
    private const int WordBytes = sizeof(ulong);
    private const ulong ActionNs = 5_000;
    private const ulong IdleNs = 500_000;

    /// <summary>So long nothing may come to an end, in simulated time: a failed checkpoint is tried again after 10 s.
    /// </summary>
    private const int MostIdle = 60_000;

    /// <summary>So many entries to the kernel may be made without anything coming to an end.</summary>
    private const int MostEntries = 20_000;

    private readonly HostMemory _host = new(AmpleFrames + 1 + (int)MirroredDisk.FramesOfOne);
    private SeededRandom _random = new(0);
    private ThreadedMachine _machine = null!;
    private Dictionary<ulong, Player> _players = [];
    private bool _computes;
    private int _idle;
    private int _entries;

    private Eros.Kernel.Kernel Kernel => _machine.Kernel;

    public void Dispose() => _host.Dispose();

    /// <summary>One run; null, or what went wrong.</summary>
    public string? Run(ulong seed)
    {
        _random = new SeededRandom(seed);
        statistics.Runs++;
        int logBlocks = LeastLogBlocks + _random.Below(_random.Chance(50) ? 150 : 1500);
        var image = new LayeredImage(PressureVolume.Blocks(logBlocks), below: null);
        var gate = new CrashGate();
        var disk = new CrashDisk(image, _host.Memory, gate);
        int pairs = 2 + _random.Below(7);
        bool hasEndless = _random.Chance(50);

        // The last two to be made are the endless one and a server that it never calls.
        int left = hasEndless ? (2 * pairs) - 2 : int.MaxValue;
        _computes = _random.Chance(50);
        var pins = new SeededRandom(~seed);
        int pinned = pins.Chance(30) ? 0 : pins.Chance(70) ? FewPinnedPercent : ManyPinnedPercent;
        try
        {
            using var volume = new PressureVolume(_host, AmpleFrames, gate, disk);
            List<Player> players = volume.Make(
                logBlocks, pairs, () => 18 + _random.Below(13), () => Priority(ref left), () => pins.Chance(pinned));
            players[^1].IsEndless = hasEndless;
            _players = players.ToDictionary(player => player.Frame);
            disk.Settle();
            gate.Reset();
            string? error = Live(disk, volume.Pinned);
            disk.Cut(image, CutPattern.DropAll);
            disk.Attach(image);
            return error ?? volume.Compare(players);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"{failure.GetType().Name}: {failure.Message} {failure.InnerException?.Message}";
        }
    }

    /// <summary>Who is endless is less urgent than others, or as urgent.</summary>
    private int Priority(ref int left) => left-- > 0 ? _random.Below(8) + LeastPriority : LeastPriority;

    private string? Live(CrashDisk disk, HashSet<ulong> pinned)
    {
        SlowDisk slow = null!;
        int frames = StoreAndMessageFrames + (FramesOfPair * _players.Count / 2) + _random.Below(MostMoreFrames);
        using (_machine = new ThreadedMachine(
            _host,
            frames,
            machine => slow = new SlowDisk(disk, machine, _random),
            PressureVolume.Protocol,
            AmpleFrames + 1))
        {
            bool isShortOfMemory = false;
            bool isOutOfLog = false;
            string? error = null;
            _idle = 0;
            _entries = 0;
            while (error == null && _players.Values.Any(player => player.IsAwaited))
            {
                error = Step();
                isShortOfMemory |= Kernel.Frames.FreeFrames <= StoreLimits.LowFrames;
                isOutOfLog |= Kernel.Frames.ClaimLimit != 0 && Kernel.Frames.Claimed + 1 >= Kernel.Frames.ClaimLimit;
            }

            error ??= Save() ?? CheckLoads(pinned);
            statistics.Transfers += slow.Transfers;
            statistics.Checkpoints += (long)_machine.Counters.Values.Checkpoints;
            statistics.RunsShortOfMemory += isShortOfMemory ? 1 : 0;
            statistics.RunsOutOfLog += isOutOfLog ? 1 : 0;
            return error;
        }
    }

    /// <summary>Whoever is on the processor does something; if nobody is, time passes.</summary>
    private string? Step()
    {
        int process = ProcessControl.Current(Kernel);
        if (process == ProcessControl.Nobody)
        {
            bool isShort = Kernel.Stalls.MostUrgent(StallReason.Space, StallReason.Space) != ActivityTable.None;
            statistics.WaitsForRoom += isShort ? 1 : 0;
            _machine.Processor.Compute(IdleNs);
            return ++_idle < MostIdle ? null : $"nobody goes on: {Waits()}";
        }

        Act(_players[Kernel.Frames[process].Frame], ref Kernel.Objects.Process(process));
        _machine.Processor.Compute(ActionNs);
        return _entries < MostEntries ? null : $"nobody gets on: {Waits()}";
    }

    private void Act(Player player, ref ProcessFrame frame)
    {
        if (player.IsInvoking && frame.Rip != SimulatedDomain.Code)
        {
            frame.Rip = SimulatedDomain.Code;
            Enter(Kernel.SystemCall);
        }
        else if (player.IsInvoking)
        {
            player.IsInvoking = false;
            Done(player);
            Player other = player.Server ?? player.Client!;
            player.Receive(other, (int)(frame.R12 - SimulatedDomain.Window), (int)(frame.R10 >> 32));
            player.AccessesLeft = _random.Below(6);
        }
        else if (player.Access is { } access)
        {
            Touch(player, access.At, access.IsWrite, access.Value);
        }
        else if (player.IsEndless && _computes && player.Actions > 0)
        {
            _entries++;
            _machine.Processor.Compute(IdleNs);
        }
        else if (player.AccessesLeft > 0 || player.IsEndless)
        {
            player.AccessesLeft--;
            int at = _random.Below(player.Memory.Length / WordBytes) * WordBytes;
            player.Access = (at, _random.Chance(80), _random.Next());
        }
        else
        {
            Invoke(player, ref frame);
        }
    }

    private void Touch(Player player, int at, bool isWrite, ulong value)
    {
        ulong address = SimulatedDomain.Window + (ulong)at;
        if (_machine.Mmu.Access(address, isWrite, isFetch: false) is not { } there)
        {
            Enter(() => Kernel.PageFault(address, isWrite ? Access.Write : Access.Read));
            return;
        }

        Span<byte> word = Kernel.Memory.Bytes(there.Pfn).Slice(at % PhysicalMemory.FrameBytes, WordBytes);
        Span<byte> expected = player.Memory.AsSpan(at, WordBytes);
        if (!word.SequenceEqual(expected))
        {
            throw new DifferenceException($"process {player.Frame} reads something else at {address:x}");
        }

        if (isWrite)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, value);
            BinaryPrimitives.WriteUInt64LittleEndian(expected, value);
        }

        player.Access = null;
        Done(player);
    }

    /// <summary>A client calls its server, a server answers, each with a string. Now and then a checkpoint is asked
    /// for.</summary>
    private void Invoke(Player player, ref ProcessFrame frame)
    {
        bool isClient = player.Server != null;
        if (isClient && player.Actions >= ActionsOfEach)
        {
            // It waits for anybody, and nobody knows it.
            player.IsOver = true;
            frame.Rax = new InvocationWord(InvocationKind.Return, 0, 0, 0).Value;
            Enter(Kernel.SystemCall);
            return;
        }

        frame.Rax = isClient
            ? new InvocationWord(InvocationKind.Call, PressureVolume.ServerRegister, 0, 0).Value
            : new InvocationWord(
                InvocationKind.Return, PressureVolume.ReplyRegister, 0, PressureVolume.Receive).Value;
        (int At, int Length) sent = Stretch(player);
        (int At, int Length) room = Stretch(player);
        frame.R9 = SimulatedDomain.Window + (ulong)sent.At;
        frame.R10 = (uint)sent.Length | ((ulong)room.Length << 32);
        frame.R12 = SimulatedDomain.Window + (ulong)room.At;
        player.Sent = sent;
        player.IsInvoking = true;
        if (_random.Chance(10))
        {
            Kernel.Services.AskCheckpoint();
        }

        Enter(Kernel.SystemCall);
    }

    private (int At, int Length) Stretch(Player player)
    {
        int length = _random.Below(MostStringPages * PhysicalMemory.FrameBytes);
        length = Math.Min(length, player.Memory.Length);
        return (_random.Below(player.Memory.Length - length + 1), length);
    }

    private void Done(Player player)
    {
        player.Actions++;
        statistics.Actions++;
        if (!player.IsEndless)
        {
            _idle = 0;
            _entries = 0;
        }
    }

    private void Enter(Action work)
    {
        _entries++;
        _machine.Processor.Enter(work);
    }

    /// <summary>All that was done is on the disk after this.</summary>
    private string? Save()
    {
        ulong generation = 0;
        _machine.Processor.Enter(() => generation = Kernel.Checkpoints.Ask());
        for (int i = 0; Kernel.Checkpoints.Committed < generation; i++)
        {
            _machine.Processor.Compute(IdleNs);
            if (i == MostIdle)
            {
                return "the last checkpoint does not come to an end";
            }
        }

        return null;
    }

    /// <summary>What was pinned was loaded once at most, unless there was more of it than may be.</summary>
    private string? CheckLoads(HashSet<ulong> pinned)
    {
        bool isKept = Kernel.Frames.PinnedFrames <= Kernel.Frames.PinLimit;
        foreach ((ulong frame, int loads) in _machine.Events.Loads)
        {
            bool isPinned = pinned.Contains(frame);
            if (isPinned && isKept && loads > 1)
            {
                return $"page {frame} was loaded {loads} times, though it is pinned";
            }

            statistics.LoadsOfPinned += isPinned ? loads : 0;
            statistics.Loads += loads;
        }

        statistics.RunsPinned += isKept && pinned.Count > 0 ? 1 : 0;
        statistics.RunsOverpinned += isKept ? 0 : 1;
        return null;
    }

    private string Waits()
    {
        IEnumerable<string> reasons = Enumerable.Range(0, Eros.Kernel.Limits.Processes)
            .Where(i => Kernel.Activities[i].State != ActivityState.Free)
            .Select(i => $"{Kernel.Activities[i].Frame} {Kernel.Activities[i].State} {Kernel.Activities[i].Reason}");
        FrameTable frames = Kernel.Frames;
        return $"{frames.FreeFrames} frames free, {frames.Claimed} of {frames.ClaimLimit} claimed, "
            + $"{frames.PinnedFrames} of {frames.PinLimit} pinned; "
            + string.Join(", ", reasons);
    }
}
