// HostedStorage: the range of a HostedSystem and what is made from it. Objects keep versions, so that what is
// rescinded is void; pages keep bytes, nodes and processes what their orders need of them in tests of programs.

using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fakes.Domains;

internal sealed record HostedRange(ulong Frames) : HostedObject
{
    private readonly Dictionary<(ulong Frame, int Index), HostedStored> _objects = [];

    /// <summary>Frames whose versions are used up.</summary>
    public HashSet<ulong> Retired { get; } = [];

    /// <summary>Nodes whose versions are used up.</summary>
    public HashSet<(ulong Frame, int Index)> RetiredNodes { get; } = [];

    /// <summary>Frames that the disk has lost.</summary>
    public HashSet<ulong> Lost { get; } = [];

    /// <summary>Objects that exist.</summary>
    public IReadOnlyDictionary<(ulong Frame, int Index), HostedStored> Objects => _objects;

    public override void Obey(HostedMessage message)
    {
        ulong frame = message.Words[0];
        switch ((uint)message.Order)
        {
            case RangeOrder.Query:
                message.Answer(Result.Ok, Frames);
                break;
            case >= RangeOrder.Create and not RangeOrder.Identify when Lost.Contains(frame):
                message.Answer(Result.BadArgument);
                break;
            case RangeOrder.Create:
                Create(message, frame, (uint)message.Words[1], (int)(byte)message.Words[2]);
                break;
            case RangeOrder.Rescind:
                bool isThere = _objects.Remove((frame, (int)message.Words[1]), out HostedStored? gone);
                gone?.Rescind();
                message.Answer(isThere ? Result.Ok : Result.BadArgument);
                break;
            case RangeOrder.Identify:
                Identify(message);
                break;
            case RangeOrder.Get or RangeOrder.Sever:
                GetOrSever(message, (frame, (int)message.Words[1]), message.Order == RangeOrder.Sever);
                break;
            default:
                message.Answer(Result.UnknownOrder);
                break;
        }
    }

    private void Create(HostedMessage message, ulong frame, uint kind, int index)
    {
        if (frame >= Frames || index >= NodePot.NodeCount || _objects.ContainsKey((frame, index)))
        {
            message.Answer(Result.BadArgument);
            return;
        }

        if (Retired.Contains(frame) || RetiredNodes.Contains((frame, index)))
        {
            message.Answer(Result.LimitReached);
            return;
        }

        HostedStored thing = new(frame, index, kind);
        _objects[(frame, index)] = thing;
        message.Answer(Result.Ok);
        message.Capabilities[0] = thing;
    }

    private void GetOrSever(HostedMessage message, (ulong Frame, int Index) place, bool severs)
    {
        if (!_objects.TryGetValue(place, out HostedStored? thing) || (severs && thing.Kind == RangeKind.Process))
        {
            message.Answer(Result.BadArgument);
            return;
        }

        if (severs)
        {
            thing = _objects[place] = thing.Severed();
        }

        message.Answer(Result.Ok, thing.Kind);
        message.Capabilities[0] = thing;
    }

    private static void Identify(HostedMessage message)
    {
        if (message.Capabilities[0] is HostedForwarder { Node: { IsVoid: false } node })
        {
            message.Answer(Result.Ok, node.Frame, (ulong)node.Index, (ulong)CapabilityType.Forwarder);
        }
        else if (message.Capabilities[0] is HostedStored { IsVoid: false } thing)
        {
            ulong shape = (ulong)thing.Type | ((ulong)thing.Rights << 8);
            message.Answer(Result.Ok, thing.Frame, (ulong)thing.Index, shape);
        }
        else
        {
            message.Answer(Result.BadArgument);
        }
    }
}

/// <summary>A page, node or process.</summary>
internal sealed record HostedStored(ulong Frame, int Index, uint Kind) : HostedObject
{
    private State _state = new();

