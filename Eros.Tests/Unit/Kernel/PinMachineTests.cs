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
using Eros.Persistence.Volume;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;
using NUnit.Framework;
using SimulatedMachine = Eros.Tests.Fakes.SimulatedMachine;

namespace Eros.Tests.Unit.Kernel;

/// <summary>Domains go over more memory than there is, again and again; one has pinned some of its own.</summary>
public sealed class PinMachineTests
{
    private const int Domains = 6;
    private const int PagesOfEach = 30;
    private const int PinnedPages = 4;
    private const int Rounds = 12;
    private const uint Protocol = 1;
    private const int AmpleFrames = 1500;

    /// <summary>The store takes nearly 400 of them, the domains need more than 190.</summary>
    private const int FewFrames = 560;
    private const int LogBlocks = 1200;
    private const int HomeFrames = 300;
    private const int GrantRegister = 20;
    private const ulong TouchNs = 200_000;
    private const ulong IdleNs = 500_000;
    private const int MostIdle = 100_000;

    private readonly HostMemory _host = new(AmpleFrames + 1 + (int)MirroredDisk.FramesOfOne);
    private readonly CrashGate _gate = new();
    private readonly Queue<(uint Order, Capability Object)> _orders = [];
    private readonly Dictionary<ulong, Player> _players = [];
    private LayeredImage _image = null!;
    private CrashDisk _disk = null!;
    private ThreadedMachine _machine = null!;
    private Player _pinner = null!;
    private bool _isAsking;

    private Eros.Kernel.Kernel Kernel => _machine.Kernel;

    private Dictionary<ulong, int> Loads => _machine.Events.Loads;

    [SetUp]
    public void MakeVolume()
    {
        const int Blocks = LogBlocks + (int)VolumeGeometry.JournalBlocks + HomeFrames
            + (HomeFrames / TagBlock.FramesPerCluster) + 1 + (2 * VolumeGeometry.EndBlocks);
        _image = new LayeredImage(Blocks, below: null);
        _disk = new CrashDisk(_image, _host.Memory, _gate);
        var events = new SimulatedStoreEvents();
        var frames = new FrameTable(_host.Memory, AmpleFrames, events);
        frames.AddFreeFrames(1, AmpleFrames);
        var volume = new MountedVolume(_host.Memory, frames, _gate, events);
        var geometry = new VolumeGeometry(Blocks, LogBlocks);
        Assert.That(new VolumeBuilder(volume).Format(_disk, geometry, id: 3, Protocol, []), Is.EqualTo(Outcome.Ok));
        _gate.Reset();
        using (var ample = new SimulatedMachine(_disk, _gate, Protocol, events, AmpleFrames, _host))
        {
            for (int i = 0; i < Domains; i++)
            {
                Make(ample);
            }

            Assert.That(ample.Store!.Migrate(), Is.EqualTo(Outcome.Ok));
            Assert.That(ample.Store!.Checkpoint(), Is.EqualTo(Outcome.Ok));
        }

        _pinner = _players.Values.First();
        Start();
    }

    [TearDown]
    public void Dispose()
    {
        _machine.Dispose();
        _host.Dispose();
    }

    [Test]
    public void What_is_pinned_is_loaded_once_in_each_life_and_all_else_again_and_again()
    {
        // The domain itself, the node of its space, and some of its pages.
        ulong[] pinned =
            [_pinner.Process.Oid.Frame, _pinner.Node.Oid.Frame, .. _pinner.Pages[..PinnedPages].Select(FrameOf)];
        Ask(ReserveGrantOrder.Pin, [_pinner.Process, _pinner.Node, .. _pinner.Pages[..PinnedPages]]);
        Loads.Clear();
        GoRound();
        Assert.That(pinned.Select(LoadsOf), Is.All.Zero);
        ExpectMoving(_pinner.Pages[PinnedPages..]);

        // A checkpoint may have been taken a moment ago. Processes and their nodes change by themselves.
        ulong[] pages = pinned[2..];
        int touches = _pinner.Touches + PagesOfEach;
        Play(() => pages.Any(IsDirty) || _pinner.Touches > touches);
        Assert.That(pages.Count(IsDirty), Is.Positive, "what is pinned is changed like all else");
        Save();
        Assert.That(pages.Count(IsDirty), Is.Zero, "and saved");

        CutPower();
        GoRound();
        Assert.That(pinned.Select(LoadsOf), Is.All.LessThanOrEqualTo(1));
        ExpectMoving(_pinner.Pages[PinnedPages..]);

        Capability[] given = _pinner.Pages[..2];
        Ask(ReserveGrantOrder.Unpin, given);
        Loads.Clear();
        GoRound();
        Assert.That(pinned.Except(given.Select(FrameOf)).Select(LoadsOf), Is.All.Zero);
        ExpectMoving(given);
    }

    private static ulong FrameOf(Capability one) => one.Oid.Frame;

