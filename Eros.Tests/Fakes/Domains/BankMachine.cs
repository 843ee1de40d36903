// BankMachine: a kernel for the bank alone, on the test's own thread and over plain dictionaries: fast enough for a
// million objects. The test is an iterator: it yields one request after another, and finds the answer in the machine
// when it goes on.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Eros.Domains.Bank;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fakes.Domains;

/// <summary>A capability of a <see cref="BankMachine"/>.</summary>
internal readonly record struct BankCapability(CapabilityType Type, uint Place = 0, uint Version = 0)
{
    public uint Frame => Books.FrameOf(Place);
}

/// <summary>What a client asks of a bank.</summary>
internal readonly record struct BankRequest(
    BankCapability Bank, uint Order, ulong Word1 = 0, ulong Word2 = 0, BankCapability Argument = default);

internal sealed unsafe class BankMachine : HostedKernel, IDisposable
{
    private const int RunBytes = 64 << 20;
    private const int RightsShift = 8;

    private static readonly BankCapability _range = new(CapabilityType.Range);
    private static readonly BankCapability _self = new(CapabilityType.Start);
    private static readonly BankCapability _level = new(CapabilityType.Node, uint.MaxValue);

    private readonly ulong _frames;
    private readonly byte* _bankRun = (byte*)NativeMemory.AllocZeroed(RunBytes);
    private readonly byte* _frameRun = (byte*)NativeMemory.AllocZeroed(RunBytes);
    private readonly BankCapability[] _registers = new BankCapability[CapabilityRegisters.Count];
    private readonly Dictionary<uint, uint> _versions = [];
    private readonly Dictionary<uint, uint> _words = [];
    private readonly Dictionary<uint, uint> _kinds = [];
    private IEnumerator<BankRequest>? _test;

    public BankMachine(ulong frames)
    {
        const int BankPages = 2;
        const int FramePages = 5;
        _frames = frames;
        Books = new Books(new BookMemory(_bankRun, _frameRun));
        Books.Open(1, BankPages, FramePages);
        Books.Enter(0, BankTree.Own, BookKind.Pot, 1, 1);
        Books.Memory.Bank(BankTree.Prime).Forwarders[0] = 0;
        _kinds[0] = RangeKind.ForwarderNode;
        _versions[0] = 1;
        _words[0] = Message.Payload(0, BankTree.Prime);
        int named = CapabilityRegisters.FirstNamed;
        int[] levels =
        [
            CapabilityRegisters.Space, CapabilityRegisters.GrowingRegion, CapabilityRegisters.GrowingLeaf,
            named + 2, named + 3,
        ];
        foreach (int register in levels)
        {
            _registers[register] = _level;
        }

        _registers[named] = _range;
        _registers[named + 1] = _self;
    }

    /// <summary>The prime bank.</summary>
    public static BankCapability Prime { get; } = new(CapabilityType.Forwarder, 0, 1);

    /// <summary>The books that the bank keeps.</summary>
    public Books Books { get; }

    /// <summary>RangeKinds of all that exists, by place.</summary>
    public IReadOnlyDictionary<uint, uint> Objects => _kinds;

    public Result Result { get; private set; }

    public ulong[] Words { get; } = new ulong[3];

    /// <summary>The first capability of the answer.</summary>
    public BankCapability Answer { get; private set; }

    /// <summary>How often each order got each result.</summary>
    public Dictionary<(uint Order, Result Result), int> Outcomes { get; } = [];

    /// <summary>Runs the bank until the test has no more requests.</summary>
    public void Run(IEnumerable<BankRequest> test)
    {
        _test = test.GetEnumerator();
        try
        {
            Run<BankDomain>();
        }
        catch (HostedStop)
        {
        }
    }

    /// <summary>The payload that a forwarder sends.</summary>
    public uint WordOf(BankCapability forwarder) => _words[forwarder.Place];

    public bool IsVoid(BankCapability thing) =>
        thing.Type == CapabilityType.Void || _versions.GetValueOrDefault(thing.Place) != thing.Version;

    public void Dispose()
    {
        NativeMemory.Free(_bankRun);
        NativeMemory.Free(_frameRun);
    }

    public override byte* MemoryAt(ulong address) => address == BookPlaces.Banks ? _bankRun : _frameRun;

    public override void Invoke(ref MessageRegisters registers)
    {
        InvocationWord word = new(registers.Control);
        if (word.Kind == InvocationKind.Call)
        {
            Answer = default;
            registers.Order = (ulong)Obey(_registers[word.Invoked], word, ref registers);
            Receive(word, Answer);
            return;
        }

        if (word.Invoked != 0)
        {
            Result = registers.Result;
            (uint, Result) outcome = (_test!.Current.Order, Result);
            Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
            (Words[0], Words[1], Words[2]) = (registers.Word1, registers.Word2, registers.Word3);
            Answer = _registers[word.SendRegister(0)];
        }

        Deliver(word, ref registers);
    }

