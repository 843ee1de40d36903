using System;
using System.Collections.Generic;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>
/// Domains that invoke with every register at random, on capabilities of all types and on bits that were never one: the
/// kernel keeps its invariants, never stops, and touches nothing that none of them has a capability for.
/// </summary>
public sealed class HostileTests
{
    private const int Steps = 12_000;
    private const int Domains = 6;

    [Test]
    public void Random_invocations_never_stop_the_kernel_and_harm_no_bystander(
        [Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        using var crowd = new Crowd(seed);
        for (int i = 0; i < Steps; i++)
        {
            crowd.Step();
            if (i % 100 == 0)
            {
                KernelCheck.Check(crowd.Machine, $"seed {seed}, step {i}");
                crowd.CheckBystanders($"seed {seed}, step {i}");
            }
        }

        Assert.That(crowd.Answers, Has.Count.GreaterThan(5), "the orders reach the objects");
        Assert.That(crowd.Answers[Result.Ok], Is.GreaterThan(Steps / 40));
    }

    private sealed class Crowd : IDisposable
    {
        private readonly Random _random;
        private readonly List<SimulatedDomain> _domains = [];
        private readonly List<Capability> _pool = [];
        private readonly List<int> _bystanders = [];
        private readonly List<byte[]> _bystanderBytes = [];
        private readonly SimulatedDomain _nurse;

        public Crowd(int seed)
        {
            _random = new Random(seed);
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
            }

            AddBystanders();
        }

        public SimulatedMachine Machine { get; } = new(claimLimit: 250);

        public Dictionary<Result, int> Answers { get; } = [];

        public void Step()
        {
            SimulatedDomain? domain = Machine.Current ?? Machine.Dispatch();
            if (domain == null || domain.Entry == _nurse.Entry)
            {
                Revive();
                return;
            }

            switch (_random.Next(40))
            {
                case 0:
                    Machine.Kernel.PageFault(Address(), (Access)_random.Next(3));
                    break;
                case 1:
                    Machine.Kernel.Fault(FaultCode.Divide, Word(), Word());
                    break;
                case 2:
                    Machine.Pass((ulong)_random.Next(20_000_000));
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

        public void CheckBystanders(string when)
        {
            for (int i = 0; i < _bystanders.Count; i++)
            {
                byte[] bytes = Machine.Frames.Bytes(_bystanders[i]).ToArray();
                Assert.That(bytes, Is.EqualTo(_bystanderBytes[i]), $"{when}: bystander {i}");
            }

            Assert.That(Machine.Memory.Bytes(0).IndexOfAnyExcept((byte)0), Is.EqualTo(-1), $"{when}: frame 0");
        }

        public void Dispose() => Machine.Dispose();

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
                    Machine.NewNode().Less((Rights)_random.Next(32)),
                ]);
            }

            ulong first = 900;
            for (ulong frame = first; frame < first + 6; frame++)
            {
                Machine.Enter(frame, (FrameKind)_random.Next(4));
            }

