using System;
using System.Collections.Generic;
using Eros.Kernel;
using Eros.Kernel.Machine;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Fakes;
using Eros.Tests.Unit.Persistence;
using NUnit.Framework;

namespace Eros.Tests.Unit.Spaces;

/// <summary>Address spaces over a frame table and a simulated processor, with helpers to build trees.</summary>
public sealed class SpaceWorld : IDisposable
{
    private readonly FrameTableFixture _fixture;
    private ulong _nextFrame = 1;

    /// <param name="frames">Physical frames.</param>
    /// <param name="claimLimit">Frames that may be dirty at once.</param>
    /// <param name="pageTables">Page tables that may exist; 0 for as many as suit the memory.</param>
    public SpaceWorld(int frames = 1024, uint claimLimit = 900, int pageTables = 0)
    {
        _fixture = new FrameTableFixture(frames, claimLimit);
        uint kernelRoot = Frames.AllocateFrame();
        Memory.Clear(kernelRoot);
        for (int i = 256; i < 512; i++)
        {
            Memory.As<ulong>(kernelRoot, i * 8) = 0x1003 + ((ulong)i << 12);
        }

        Mmu = new FakeMmu(Memory, kernelRoot);
        Spaces = new AddressSpaces(Frames, Memory, Mmu, State, Counters, pageTables);
        Model = new SpaceModel(Frames, Memory);
    }

    public FrameTable Frames => _fixture.Frames;

    public PhysicalMemory Memory => _fixture.Memory;

    public FakeMmu Mmu { get; }

    public ProcessorState State { get; } = new();

    public Counters Counters { get; } = new();

    public AddressSpaces Spaces { get; }

    public SpaceModel Model { get; }

    public void Dispose() => _fixture.Dispose();

    /// <summary>A clean page; its entry.</summary>
    public int NewPage() => _fixture.Enter(_nextFrame++, FrameKind.Page, 1);

    /// <summary>A pot of seven plain nodes; its entry.</summary>
    public int NewPot() => _fixture.Enter(_nextFrame++, FrameKind.Pot, 1);

    /// <summary>A process; its entry.</summary>
    public int NewProcess() => _fixture.Enter(_nextFrame++, FrameKind.Process, 1);

    /// <summary>A void space node of the given slot size at index <paramref name="node"/> of a pot.</summary>
    public ref Node MakeSpaceNode(int pot, int node, int slotLog2)
    {
        ref Node n = ref Frames.Pot(pot).Nodes[node];
        n.Kind = NodeKind.Space;
        n.SlotLog2 = (byte)slotLog2;
        return ref n;
    }

    public Capability PageCapability(int page, Rights rights = Rights.None, uint match = 0) =>
        new(CapabilityType.Page, Oid.Of(Frames[page].Frame), Frames.VersionOf(page, 0),
            new Guard(12, match).Value, rights);

    public Capability SpaceCapability(int pot, int node, Rights rights = Rights.None, uint match = 0) =>
        new(
            CapabilityType.Space,
            Oid.Of(Frames[pot].Frame, node),
            Frames.VersionOf(pot, node),
            new Guard(Frames.Pot(pot).Nodes[node].SlotLog2 + 5, match).Value,
            rights);

    /// <summary>Stores into a slot as an invocation does.</summary>
    public void Store(int pot, int node, int slot, Capability capability)
    {
        Spaces.SlotChanging(pot, node, slot);
        Frames.Pot(pot).Nodes[node].Slots[slot] = capability;
    }

    /// <summary>The root that the kernel knows for a process, 0 for none.</summary>
    public int KnownRoot(int process) => Spaces.KnownRoot(process);

    public void SetSpace(int process, Capability space) => Frames.Process(process).Space = space;

    /// <summary>The snapshot, as the store makes it, ended at once.</summary>
    public void Snapshot()
    {
        Frames.BeginSnapshot();
        Spaces.Protect();
        _fixture.FinishSnapshot();
    }

    /// <summary>A process touches an address: as the processor does it, with the faults that the kernel
    /// handles.</summary>
    public SpaceOutcome Touch(int process, ulong address, Access access, out SpaceFault fault)
    {
        fault = default;
        for (int tries = 0; tries < 4; tries++)
        {
            Spaces.Activate(process);
            if (Mmu.Access(address, access == Access.Write, access == Access.Execute) is not null)
            {
                return SpaceOutcome.Ok;
            }

            SpaceOutcome outcome = Spaces.HandleFault(process, address, access, out fault);
            if (outcome != SpaceOutcome.Ok)
            {
                return outcome;
            }
        }

        throw new InvalidOperationException($"address {address:x} faults for ever");
    }

    public SpaceOutcome Touch(int process, ulong address, Access access) => Touch(process, address, access, out _);

    /// <summary>Demands every invariant of page tables and reverse maps, and that the processor remembers nothing
    /// wrong.</summary>
    public void Check(string when)
    {
        for (int table = 1; table < Spaces.Check.TableCount; table++)
        {
            SpacesFlaw flaw = Spaces.Check.CheckTable(table, out ulong address);
            if (flaw != SpacesFlaw.None)
            {
                Assert.Fail($"{flaw}: table {table}, address {address:x}, {when}");
            }
        }

        for (int entry = 0; entry < Frames.Capacity; entry++)
        {
            SpacesFlaw flaw = Spaces.Check.CheckFrame(entry);
            if (flaw != SpacesFlaw.None)
            {
                Assert.Fail($"{flaw}: entry {entry}, {when}");
            }
        }
    }

    /// <summary>Demands that what the processor remembers for the process that runs is what its space says.</summary>
    public void CheckRemembered(int process, string when)
    {
        Spaces.Activate(process);
        Capability space = Frames.Process(process).Space;
        foreach (ulong page in new List<ulong>(Mmu.Remembered))
        {
            Translation known = Mmu.Recall(page);
            ModelResult model = Model.Look(space, page);
            Assert.That(model.Outcome, Is.EqualTo(SpaceOutcome.Ok), $"the processor remembers {page:x}, {when}");
            Assert.That(
                known.Pfn, Is.EqualTo(Frames[model.Page].Pfn),
                $"the processor remembers a wrong page at {page:x}, {when}");
            Assert.That(
                (known.IsWritable && (model.IsReadOnly || !Frames.IsWritable(model.Page)))
                || (known.IsExecutable && model.IsNoExecute),
                Is.False,
                $"the processor remembers too many rights at {page:x}, {when}");
        }
    }
}