    private sealed class State
    {
        public bool IsVoid;
        public uint Word;
        public byte[] Bytes = new byte[MappedPage.SizeInBytes];
        public HostedCapability?[] Slots = new HostedCapability?[Node.SlotCount];
    }

    public Rights Rights { get; init; }

    /// <summary>The payload of a forwarder.</summary>
    public uint Word => _state.Word;

    public bool IsVoid => _state.IsVoid;

    public HostedCapability?[] Slots => _state.Slots;

    public byte[] Bytes => _state.Bytes;

    public CapabilityType Type => Kind switch
    {
        RangeKind.Page => CapabilityType.Page,
        RangeKind.Process => CapabilityType.Process,
        _ => CapabilityType.Node,
    };

    public void Rescind() => _state.IsVoid = true;

    /// <summary>The same object for who gets it now; to all others it is void.</summary>
    public HostedStored Severed()
    {
        State state = new() { Word = _state.Word, Bytes = _state.Bytes, Slots = _state.Slots };
        Rescind();
        return this with { _state = state };
    }

    public override void Obey(HostedMessage message)
    {
        if (IsVoid)
        {
            message.Answer(Result.VoidCapability);
        }
        else if (message.Order == CommonOrder.TypeOf)
        {
            message.Answer(Result.Ok, (ulong)Type, (ulong)Rights);
        }
        else if (Type == CapabilityType.Page)
        {
            ObeyAsPage(message);
        }
        else
        {
            ObeyAsNode(message);
        }
    }

    private void ObeyAsPage(HostedMessage message)
    {
        switch ((uint)message.Order)
        {
            case PageOrder.Reduce:
                Rights rights = Rights | (Rights)message.Words[0];
                message.Answer(Result.Ok);
                message.Capabilities[0] = this with { Rights = rights };
                break;
            case PageOrder.Read:
                byte[] bytes = Bytes.AsSpan((int)message.Words[0], (int)message.Words[1]).ToArray();
                message.Answer(Result.Ok);
                message.Text = bytes;
                break;
            default:
                message.Answer(Result.UnknownOrder);
                break;
        }
    }

    private void ObeyAsNode(HostedMessage message)
    {
        switch ((uint)message.Order)
        {
            case NodeOrder.Fetch:
                HostedCapability? fetched = Slots[message.Words[0]];
                message.Answer(Result.Ok);
                message.Capabilities[0] = fetched;
                break;
            case NodeOrder.Swap:
                ref HostedCapability? slot = ref Slots[message.Words[0]];
                (HostedCapability? before, slot) = (slot, message.Capabilities[0]);
                message.Answer(Result.Ok);
                message.Capabilities[0] = before;
                break;
            case NodeOrder.CopyFrom:
                ((HostedStored)message.Capabilities[0]!).Slots.CopyTo(Slots, 0);
                message.Answer(Result.Ok);
                break;
            case NodeOrder.MakeSpace or NodeOrder.Reduce:
                message.Answer(Result.Ok);
                message.Capabilities[0] = this;
                break;
            case NodeOrder.SetWord:
                _state.Word = (uint)message.Words[0];
                message.Answer(Result.Ok);
                break;
            case NodeOrder.MakeForwarder:
                message.Answer(Result.Ok);
                message.Capabilities[0] = new HostedForwarder(this);
                break;
            default:
                message.Answer(Result.UnknownOrder);
                break;
        }
    }
}

/// <summary>The right to invoke what a forwarder leads to.</summary>
internal sealed record HostedForwarder(HostedStored Node) : HostedCapability
{
    /// <summary>Where an invocation goes in the end.</summary>
    public static HostedCapability? Follow(HostedCapability? capability)
    {
        while (capability is HostedForwarder forwarder)
        {
            HostedCapability? target = forwarder.Node.IsVoid ? null : forwarder.Node.Slots[0];
            capability = target is HostedStart { IsOpen: true } start
                ? start with { Payload = forwarder.Node.Word }
                : target;
        }

        return capability;
    }
}
