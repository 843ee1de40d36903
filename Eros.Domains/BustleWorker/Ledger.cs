using System;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BustleWorker;

/// <summary>Keeps a worker's record, here and in the page that all workers share; the two must agree.</summary>
internal sealed class Ledger
{
    private readonly IPage _page;
    private readonly ulong _offset;
    private BustleRecord _own;

    /// <summary>What was last stored: it must be in the page.</summary>
    private BustleRecord _stored;

    public Ledger(IPage page, uint number, BustleTask task)
    {
        _page = page;
        _offset = number * (ulong)BustleRecord.SizeInBytes;
        _own.Task = task;
        Store();
    }

    public ulong Rounds => _own.Rounds;

    public ulong Done
    {
        get => _own.Done;
        set => _own.Done = value;
    }

    public ulong UnderWay
    {
        get => _own.UnderWay;
        set => _own.UnderWay = value;
    }

    /// <summary>From now on the worker is in the middle of something else.</summary>
    public void Enter(BustleStep step)
    {
        _own.Step = step;
        Store();
    }

    /// <summary>A round is over.</summary>
    public void EndRound()
    {
        Span<byte> bytes = stackalloc byte[BustleRecord.SizeInBytes];
        Result result = _page.Read(_offset, BustleRecord.SizeInBytes, bytes, out _);
        Demand(result == Result.Ok && bytes.SequenceEqual(Bytes(ref _stored)), Claim.RecordIsMine);
        _own.Rounds++;
        Enter(BustleStep.None);
    }

    /// <summary>Something that must be so.</summary>
    public void Demand(bool isRight, Claim claim)
    {
        if (!isRight)
        {
            _own.FirstWrong = _own.Wrong == 0 ? (ulong)claim : _own.FirstWrong;
            _own.Wrong++;
            Store();
        }
    }

    private static ReadOnlySpan<byte> Bytes(ref BustleRecord record) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<BustleRecord>(in record));

    private void Store()
    {
        _stored = _own;
        _page.Write(_offset, Bytes(ref _stored));
    }
}

/// <summary>What must be so.</summary>
internal enum Claim : ulong
{
    None = 0,
    RecordIsMine,
    CallSucceeds,
    AccountIsExact,
    LimitHolds,
    FreedIsVoid,
    ContentsStay,
    DestroyedIsVoid,
    AllIsGivenBack,
    BytesAreInOrder,
    NamesAreKnown,
    NamesAreInOrder,
    EventIsHeard,
    WordIsWhole,
    CallsAreCounted,
    SumIsRight,
}
