using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Build.Volume;
using Eros.Domains.CrowdMember;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;
using SimulatedMachine = Eros.Tests.Fakes.SimulatedMachine;

namespace Eros.Tests.Fuzz.Hostile;

/// <summary>
/// A machine of domains that invoke with every register at random, on capabilities of all types and on bits that never
/// were one. Their spaces are tangled, their keepers keep each other, and a range destroys what they use. Beside them
/// there are bystanders, to whom none of them has a capability.
/// </summary>
internal sealed class HostileCrowd : IDisposable
{
    /// <summary>Frames of memory that a machine has.</summary>
    public const int MemoryFrames = 400;

    private const uint ClaimLimit = 200;
    private const int Domains = 6;
    private const int Tangled = 5;
    private const ulong FreeFrames = 6;
    private const ulong FirstFree = 900;
    private const int Registers = 32;
    private const int FewFrames = 60;

    private static readonly int[] _levels = [12, 12, 17, 22, 42];

    private readonly SeededRandom _random;
    private RandomInvocation _invocation;
    private readonly List<SimulatedDomain> _domains = [];
    private readonly List<Capability> _pool = [];
    private readonly List<(ulong Frame, byte[] Bytes)> _bystanders = [];
    private readonly SimulatedDomain _nurse;

    /// <param name="memory">Of <see cref="MemoryFrames"/> + 1 frames; it may have served before.</param>
    /// <param name="seed">Says all that happens.</param>
    public HostileCrowd(HostMemory memory, ulong seed)
    {
        _random = new SeededRandom(seed);
        _invocation = new RandomInvocation { State = _random.Next() };
        for (uint i = 0; i <= MemoryFrames; i++)
        {
            memory.Memory.Clear(i);
        }

        Machine = new SimulatedMachine(ClaimLimit, MemoryFrames, memory);
        AddBystanders();
        for (int i = 0; i < Domains; i++)
        {
            SimulatedDomain domain = Machine.NewRunning(pages: 3, priority: 4 + (i % 3));
            _domains.Add(domain);
            _pool.AddRange([domain.Process, domain.Start((uint)i), domain.Notification(1u << i), domain.SpaceNode]);
        }

        AddObjects();
        _nurse = Machine.NewRunning(pages: 0, priority: 0);
        foreach (SimulatedDomain domain in _domains)
        {
            Equip(domain);
            domain.Frame.Keeper = _domains[_random.Below(Domains)].Start(9);
        }

        Tangle();
        Machine.Dispatch();
    }

    public SimulatedMachine Machine { get; }

    /// <summary>Invocations that were made.</summary>
    public long Invocations { get; private set; }

    /// <summary>How many were answered by an object of the kernel with which result.</summary>
    public Dictionary<Result, long> Answers { get; } = [];

    /// <summary>Makes an invocation by the fast path; null: all take the general path.</summary>
    public Func<SimulatedMachine, bool>? FastPath { get; init; }

    public void Dispose() => Machine.Dispose();

    public void Step()
    {
        SimulatedDomain? domain = Machine.Current ?? Machine.Dispatch();
        if (domain == null || domain.Entry == _nurse.Entry)
        {
            Revive();
            return;
        }

        switch (_random.Below(40))
        {
            case 0:
                Machine.Kernel.PageFault(Address(), (Access)_random.Below(3));
                break;
            case 1:
                Machine.Kernel.Fault(FaultCode.Divide, Word(), Word());
                break;
            case 2:
                Machine.Pass((ulong)_random.Below(20_000_000));
                break;
            case 3:
                Snapshot();
                break;
            case 4:
                Equip(domain);
                break;
            default:
                Invoke(domain);
                break;
        }

        Machine.Dispatch();
    }

