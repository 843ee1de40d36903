using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BustleWorker;

/// <summary>The bytes of the pipe, a running sequence.</summary>
internal static class PipeBytes
{
    public const int Most = 1500;

    public static byte At(ulong place) => (byte)((place * 167) ^ (place >> 8) ^ (place >> 16));
}

/// <summary>Puts them in, many at a time and few.</summary>
internal sealed class WriterWork(IPipeWriter pipe) : Bustling
{
    private readonly IPipeWriter _pipe = pipe;
    private readonly byte[] _bytes = new byte[PipeBytes.Most];

    protected override void Round()
    {
        int count = 1 + (int)Dice.Below(PipeBytes.Most);
        for (int i = 0; i < count; i++)
        {
            _bytes[i] = PipeBytes.At(Ledger.Done + (ulong)i);
        }

        Ledger.UnderWay = (ulong)count;
        Ledger.Enter(BustleStep.Write);
        Succeed(_pipe.Write(_bytes.AsSpan(0, count)));
        Ledger.UnderWay = 0;
        Ledger.Done += (ulong)count;
    }
}

/// <summary>Takes them out: none is missing, none comes twice.</summary>
internal sealed class ReaderWork(IPipeReader pipe) : Bustling
{
    private readonly IPipeReader _pipe = pipe;
    private readonly byte[] _bytes = new byte[PipeBytes.Most];

    protected override void Round()
    {
        Ledger.Enter(BustleStep.Read);
        Result result = _pipe.Read(_bytes.AsSpan(0, 1 + (int)Dice.Below(PipeBytes.Most)), out int length);
        Succeed(result);
        bool isRight = length > 0;
        for (int i = 0; i < length; i++)
        {
            isRight &= _bytes[i] == PipeBytes.At(Ledger.Done + (ulong)i);
        }

        Ledger.Demand(isRight, Claim.BytesAreInOrder);
        Ledger.Done += (ulong)length;
    }
}
