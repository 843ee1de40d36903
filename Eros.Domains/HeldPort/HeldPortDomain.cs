// HeldPortDomain: one held port (output commit). What it is sent it keeps, with the number of the generation that will
// hold it first, and answers at once. Its releaser, a second process of its owner's storage, waits for commits and
// writes, so that the port itself waits for neither.
//
// Invariants: everything is passed on in the order in which it came, and when its generation is committed. At most
// Capacity bytes are kept here. One who sends more than there is room for waits for the releaser with the port, and
// whoever else sends meanwhile waits for the port: in the kernel, where nothing is lost and no number is too large.

using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.HeldPort;

/// <summary>Facets: the port, and what it is sent by.</summary>
[Domain]
public sealed partial class HeldPortDomain : Domain, IHeldPort, IWriter
{
    private const int WriterFacet = 1;

    private readonly Queue<(byte[] Bytes, ulong Generation)> _held = new();
    private IReleaser _releaser = ReleaserClient.Void;
    private int _bytes;
    private bool _isOpen;

    // The releaser has something to do, as far as is known here.
    private bool _isReleasing;
    private Result _refusal = Result.Ok;

    /// <summary>This very process: it makes its facets, and knows its schedule.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    /// <summary>Says which generation is next.</summary>
    [Capability]
    internal partial ICheckpoint Checkpoint { get; }

    /// <summary>Makes the releaser.</summary>
    [Capability]
    internal partial IConstructor Releasers { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    protected override int MaxString => HeldPortLimits.Capacity;

    /// <inheritdoc/>
    public Result Open(IWriter output, bool isPrompt, out IWriter writer)
    {
        Result result = _isOpen ? Result.Busy : MakeReleaser();
        if (result == Result.Ok)
        {
            Self.MakeNotification(1, out INotification done);
            result = _releaser.Begin(output, done, isPrompt);
        }

        ICapability facet = CapabilityClient.At(0);
        if (result == Result.Ok)
        {
            _isOpen = true;
            result = Self.MakeStart(Message.Payload(WriterFacet, 0), out facet);
        }

        writer = WriterClient.Of(facet);
        return result;
    }

    /// <inheritdoc/>
    public Result Write(ReadOnlySpan<byte> bytes)
    {
        while (_bytes + bytes.Length > HeldPortLimits.Capacity)
        {
            PassOn();
        }

        if (_refusal != Result.Ok || bytes.Length == 0)
        {
            return _refusal;
        }

        // Its snapshot has not been taken yet: it will find these bytes here, and the sender waiting or answered.
        Checkpoint.Generation(out _, out ulong working, out _);
        _held.Enqueue((bytes.ToArray(), working));
        _bytes += bytes.Length;
        if (!_isReleasing)
        {
            PassOn();
        }

        return Result.Ok;
    }

    // What is told may be the end of something before, when somebody has waited for that in the middle of a write. Then
    // the releaser is not free, and the next to write waits for it: which harms nobody.
    protected override void Notified(uint bits)
    {
        _isReleasing = false;
        if (_held.Count > 0)
        {
            PassOn();
        }
    }

    private Result MakeReleaser()
    {
        Self.FetchSlot(ProcessSlot.Schedule, out ICapability schedule);
        Result result = Releasers.Request(
            SpaceBankClient.At(CapabilityRegisters.Bank),
            ScheduleClient.Of(schedule),
            CapabilityClient.At(0),
            out ICapability product);
        if (result == Result.Ok)
        {
            Capabilities.Keep(product);
            _releaser = ReleaserClient.Of(product);
        }

        return result;
    }

    /// <summary>
    /// Has everything written that may be, and the generation waited for that the next belongs to. Waits for the
    /// releaser, if that is not free, and for the disk, if that cannot read it.
    /// </summary>
    private void PassOn()
    {
        ulong committed;
        while (Sleep.PauseIfUnread(_refusal = _releaser.Reached(out committed)))
        {
        }

        while (_held.Count > 0 && (_held.Peek().Generation <= committed || _refusal != Result.Ok))
        {
            byte[] bytes = _held.Peek().Bytes;
            while (Sleep.PauseIfUnread(_releaser.Add(bytes)))
            {
            }

            _held.Dequeue();
            _bytes -= bytes.Length;
        }

        _isReleasing = true;
        ulong next = _held.Count > 0 ? _held.Peek().Generation : 0;
        while (Sleep.PauseIfUnread(_releaser.GoOn(next)))
        {
        }
    }
}