    private int LoadsOf(ulong frame) => Loads.GetValueOrDefault(frame);

    private bool IsDirty(ulong frame) => Kernel.Frames[Kernel.Frames.Find(frame)].Flags != FrameFlags.None;

    private void ExpectMoving(Capability[] pages)
    {
        int[] loads = [.. pages.Select(FrameOf).Select(LoadsOf)];
        TestContext.Out.WriteLine($"loads of {loads.Length} pages that are not pinned: {string.Join(' ', loads)}");
        Assert.That(loads, Is.All.GreaterThan(1));
    }

    private void Make(SimulatedMachine machine)
    {
        SimulatedDomain domain = machine.NewRunning(PagesOfEach);
        domain[GrantRegister] = new Capability((byte)CapabilityType.ReserveGrant, 0);
        Capability[] pages =
            [.. Enumerable.Range(0, PagesOfEach).Select(i => machine.NodeOf(domain.SpaceNode).Slots[i])];
        _players.Add(domain.Oid.Frame, new Player(domain.Process, domain.SpaceNode, pages));
    }

    private void Start()
    {
        _gate.Reset();
        _machine = new ThreadedMachine(_host, FewFrames, _ => _disk, Protocol, AmpleFrames + 1);
    }

    private void CutPower()
    {
        _machine.Dispose();
        _disk.Cut(_image, CutPattern.DropAll);
        _disk.Attach(_image);
        Start();
    }

    private void Save()
    {
        ulong generation = 0;
        _machine.Processor.Enter(() => generation = Kernel.Checkpoints.Ask());
        Await(() => Kernel.Checkpoints.Committed >= generation);
    }

    private void Await(Func<bool> isOver)
    {
        for (int i = 0; !isOver(); i++)
        {
            Assert.That(i, Is.LessThan(MostIdle));
            _machine.Processor.Compute(IdleNs);
        }
    }

    /// <summary>Has the domain that may ask for it ask for each of these.</summary>
    private void Ask(uint order, Capability[] objects)
    {
        foreach (Capability one in objects)
        {
            _orders.Enqueue((order, one));
        }

        Play(() => _orders.Count == 0);
    }

    /// <summary>Every domain goes over all of its pages some times.</summary>
    private void GoRound()
    {
        foreach (Player player in _players.Values)
        {
            player.Touches = 0;
        }

        Play(() => _players.Values.All(player => player.Touches >= Rounds * PagesOfEach));
    }

    private void Play(Func<bool> isOver)
    {
        int idle = 0;
        while (!isOver())
        {
            int process = ProcessControl.Current(Kernel);
            Assert.That(idle = process == ProcessControl.Nobody ? idle + 1 : 0, Is.LessThan(MostIdle));
            if (process != ProcessControl.Nobody)
            {
                Player player = _players[Kernel.Frames[process].Frame];
                if (player == _pinner && _orders.Count != 0)
                {
                    Invoke(ref Kernel.Objects.Process(process));
                }
                else
                {
                    Touch(player);
                }
            }

            _machine.Processor.Compute(process == ProcessControl.Nobody ? IdleNs : TouchNs);
        }
    }

    private void Invoke(ref ProcessFrame frame)
    {
        if (_isAsking && frame.Rip == SimulatedDomain.Code)
        {
            Assert.That((Result)frame.Rdi, Is.EqualTo(Result.Ok));
            _isAsking = false;
            _orders.Dequeue();
            return;
        }

        // For the first time, or again after it has waited.
        _isAsking = true;
        frame.Rip = SimulatedDomain.Code;
        frame.Registers[1] = _orders.Peek().Object;
        frame.Rdi = _orders.Peek().Order;
        frame.Rax = new InvocationWord(
            InvocationKind.Call, GrantRegister, InvocationWord.Registers(1, 0, 0, 0), 0).Value;
        _machine.Processor.Enter(Kernel.SystemCall);
    }

    /// <summary>The next page is read, and written.</summary>
    private void Touch(Player player)
    {
        int page = player.Touches % PagesOfEach;
        ulong address = SimulatedDomain.Window + (ulong)(page * PhysicalMemory.FrameBytes);
        if (_machine.Mmu.Access(address, isWrite: true, isFetch: false) is not { } there)
        {
            _machine.Processor.Enter(() => Kernel.PageFault(address, Access.Write));
            return;
        }

        Span<byte> bytes = Kernel.Memory.Bytes(there.Pfn);
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(bytes), Is.EqualTo(player.Written[page]));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ++player.Written[page]);
        player.Touches++;
    }

    private sealed class Player(Capability process, Capability node, Capability[] pages)
    {
        public Capability Process { get; } = process;

        public Capability Node { get; } = node;

        public Capability[] Pages { get; } = pages;

        /// <summary>What it has written into each.</summary>
        public ulong[] Written { get; } = new ulong[pages.Length];

        public int Touches { get; set; }
    }
}