    private void Deliver(InvocationWord word, ref MessageRegisters registers)
    {
        while (_test!.MoveNext())
        {
            BankRequest request = _test.Current;
            if (request.Bank.Type != CapabilityType.Forwarder || IsVoid(request.Bank))
            {
                Result = Result.VoidCapability;
                Answer = default;
                continue;
            }

            registers = default;
            registers.Order = request.Order;
            registers.Word1 = request.Word1;
            registers.Word2 = request.Word2;
            registers.Control = _words[request.Bank.Place];
            Receive(word, request.Argument);
            _registers[word.ReceiveRegister(3)] = new BankCapability(CapabilityType.Resume);
            return;
        }

        throw new HostedStop();
    }

    private void Receive(InvocationWord word, BankCapability first)
    {
        if (word.ReceiveRegister(0) != 0)
        {
            _registers[word.ReceiveRegister(0)] = first;
        }
    }

    private Result Obey(BankCapability invoked, InvocationWord word, ref MessageRegisters registers)
    {
        switch (invoked.Type)
        {
            case CapabilityType.Range when registers.Order == RangeOrder.Query:
                registers.Word1 = _frames;
                return Result.Ok;
            case CapabilityType.Range when registers.Order == RangeOrder.Identify:
                return Identify(_registers[word.SendRegister(0)], ref registers);
            case CapabilityType.Range:
                uint index = (byte)(registers.Order == RangeOrder.Create ? registers.Word3 : registers.Word2);
                return ObeyAsRange(Books.PlaceOf((uint)registers.Word1, (int)index), ref registers);
            case CapabilityType.Node when invoked != _level && IsVoid(invoked):
                return Result.VoidCapability;
            case CapabilityType.Node:
                return ObeyAsNode(invoked, ref registers);
            default:
                throw new InvalidOperationException($"the bank invoked {invoked}");
        }
    }

    private Result Identify(BankCapability thing, ref MessageRegisters registers)
    {
        if (thing.Type is not (CapabilityType.Page or CapabilityType.Node or CapabilityType.Process
            or CapabilityType.Forwarder) || IsVoid(thing))
        {
            return Result.BadArgument;
        }

        registers.Word1 = thing.Frame;
        registers.Word2 = (ulong)Books.IndexOf(thing.Place);
        registers.Word3 = (ulong)thing.Type | ((ulong)Rights.None << RightsShift);
        return Result.Ok;
    }

    private Result ObeyAsRange(uint place, ref MessageRegisters registers)
    {
        bool exists = _kinds.TryGetValue(place, out uint kind);
        bool creates = registers.Order == RangeOrder.Create;
        if (exists == creates)
        {
            throw new InvalidOperationException($"order {registers.Order} for place {place}, which exists: {exists}");
        }

        if (creates)
        {
            kind = (uint)registers.Word2;
            _kinds[place] = kind;
        }

        if (registers.Order != RangeOrder.Get)
        {
            _versions[place] = _versions.GetValueOrDefault(place) + 1;
        }

        if (registers.Order == RangeOrder.Rescind)
        {
            _kinds.Remove(place);
            return Result.Ok;
        }

        registers.Word1 = kind;
        Answer = new BankCapability(TypeOf(kind), place, _versions[place]);
        return Result.Ok;
    }

    private Result ObeyAsNode(BankCapability node, ref MessageRegisters registers)
    {
        switch ((uint)registers.Order)
        {
            case CommonOrder.TypeOf:
                registers.Word1 = (ulong)CapabilityType.Node;
                return Result.Ok;
            case NodeOrder.Swap:
                return Result.Ok;
            case NodeOrder.WithGuard when (registers.Word2 & (ulong)Rights.NoExecute) != 0:
                Answer = node;
                return Result.Ok;
            case NodeOrder.SetWord:
                _words[node.Place] = (uint)registers.Word1;
                return Result.Ok;
            case NodeOrder.MakeForwarder:
                Answer = node with { Type = CapabilityType.Forwarder };
                return Result.Ok;
            default:
                throw new InvalidOperationException($"the bank gave a node order {registers.Order}");
        }
    }

    private static CapabilityType TypeOf(uint kind) => kind switch
    {
        RangeKind.Page => CapabilityType.Page,
        RangeKind.Process => CapabilityType.Process,
        _ => CapabilityType.Node,
    };
}