    /// <exception cref="BrokenInvariantException">The kernel is not as it must be, or a bystander has changed.
    /// </exception>
    public void Check(string when)
    {
        KernelCheck.Check(Machine, when);
        foreach ((ulong frame, byte[] bytes) in _bystanders)
        {
            int entry = Machine.Frames.Find(frame);
            if (entry < 0 || !Machine.Frames.Bytes(entry).SequenceEqual(bytes))
            {
                throw new BrokenInvariantException($"{when}: bystander in frame {frame} was changed");
            }
        }

        if (Machine.Memory.Bytes(0).ContainsAnyExcept((byte)0))
        {
            throw new BrokenInvariantException($"{when}: frame 0 was written");
        }
    }

    private T Any<T>(IReadOnlyList<T> choices) => choices[_random.Below(choices.Count)];

    private void AddObjects()
    {
        for (int i = 0; i < 4; i++)
        {
            Capability forwarder = Machine.NewNode(NodeKind.Forwarder);
            _pool.AddRange(
            [
                Machine.NewPage(), Machine.NewPage().Less(Rights.ReadOnly), Machine.NewNode(),
                Machine.NewNode(NodeKind.Space, 12), Machine.NewNode(NodeKind.Space, 17), forwarder,
                forwarder.WithType(CapabilityType.Forwarder),
                Machine.NewNode().Less((Rights)_random.Below(32)),
            ]);
        }

        for (ulong frame = FirstFree; frame < FirstFree + FreeFrames; frame++)
        {
            Machine.Enter(frame, (FrameKind)_random.Below(4));
        }

        // The first frames are the bystanders'; the second range has all others that are used, the domains' own among
        // them.
        ulong first = _domains[0].SpaceNode.Oid.Frame;
        _pool.AddRange(
        [
            Capability.Range(FirstFree, FreeFrames), Capability.Range(FirstFree, FreeFrames + 2),
            Capability.Range(first, 60), Capability.Number(Word()), new((byte)CapabilityType.Schedule, 5UL << 32),
            new((byte)CapabilityType.Sleep, 0), new((byte)CapabilityType.ConsoleGrant, 0),
            new((byte)CapabilityType.Discrim, 0), new((byte)CapabilityType.ProcessTool, 0),
            new(CapabilityType.ConsoleSession, default, (uint)Machine.Kernel.Counters.Values.BootEpoch),
        ]);
    }

    /// <summary>Space nodes of random sizes that hold each other and themselves.</summary>
    private void Tangle()
    {
        Capability[] nodes =
            [.. Enumerable.Range(0, Tangled).Select(_ => Machine.NewNode(NodeKind.Space, Any(_levels)))];
        foreach (Capability capability in nodes)
        {
            ref Node node = ref Machine.NodeOf(capability);
            node.Flags = (NodeFlags)_random.Below(4);
            for (int slot = 0; slot < Registers; slot++)
            {
                Capability below = Any(nodes);
                int log2 = Machine.NodeOf(below).SlotLog2 + Guard.NodeLog2;
                Guard guard = new(_random.Chance(80) ? log2 : _random.Below(64), (uint)_random.Below(2));
                node.Slots[slot] = _random.Below(3) switch
                {
                    0 => below.WithType(CapabilityType.Space).WithData(guard.Value),
                    1 => Any(_pool),
                    _ => Capability.Void,
                };
            }

            node.Slots[Node.KeeperSlot] = Any(_domains).Start(3);
            Guard own = Guard.At0(node.SlotLog2 + Guard.NodeLog2);
            _pool.AddRange([capability, capability.WithType(CapabilityType.Space).WithData(own.Value)]);
        }
    }

    private void AddBystanders()
    {
        SimulatedDomain quiet = Machine.NewDomain();
        quiet.GiveSpace(2);
        quiet.Frame.RunState = RunState.Waiting;
        Machine.Kernel.Objects.Find(Machine.NodeOf(quiet.SpaceNode).Slots[0], out int page);
        Machine.Frames.Bytes(page).Fill(0x5A);
        foreach (ulong frame in (ReadOnlySpan<ulong>)
            [quiet.Frame.Frame, quiet.SpaceNode.Oid.Frame, Machine.Frames[page].Frame])
        {
            _bystanders.Add((frame, Machine.Frames.Bytes(Machine.Frames.Find(frame)).ToArray()));
        }
    }

