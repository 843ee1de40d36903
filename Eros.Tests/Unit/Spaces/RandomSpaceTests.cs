using System;
using System.Globalization;
using System.Linq;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Spaces;

/// <summary>
/// Random trees, random changes, random accesses: the kernel and the model agree on every access, and after every step
/// the page tables are justified. EROS_SEED repeats one run. </summary>
public sealed class RandomSpaceTests
{
    private const int Pots = 5;
    private const int Pages = 24;
    private const int Processes = 4;
    private static readonly int[] _slotSizes = [12, 12, 12, 17, 17, 22, 27, 42];

    [Test]
    public void Kernel_and_model_agree_while_spaces_change([Range(1, 20)] int seed) => Run(Seed(seed), 1024, 64, 600);

    [Test]
    public void They_agree_when_memory_for_page_tables_is_scarce([Range(101, 110)] int seed) =>
        Run(Seed(seed), 64, 64, 600);

    [Test]
    public void They_agree_when_page_tables_and_reverse_map_are_small([Range(201, 220)] int seed) =>
        Run(Seed(seed), 1024, 12, 600);

    private static int Seed(int seed) =>
        int.TryParse(Environment.GetEnvironmentVariable("EROS_SEED"), CultureInfo.InvariantCulture, out int given)
            ? given : seed;