            _pool.AddRange(
            [
                Capability.Range(first, 6), Capability.Range(first, 8), Capability.Number(Word()),
                new((byte)CapabilityType.Schedule, 5UL << 32), new((byte)CapabilityType.Sleep, 0),
                new((byte)CapabilityType.ConsoleGrant, 0),
                new(CapabilityType.ConsoleSession, default, (uint)Machine.Kernel.Counters.Values.BootEpoch),
            ]);
        }

        private void AddBystanders()
        {
            SimulatedDomain quiet = Machine.NewDomain();
            quiet.GiveSpace(2);
            quiet.Frame.RunState = RunState.Waiting;
            Machine.Kernel.Objects.Find(quiet.SpaceNode, out int node);
            Machine.Kernel.Objects.Find(Machine.NodeOf(quiet.SpaceNode).Slots[0], out int page);
            Machine.Frames.Bytes(page).Fill(0x5A);
            _bystanders.AddRange([quiet.Entry, node, page]);
            foreach (int entry in _bystanders)
            {
                _bystanderBytes.Add(Machine.Frames.Bytes(entry).ToArray());
            }
        }

        /// <summary>
        /// New registers: mostly capabilities that exist, some with a bit flipped, some of random bits.
        /// </summary>
        private void Equip(SimulatedDomain domain)
        {
            for (int i = 1; i < Node.SlotCount; i++)
            {
                Capability capability = _pool[_random.Next(_pool.Count)];
                domain[i] = _random.Next(12) switch
                {
                    0 => new Capability(Word(), Word()),
                    1 => new Capability(capability.Low, capability.High ^ (1UL << _random.Next(64))),
                    2 => domain[i],
                    _ => capability,
                };
            }
        }

        private void Invoke(SimulatedDomain domain)
        {
            ulong send = (ulong)_random.Next(1 << 20);
            ulong receive = _random.Next(3) == 0 ? (ulong)_random.Next(1 << 20) : 0;
            int kind = _random.Next(11) switch { < 7 => 0, 7 => 1, 8 => 2, 9 => 3, _ => 4 };
            ulong word = new InvocationWord((InvocationKind)kind, _random.Next(32), (uint)send, (uint)receive).Value;
            domain.Frame.Rax = _random.Next(50) == 0 ? Word() : word;
            domain.Frame.Rdi = Word();
            domain.Frame.Rsi = Word();
            domain.Frame.Rdx = Word();
            domain.Frame.R8 = Word();
            domain.SetString(Address(), Length(), Address(), Length());
            domain.Frame.Rip = Word();
            ulong counted = Machine.Counters.Values.Invocations;
            Machine.Processor.ResumeDomain(null, ref domain.Frame);
            if (!NativeFastPath.TryRun(Machine))
            {
                Machine.Kernel.SystemCall();
                Count(domain, counted);
            }
        }

        private void Count(SimulatedDomain domain, ulong counted)
        {
            if (domain.IsCurrent && Machine.Counters.Values.Invocations > counted)
            {
                Answers[domain.Result] = Answers.GetValueOrDefault(domain.Result) + 1;
            }
        }

        private void Snapshot()
        {
            Machine.Events.Phase(StorePhase.Snapshot);
            Machine.Frames.BeginSnapshot();
            for (int i = 0; i < Machine.Frames.Snapshot.Length; i++)
            {
                Machine.Frames.Captured(Machine.Frames.Snapshot[i]);
            }

            Machine.Frames.EndSnapshot(0, int.MaxValue);
            Machine.Events.SpaceFreed();
        }

        /// <summary>
        /// Sets somebody going again, as a debugger would: otherwise all end up waiting for each other.
        /// </summary>
        private void Revive()
        {
            SimulatedDomain sick = _domains[_random.Next(_domains.Count)];
            Machine.Events.SpaceFreed();
            Machine.Kernel.Terminal.TakeOutput(new byte[80_000]);
            if (Machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong frame))
            {
                Machine.Enter(frame, FrameKind.Free);
                Machine.Events.Loaded(frame, _random.Next(2) == 0 ? Outcome.Ok : Outcome.BadBlock);
            }

            if (_nurse.IsCurrent)
            {
                Machine.Kernel.Spaces.Forget(sick.Entry, 0);
                sick.Frame.Schedule = new Capability(CapabilityType.Schedule, default, 0, 5);
                _nurse.Call(sick.Process, _random.Next(2) == 0 ? ProcessOrder.Run : ProcessOrder.MakeAvailable);
                ProcessControl.Requeue(Machine.Kernel);
            }

            Machine.Dispatch();
        }

        private ulong Word() => _random.Next(6) switch
        {
            0 => (ulong)_random.NextInt64() << _random.Next(2),
            1 => 0x8000_0000 + (ulong)_random.Next(10),
            2 => new Guard(12 + (5 * _random.Next(4)), (uint)_random.Next(4)).Value,
            3 => (ulong)_random.Next(64),
            _ => (ulong)_random.Next(12),
        };

        private ulong Address() => _random.Next(5) switch
        {
            0 => Word(),
            1 => (1UL << _random.Next(47, 64)) | (SimulatedDomain.Window + (ulong)_random.Next(0x4000)),
            _ => SimulatedDomain.Window + (ulong)_random.Next(0x4000),
        };

        private uint Length() => _random.Next(5) switch
        {
            0 => (uint)_random.Next(70000),
            1 => 160,
            2 => (uint)_random.Next(5000),
            _ => 0,
        };
    }
}
