// PipeDomain: one pipe. It is made by a constructor, out of the storage of whoever wants it, so a pipe that is stuck is
// its owner's trouble alone.
//
// Invariants: at most one reader and one writer wait. A reader waits only while the pipe is empty and not closed. A
// writer waits only while its bytes, which are kept here, do not fit; so there are bytes then, and no reader waits.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Pipe;

/// <summary>Facets: the pipe and its two ends.</summary>
[Domain]
public sealed partial class PipeDomain : Domain, IPipe, IPipeReader, IPipeWriter
{
    private const int ReaderFacet = 1;
    private const int WriterFacet = 2;

    private readonly Ring _ring = new(PipeLimits.Capacity);
    private readonly byte[] _out = new byte[PipeLimits.Capacity];
    private DeferredReply _reader;
    private int _wanted;
    private DeferredReply _writer;
    private byte[] _waiting = [];
    private bool _isClosed;

    /// <summary>This very process: it makes the ends.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    protected override int MaxString => PipeLimits.Capacity;

    /// <inheritdoc/>
    public Result Open(out IPipeReader reader, out IPipeWriter writer)
    {
        Self.MakeStart(Message.Payload(ReaderFacet, 0), out ICapability first);
        Result result = Self.MakeStart(Message.Payload(WriterFacet, 0), out ICapability second);
        reader = PipeReaderClient.Of(first);
        writer = PipeWriterClient.Of(second);
        return result;
    }

    /// <inheritdoc/>
    public Result Read(uint limit, Span<byte> bytes, out int length)
    {
        length = 0;
        if (limit == 0 || _reader.IsPending)
        {
            return limit == 0 ? Result.BadArgument : Result.Busy;
        }

        int wanted = (int)Math.Min(limit, PipeLimits.Capacity);
        if (_ring.Count == 0 && !_isClosed)
        {
            _reader = Defer();
            _wanted = wanted;
            return Result.Ok;
        }

        length = _ring.Take(bytes[..wanted]);
        LetWriterGo();
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Write(ReadOnlySpan<byte> bytes)
    {
        if (_writer.IsPending)
        {
            return Result.Busy;
        }

        if (_isClosed || bytes.Length > PipeLimits.Capacity)
        {
            return Result.BadArgument;
        }

        if (bytes.Length > _ring.Room)
        {
            _waiting = bytes.ToArray();
            _writer = Defer();
            return Result.Ok;
        }

        _ring.Put(bytes);
        LetReaderGo();
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Close()
    {
        _isClosed = true;
        LetReaderGo();
        return Result.Ok;
    }

    private void LetReaderGo()
    {
        if (_reader.IsPending && (_ring.Count > 0 || _isClosed))
        {
            int length = _ring.Take(_out.AsSpan(0, _wanted));
            PipeReaderServer.ReplyRead(_reader, Result.Ok, _out.AsSpan(0, length));
            _reader = default;
        }
    }

    private void LetWriterGo()
    {
        if (_writer.IsPending && _waiting.Length <= _ring.Room)
        {
            _ring.Put(_waiting);
            _waiting = [];
            PipeWriterServer.ReplyWrite(_writer, Result.Ok);
            _writer = default;
        }
    }
}