    /// <summary>New registers: mostly capabilities that exist, some with a bit flipped (but for who they are of, and
    /// ranges, which could then be the bystanders'), some of random bits.</summary>
    private void Equip(SimulatedDomain domain)
    {
        for (int i = 1; i < Registers; i++)
        {
            Capability capability = Any(_pool);
            domain[i] = _random.Below(12) switch
            {
                0 => Forged(),
                1 => new Capability(capability.Low, capability.High ^ (1UL << _random.Below(64))),
                2 => domain[i],
                _ => capability,
            };
            domain[i] = domain[i].Type == CapabilityType.Range && !_pool.Contains(domain[i])
                ? Capability.Void
                : domain[i];
        }
    }

    /// <summary>Random bits, but of no frame that there is.</summary>
    private Capability Forged() => new(_random.Next() | (1UL << 62), _random.Next());

    private void Invoke(SimulatedDomain domain)
    {
        _invocation.Make(SimulatedDomain.Window);
        domain.Frame.Rax = _invocation.Control;
        domain.Frame.Rdi = _invocation.Order;
        domain.Frame.Rsi = _invocation.Word1;
        domain.Frame.Rdx = _invocation.Word2;
        domain.Frame.R8 = _invocation.Word3;
        domain.Frame.R9 = _invocation.SendAddress;
        domain.Frame.R10 = _invocation.Lengths;
        domain.Frame.R12 = _invocation.ReceiveAddress;
        domain.Frame.Rip = Word();
        Invocations++;
        ulong counted = Machine.Counters.Values.Invocations;
        Machine.Processor.ResumeDomain(null, ref domain.Frame);
        if (FastPath?.Invoke(Machine) != true)
        {
            Machine.Kernel.SystemCall();
            if (domain.IsCurrent && Machine.Counters.Values.Invocations > counted)
            {
                Answers[domain.Result] = Answers.GetValueOrDefault(domain.Result) + 1;
            }
        }
    }

    private void Snapshot()
    {
        FrameTable frames = Machine.Frames;
        Machine.Events.Phase(StorePhase.Snapshot);
        frames.BeginSnapshot();
        foreach (int entry in frames.Snapshot)
        {
            frames.Captured(entry);
        }

        frames.EndSnapshot(0, int.MaxValue);
        Machine.Events.SpaceFreed();
    }

    /// <summary>Sets somebody going again, as a debugger would: otherwise all end up waiting for each other.</summary>
    private void Revive()
    {
        SimulatedDomain sick = Any(_domains);
        Machine.Events.SpaceFreed();
        Machine.Kernel.Terminal.TakeOutput(new byte[80_000]);
        if (Machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong frame))
        {
            bool isGood = _random.Below(2) == 0 && Machine.Frames.FreeFrames > FewFrames;
            if (isGood)
            {
                Machine.Enter(frame, FrameKind.Free);
            }

            Machine.Events.Loaded(frame, isGood ? Outcome.Ok : Outcome.BadBlock);
        }

        if (_nurse.IsCurrent)
        {
            Machine.Kernel.Objects.Find(sick.Process, out int entry);
            if (entry == sick.Entry && Machine.Frames[entry].Kind == FrameKind.Process)
            {
                Machine.Kernel.Spaces.Targets.Forget(sick.Process.Oid);
                sick.Frame.Schedule = new Capability(CapabilityType.Schedule, default, 0, 5);
                _nurse.Call(sick.Process, _random.Below(2) == 0 ? ProcessOrder.Run : ProcessOrder.MakeAvailable);
            }

            if (_nurse.IsCurrent)
            {
                ProcessControl.Requeue(Machine.Kernel);
            }
        }

        Machine.Dispatch();
    }

    private ulong Word() => _invocation.Word();

    private ulong Address() => _invocation.Address(SimulatedDomain.Window);
}