    private static void Run(int seed, int frames, int pageTables, int steps)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        using var run = new RandomRun(seed, frames, pageTables);
        for (int step = 0; step < steps; step++)
        {
            run.Step($"seed {seed}, step {step}");
        }
    }

    private sealed class RandomRun : IDisposable
    {
        private readonly Random _random;
        private readonly SpaceWorld _world;
        private readonly int[] _pots;
        private readonly int[] _pages;
        private readonly int[] _processes;

        public RandomRun(int seed, int frames, int pageTables)
        {
            _random = new Random(seed);
            _world = new SpaceWorld(frames, claimLimit: 900, pageTables);
            _pots = [.. Enumerable.Range(0, Pots).Select(_ => _world.NewPot())];
            _pages = [.. Enumerable.Range(0, Pages).Select(_ => _world.NewPage())];
            _processes = [.. Enumerable.Range(0, Processes).Select(_ => _world.NewProcess())];
            foreach (int pot in _pots)
            {
                for (int node = 0; node < NodePot.NodeCount; node++)
                {
                    _world.MakeSpaceNode(pot, node, Any(_slotSizes));
                    FillSlots(pot, node);
                }
            }

            foreach (int process in _processes)
            {
                _world.SetSpace(process, AnySpace(47));
            }
        }

        public void Dispose() => _world.Dispose();

        public void Step(string when)
        {
            int process = Any(_processes);
            switch (_random.Next(20))
            {
                case 0:
                    Change(when);
                    break;
                case 1:
                    _world.Snapshot();
                    break;
                case 2:
                    _world.SetSpace(process, AnySpace(47));
                    break;
                case 3 or 4 or 5:
                    StoreSomething();
                    break;
                case 6:
                    Translate(process, AnyAddress(process), when);
                    break;
                default:
                    Touch(process, AnyAddress(process), when);
                    break;
            }

            _world.Check(when);
            _world.CheckRemembered(process, when);
        }

        private void Change(string when)
        {
            int pot = Any(_pots);
            int node = _random.Next(7);
            switch (_random.Next(4))
            {
                case 0:
                    _world.Spaces.NodeChanging(pot, node);
                    _world.Frames.Pot(pot).Nodes[node].Flags = (NodeFlags)_random.Next(4);
                    break;
                case 1:
                    RescindPage();
                    break;
                case 2:
                    RescindNode(pot, node);
                    break;
                default:
                    Retype(pot);
                    break;
            }
        }

        private void StoreSomething()
        {
            int pot = Any(_pots);
            int node = _random.Next(7);
            int slot = _random.Next(3) == 0 ? _random.Next(30, 32) : _random.Next(30);
            int slotLog2 = _world.Frames.Pot(pot).Nodes[node].SlotLog2;
            _world.Store(pot, node, slot, slot < 30 ? AnyCapability(slotLog2) : AnySpace(slotLog2 + 5));
        }

        private void RescindPage()
        {
            int page = Any(_pages);
            if (_world.Frames.MakeDirty(page) == Eros.Persistence.Base.Outcome.Ok)
            {
                _world.Spaces.ObjectGone(page, 0);
                _world.Frames.Rescind(page, 0);
            }
        }

        private void RescindNode(int pot, int node)
        {
            if (_world.Frames.MakeDirty(pot) == Eros.Persistence.Base.Outcome.Ok)
            {
                _world.Spaces.ObjectGone(pot, node);
                _world.Frames.Rescind(pot, node);
                _world.MakeSpaceNode(pot, node, Any(_slotSizes));
                FillSlots(pot, node);
            }
        }

        private void Retype(int pot)
        {
            if (_world.Frames.MakeDirty(pot) == Eros.Persistence.Base.Outcome.Ok)
            {
                _world.Spaces.FrameGone(pot);
                _world.Frames.Retype(pot, FrameKind.Page);
                _world.Frames.Retype(pot, FrameKind.Pot);
                for (int node = 0; node < NodePot.NodeCount; node++)
                {
                    _world.MakeSpaceNode(pot, node, Any(_slotSizes));
                    FillSlots(pot, node);
                }
            }
        }

        private void Touch(int process, ulong address, string when)
        {
            Access access = (Access)_random.Next(3);
            ModelResult expected = Expected(process, address, access);
            SpaceOutcome outcome = _world.Touch(process, address, access, out SpaceFault fault);
            if (outcome == SpaceOutcome.NoRoom)
            {
                Assert.That(_world.Frames.FreeFrames, Is.LessThan(8), $"no room, {when}");
                return;
            }

            Compare(expected, outcome, fault, address, $"{access} {address:x}, {when}");
            if (outcome == SpaceOutcome.Ok)
            {
                uint pfn = _world.Mmu.Access(address, access == Access.Write, access == Access.Execute)!.Value.Pfn;
                Assert.That(pfn, Is.EqualTo(_world.Frames[expected.Page].Pfn), when);
            }
        }

        private void Translate(int process, ulong address, string when)
        {
            Access access = (Access)_random.Next(2);
            ModelResult expected = Expected(process, address, access);
            SpaceOutcome outcome = _world.Spaces.Translate(
                process, address, access, out uint pfn, out SpaceFault fault);
            if (outcome != SpaceOutcome.NoRoom)
            {
                Compare(expected, outcome, fault, address, $"translate {access} {address:x}, {when}");
                Assert.That(pfn, Is.EqualTo(outcome == SpaceOutcome.Ok ? _world.Frames[expected.Page].Pfn : 0), when);
            }

            if (outcome == SpaceOutcome.Ok && access == Access.Write)
            {
                Assert.That(_world.Frames.IsWritable(expected.Page), Is.True, $"page is not dirty, {when}");
            }
        }

        private ModelResult Expected(int process, ulong address, Access access)
        {
            ModelResult result = _world.Model.Look(_world.Frames.Process(process).Space, address);
            bool isDenied = (access == Access.Write && result.IsReadOnly)
                || (access == Access.Execute && result.IsNoExecute);
            return isDenied ? result with { Outcome = SpaceOutcome.Fault, Code = FaultCode.Access } : result;
        }

        private static void Compare(
            ModelResult expected, SpaceOutcome outcome, SpaceFault fault, ulong address, string when)
        {
            Assert.That(outcome, Is.EqualTo(expected.Outcome), when);
            if (outcome == SpaceOutcome.Fault)
            {
                Assert.That(fault.Code, Is.EqualTo(expected.Code), when);
                Assert.That(fault.Keeper.SameAs(expected.Keeper), Is.True, $"keeper, {when}");
                Assert.That(fault.Offset, Is.EqualTo(address - expected.KeeperBase), when);
            }
            else if (outcome == SpaceOutcome.Absent)
            {
                Assert.That(fault.Frame, Is.EqualTo(expected.Frame), when);
            }
        }

        private void FillSlots(int pot, int node)
        {
            ref Node n = ref _world.Frames.Pot(pot).Nodes[node];
            n.Flags = _random.Next(3) == 0 ? (NodeFlags)_random.Next(4) : NodeFlags.None;
            for (int slot = 0; slot < 32; slot++)
            {
                if (_random.Next(2) == 0)
                {
                    n.Slots[slot] = slot < 30
                        ? AnyCapability(n.SlotLog2)
                        : AnySpace(n.SlotLog2 + 5);
                }
            }
        }

        /// <summary>Mostly something that fits a slot of that size.</summary>
        private Capability AnyCapability(int limit) => _random.Next(20) switch
        {
            0 => Capability.Void,
            1 => Capability.Number(_random.NextUInt64()),
            2 => AnySpace(63),
            3 => new Capability(CapabilityType.Page, Oid.Of(900), 1, Guard.At0(12).Value),
            4 => new Capability(CapabilityType.Node, Oid.Of(1), 1),
            5 => AnyPage().WithData(new Guard(12, (uint)_random.Next(4)).Value),
            6 => AnyPage().WithData((uint)_random.Next()),
            < 12 => AnyPage(),
            _ => AnySpace(limit),
        };

        private Capability AnyPage() => _world.PageCapability(Any(_pages), AnyRights());

        /// <summary>A space of at most that size, often of just that size.</summary>
        private Capability AnySpace(int limit)
        {
            for (int tries = 0; tries < 40; tries++)
            {
                int pot = Any(_pots);
                int node = _random.Next(7);
                int log2 = _world.Frames.Pot(pot).Nodes[node].SlotLog2 + 5;
                if (log2 == limit || (log2 <= limit && tries > 10))
                {
                    uint match = log2 < limit && limit <= 47 && _random.Next(4) == 0 ? (uint)_random.Next(3) : 0;
                    return _world.SpaceCapability(pot, node, AnyRights(), match)
                        .WithType(_random.Next(2) == 0 ? CapabilityType.Space : CapabilityType.Node);
                }
            }

            return AnyPage();
        }

        private Rights AnyRights() => _random.Next(4) == 0 ? (Rights)_random.Next(32) : Rights.None;

        /// <summary>Mostly near the edges of what nodes span, so that different nodes are met.</summary>
        private ulong AnyAddress(int process)
        {
            ulong address = 0;
            foreach (int shift in (ReadOnlySpan<int>)[12, 17, 22, 27, 42])
            {
                address |= _random.Next(shift == 12 ? 1 : 3) == 0 ? (ulong)_random.Next(32) << shift : 0;
            }

            Guard guard = new(_world.Frames.Process(process).Space.Data);
            ulong start = guard.Log2 < 47 ? (ulong)guard.Match << guard.Log2 : 0;
            address = _random.Next(30) == 0 ? _random.NextUInt64() : start + guard.Inside(address);
            return address + (ulong)_random.Next(4096);
        }

        private int Any(int[] choices) => choices[_random.Next(choices.Length)];
    }
}

file static class RandomExtensions
{
    public static ulong NextUInt64(this Random random) => (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1);
}
