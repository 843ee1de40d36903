using System;
using System.Collections.Generic;
using Eros.Build.Volume;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;
using SimulatedMachine = Eros.Tests.Fakes.SimulatedMachine;

namespace Eros.Tests.Fuzz.Pressure;

/// <summary>Makes a volume with domains on it, with memory enough; and looks at it in the end.</summary>
internal sealed class PressureVolume : IDisposable
{
    public const uint Protocol = 1;

    /// <summary>The register that has a client's start capability of its server.</summary>
    public const int ServerRegister = 20;

    /// <summary>The register in which a server gets the capability to answer to.</summary>
    public const int ReplyRegister = 14;

    private const int HomeFrames = 700;
    private const ulong Id = 11;

    /// <summary>Claims that one more object of a domain needs at most, with all that is changed for it.</summary>
    private const uint ClaimsOfOne = 10;

    private readonly HostMemory _host;
    private readonly int _frames;
    private readonly CrashGate _gate;
    private readonly CrashDisk _disk;
    private SimulatedMachine? _machine;

    /// <param name="host">Memory for <paramref name="frames"/>, beside frame 0.</param>
    public PressureVolume(HostMemory host, int frames, CrashGate gate, CrashDisk disk)
    {
        _host = host;
        _frames = frames;
        _gate = gate;
        _disk = disk;
    }

    /// <summary>What a server takes of a message.</summary>
    public static uint Receive => InvocationWord.Registers(0, 0, 0, ReplyRegister);

    /// <summary>The frames of pages that are pinned.</summary>
    public HashSet<ulong> Pinned { get; } = [];

    private SimulatedMachine Machine => _machine!;

    private SingleLevelStore Store => Machine.Store!;

    /// <summary>Blocks of a volume with that log.</summary>
    public static int Blocks(int logBlocks) => logBlocks + (int)VolumeGeometry.JournalBlocks + HomeFrames
        + (HomeFrames / TagBlock.FramesPerCluster) + 1 + (2 * VolumeGeometry.EndBlocks);

    public void Dispose() => _machine?.Dispose();

    /// <summary>Pairs of a client and a server, with that many pages each, some pinned, saved.</summary>
    public List<Player> Make(
        int logBlocks, int pairs, Func<int> pages, Func<int> priority, Func<bool> isPinned)
    {
        Format(logBlocks);
        Boot();
        var players = new List<Player>();
        for (int i = 0; i < pairs; i++)
        {
            Player server = MakePlayer(pages(), priority(), isPinned, null);
            players.Add(server);
            players.Add(MakePlayer(pages(), priority(), isPinned, server).Join());
        }

        Save();
        return players;
    }

    /// <summary>Null when the volume holds what the players' memories do; else where it differs.</summary>
    public string? Compare(IEnumerable<Player> players)
    {
        Boot();
        foreach (Player player in players)
        {
            for (int i = 0; i < player.Pages.Length; i++)
            {
                ulong frame = player.Pages[i].Oid.Frame;
                Demand(Store.Load(frame) == Outcome.Ok, $"page {frame} cannot be loaded");
                int at = i * PhysicalMemory.FrameBytes;
                Span<byte> bytes = Machine.Frames.Bytes(Machine.Frames.Find(frame));
                if (!bytes.SequenceEqual(player.Memory.AsSpan(at, PhysicalMemory.FrameBytes)))
                {
                    return $"page {i} of process {player.Frame} is not what it was at the checkpoint";
                }
            }
        }

        return null;
    }

    private void Boot()
    {
        _gate.Reset();
        _machine = new SimulatedMachine(_disk, _gate, Protocol, new SimulatedStoreEvents(), _frames, _host);
        Demand(_machine.Recovery.IsMounted, $"the volume is refused: {_machine.Recovery.Refusal}");
    }

    private void Format(int logBlocks)
    {
        var events = new SimulatedStoreEvents();
        var frames = new FrameTable(_host.Memory, _frames, events);
        frames.AddFreeFrames(1, (uint)_frames);
        var volume = new MountedVolume(_host.Memory, frames, _gate, events);
        var geometry = new VolumeGeometry(_disk.BlockCount, (ulong)logBlocks);
        Outcome outcome = new VolumeBuilder(volume).Format(_disk, geometry, Id, Protocol, []);
        Demand(outcome == Outcome.Ok, $"formatting: {outcome}");
    }

    private Player MakePlayer(int pages, int priority, Func<bool> isPinned, Player? server)
    {
        MakeRoom();
        SimulatedDomain domain = Machine.NewDomain(priority);
        domain.GiveSpace(0);
        var all = new Capability[pages];
        for (int i = 0; i < pages; i++)
        {
            MakeRoom();
            all[i] = Machine.NewPage();
            if (isPinned())
            {
                ulong frame = all[i].Oid.Frame;
                Machine.Frames.SetPinned(Machine.Frames.Find(frame), true);
                Pinned.Add(frame);
            }

            Dirty(domain.SpaceNode.Oid.Frame);
            Machine.NodeOf(domain.SpaceNode).Slots[i] = all[i];
        }

        MakeRoom();
        Dirty(domain.Oid.Frame);
        if (server == null)
        {
            domain.Await(Receive, (uint)(pages * PhysicalMemory.FrameBytes));
        }
        else
        {
            Machine.Frames.Resident(server.Frame, out int entry);
            domain[ServerRegister] = new SimulatedDomain(Machine, entry).Start();
            domain.Frame.RunState = RunState.Running;
            ProcessControl.Start(Machine.Kernel, domain.Entry);
        }

        return new Player(domain.Oid.Frame, all, server);
    }

    private void Dirty(ulong frame) =>
        Demand(Machine.Frames.MakeDirty(Machine.Frames.Find(frame)) == Outcome.Ok, "there is no room");

    private void MakeRoom()
    {
        if (Machine.Frames.Claimed + ClaimsOfOne > Machine.Frames.ClaimLimit)
        {
            Save();
        }
    }

    private void Save()
    {
        bool isSaved = Store.Migrate() == Outcome.Ok && Store.Checkpoint() == Outcome.Ok
            && Store.Migrate() == Outcome.Ok;
        Demand(isSaved, "it is not saved");
    }

    private static void Demand(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }
}
