using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.BustleWorker;

/// <summary>Words of the gate's forwarder: odd ones only stand there while it is blocked.</summary>
internal static class GateWords
{
    private const int Facet = 0;

    public static uint Of(uint word) => Message.Payload(Facet, word);
}

/// <summary>Blocks the gate, leaves a wrong word in it for a while, puts a right one there, and releases.</summary>
internal sealed class GatekeeperWork(INode forwarder, ISleep sleep) : Bustling
{
    private const uint LongestNs = 200_000;
    private const uint Words = 1000;

    private readonly INode _forwarder = forwarder;
    private readonly ISleep _sleep = sleep;

    protected override void Round()
    {
        uint word = 2 * Dice.Below(Words);
        Ledger.Enter(BustleStep.Block);
        Succeed(_forwarder.SetFlags((ulong)NodeFlags.Blocked));
        Succeed(_forwarder.SetWord(GateWords.Of(word + 1)));
        _sleep.For(Dice.Below(LongestNs));
        Succeed(_forwarder.SetWord(GateWords.Of(word)));
        Ledger.Enter(BustleStep.Release);
        Succeed(_forwarder.SetFlags(0));
        _sleep.For(Dice.Below(LongestNs));
    }
}

/// <summary>Calls through the gate.</summary>
internal sealed class CallerWork(IBustleWorker server) : Bustling
{
    private readonly IBustleWorker _server = server;

    protected override void Round()
    {
        Ledger.Enter(BustleStep.Call);
        Result result = _server.Pass(out ulong count, out uint word);
        Succeed(result);
        Ledger.Demand(word % 2 == 0, Claim.WordIsWhole);
        Ledger.Demand(count > Ledger.Done, Claim.CallsAreCounted);
        Ledger.Done = count;
    }
}
