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
            case RangeOrder.Get:
                HostedStored thing = _objects[(frame, (int)message.Words[1])];
                message.Answer(Result.Ok, thing.Kind);
                message.Capabilities[0] = thing;
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

        if (Retired.Contains(frame))
        {
            message.Answer(Result.LimitReached);
            return;
        }

        HostedStored thing = new(frame, index, kind);
        _objects[(frame, index)] = thing;
        message.Answer(Result.Ok);
        message.Capabilities[0] = thing;
    }

    private static void Identify(HostedMessage message)
    {
        if (message.Capabilities[0] is HostedStored { IsVoid: false } thing)
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
    private readonly State _state = new();

    private sealed class State
    {
        public bool IsVoid;
        public readonly byte[] Bytes = new byte[MappedPage.SizeInBytes];
        public readonly HostedCapability?[] Slots = new HostedCapability?[Node.SlotCount];
    }

    public Rights Rights { get; init; }

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

    public override void Obey(HostedMessage message)
    {
        if (IsVoid)
        {
            message.Answer(Result.VoidCapability);
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
            case NodeOrder.MakeSpace:
                message.Answer(Result.Ok);
                message.Capabilities[0] = this;
                break;
            default:
                message.Answer(Result.UnknownOrder);
                break;
        }
    }
}
