using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BustleWorker;

/// <summary>Kinds of events, and who waits where.</summary>
internal static class EventKinds
{
    public const uint Ping = 1 << 3;
    public const uint Pong = 1 << 30;
    public const uint PosterPlace = 2;
    public const uint WaiterPlace = 15;
}

/// <summary>Posts, and waits for the answer: one that is lost stops both for ever.</summary>
internal sealed class PosterWork(IEventMultiplexer multiplexer) : Bustling
{
    private readonly IEventMultiplexer _multiplexer = multiplexer;
    private INotification _source = NotificationClient.Void;
    private IEventRecipient _recipient = EventRecipientClient.Void;

    protected override void Begin()
    {
        Succeed(_multiplexer.Source(EventKinds.Ping, out _source));
        Succeed(_multiplexer.Recipient(EventKinds.PosterPlace, out _recipient));
    }

    protected override void Round()
    {
        Ledger.Enter(BustleStep.Post);
        _source.Notify();
        Ledger.Enter(BustleStep.Wait);
        Result result = _recipient.Wait(EventKinds.Pong, out uint come);
        Ledger.Demand(result == Result.Ok && come == EventKinds.Pong, Claim.EventIsHeard);
    }
}

/// <summary>Waits, and answers.</summary>
internal sealed class WaiterWork(IEventMultiplexer multiplexer) : Bustling
{
    private readonly IEventMultiplexer _multiplexer = multiplexer;
    private INotification _source = NotificationClient.Void;
    private IEventRecipient _recipient = EventRecipientClient.Void;

    protected override void Begin()
    {
        Succeed(_multiplexer.Source(EventKinds.Pong, out _source));
        Succeed(_multiplexer.Recipient(EventKinds.WaiterPlace, out _recipient));
    }

    protected override void Round()
    {
        Ledger.Enter(BustleStep.Wait);
        Result result = _recipient.Wait(EventKinds.Ping, out uint come);
        Ledger.Demand(result == Result.Ok && come == EventKinds.Ping, Claim.EventIsHeard);
        Ledger.Done++;
        Ledger.Enter(BustleStep.Post);
        _source.Notify();
    }
}
