// BankFixture: the bank in front of a range that a test plays, with a few banks below the prime one, as the composition
// makes them.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Domains.Bank;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal abstract unsafe class BankFixture
{
    protected const ulong Frames = 4000;
    protected const uint Banks = 5;
    protected const ulong Limit = 40;
    protected const ulong SystemFrames = 3;
    private const int BankPages = 2;
    private const uint SpareExtents = 8;
    private const int RunBytes = 1 << 20;

    private HostedSystem _system = null!;
    private HostedProcess _bankProcess = null!;

    protected HostedProcess Client { get; private set; } = null!;

    protected HostedRange Range { get; private set; } = null!;

    protected Books Books { get; private set; } = null!;

    /// <summary>Pages of the books that the composition makes.</summary>
    protected static int FramePages => BookMemory.PagesFor(BookMemory.ExtentsFor(SystemFrames) + SpareExtents);

    [SetUp]
    public void Start()
    {
        _system = new HostedSystem();
        Range = new HostedRange(Frames);
        _bankProcess = _system.AddProcess(Range);
        HostedStored[] nodes = [.. Enumerable.Range(0, 5).Select(MakeNode)];
        _bankProcess.Registers[CapabilityRegisters.Space] = nodes[0];
        _bankProcess.Registers[CapabilityRegisters.GrowingRegion] = nodes[1];
        _bankProcess.Registers[CapabilityRegisters.GrowingLeaf] = nodes[2];
        _bankProcess.Registers[CapabilityRegisters.FirstNamed + 1] = new HostedStart(_bankProcess, 0, IsOpen: true);
        _bankProcess.Registers[CapabilityRegisters.FirstNamed + 2] = nodes[3];
        _bankProcess.Registers[CapabilityRegisters.FirstNamed + 3] = nodes[4];

        byte* banks = _bankProcess.MapMemory(BookPlaces.Banks, RunBytes);
        byte* frames = _bankProcess.MapMemory(BookPlaces.Frames, RunBytes);
        Books = new Books(new BookMemory(banks, frames));
        Books.Open((uint)SystemFrames, BankPages, FramePages);
        for (uint frame = 0; frame < SystemFrames; frame++)
        {
            Books.Enter(frame, BankTree.Own, BookKind.Page, 0, 0);
        }

        for (uint bank = BankTree.Prime + 1; bank < Banks; bank++)
        {
            Books.Tree.Create(BankTree.Prime, Limit);
        }

        Client = _system.AddProcess([.. Enumerable.Range(0, (int)Banks + 1).Select(bank =>
            new HostedStart(_bankProcess, Message.Payload(0, (uint)bank)))]);
        _system.Start<BankDomain>(_bankProcess);
        Client.Enter(named: 12);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _bankProcess.Dispose();
        Client.Dispose();
    }

    /// <summary>The capability of a bank of the beginning, by its number.</summary>
    protected static ISpaceBank Bank(uint bank) => SpaceBankClient.At(CapabilityRegisters.FirstNamed + (int)bank);

    protected ulong Used(uint bank) => Books.Memory.Bank(bank).Used;

    /// <summary>What is in the register of a capability of the client's.</summary>
    protected HostedCapability? Held(ICapability thing) => Client.Registers[CapabilityClient.RegisterOf(thing)];

    /// <summary>Puts a capability into a register that the client does not use otherwise.</summary>
    protected ICapability Hold(HostedCapability? thing, int spare = 0)
    {
        int register = CapabilityRegisters.FirstNamed + (int)Banks + 2 + spare;
        Client.Registers[register] = thing;
        return CapabilityClient.At(register);
    }

    /// <summary>Buys, and gives the client's register up; null when the bank refused.</summary>
    protected HostedStored? Buy(ISpaceBank bank, uint kind)
    {
        ICapability bought;
        Result result;
        switch (kind)
        {
            case RangeKind.Page:
                result = bank.BuyPage(out IPage page);
                bought = page;
                break;
            case RangeKind.PlainNode:
                result = bank.BuyNode(out INode node);
                bought = node;
                break;
            case RangeKind.SpaceNode:
                result = bank.BuySpaceNode(12, out INode level);
                bought = level;
                break;
            case RangeKind.ForwarderNode:
                result = bank.BuyForwarder(out INode forwarder);
                bought = forwarder;
                break;
            default:
                result = bank.BuyProcess(out IProcess process);
                bought = process;
                break;
        }

        Capabilities.Release(bought);
        return result == Result.Ok ? (HostedStored?)Held(bought) : null;
    }

    /// <summary>Makes a child bank, whose capability the test keeps.</summary>
    protected HostedCapability? Child(ISpaceBank bank, ulong limit)
    {
        Result result = bank.CreateChild(limit, out ISpaceBank child);
        Capabilities.Release(child);
        return result == Result.Ok ? Held(child) : null;
    }

    /// <summary>A capability as a bank.</summary>
    protected ISpaceBank As(HostedCapability? bank, int spare = 0) => SpaceBankClient.Of(Hold(bank, spare));

    /// <summary>
    /// What is booked, of all that the range has made, is what exists, and each bank's used is what it and those below
    /// it have.
    /// </summary>
    protected void CheckThatBooksAndRangeAgree()
    {
        HashSet<(ulong, int)> booked = [];
        ulong[] used = new ulong[Books.Memory.Header.Banks];
        uint end = BookMemory.FirstFrameOf(Books.Memory.Header.FirstFresh);
        for (uint frame = (uint)SystemFrames; frame < end; frame++)
        {
            BookEntry entry = Books.Memory.Entry(frame);
            for (uint bank = entry.Owner; entry.Kind != BookKind.Free && bank != Books.None;)
            {
                used[bank]++;
                bank = Books.Memory.Bank(bank).Parent;
            }

            bool isWhole = entry.Kind is BookKind.Page or BookKind.Process;
            int nodes = entry.Kind == BookKind.Pot ? entry.Nodes : isWhole ? 1 : 0;
            booked.UnionWith(Enumerable.Range(0, 8).Where(index => (nodes >> index & 1) != 0)
                .Select(index => ((ulong)frame, index)));
        }

        Assert.That(booked, Is.EquivalentTo(Range.Objects.Keys));
        used[BankTree.Own] += SystemFrames;
        for (uint bank = 0; bank < used.Length; bank++)
        {
            bool exists = Books.Memory.Bank(bank).State != BankState.Unused;
            Assert.That(exists ? Books.Memory.Bank(bank).Used : 0UL, Is.EqualTo(used[bank]), $"used of bank {bank}");
        }
    }

    private static HostedStored MakeNode(int index) => new(ulong.MaxValue, index, RangeKind.SpaceNode);
}
