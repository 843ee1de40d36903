// EventsDomain: one event multiplexer, made by a constructor out of its owner's storage. Events come as notifications,
// which the kernel keeps for this process until it hears of them: so who posts never waits, and nothing is lost.
//
// Invariant: whoever waits at a place waits for kinds that have not come there.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Events;

/// <summary>Facets: the multiplexer; a place to wait at, by the badge.</summary>
[Domain]
public sealed partial class EventsDomain : Domain, IEventMultiplexer, IEventRecipient
{
    private const int RecipientFacet = 1;

    private readonly Place[] _places = new Place[EventLimits.Recipients];

    private struct Place
    {
        public uint Come;
        public uint Wanted;
        public DeferredReply Waiter;
    }

    /// <summary>This very process: it makes sources and places.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    /// <inheritdoc/>
    public Result Source(uint kinds, out INotification source) => Self.MakeNotification(kinds, out source);

    /// <inheritdoc/>
    public Result Recipient(uint number, out IEventRecipient recipient)
    {
        recipient = EventRecipientClient.Void;
        if (number >= EventLimits.Recipients)
        {
            return Result.BadArgument;
        }

        Result result = Self.MakeStart(Message.Payload(RecipientFacet, number), out ICapability start);
        recipient = EventRecipientClient.Of(start);
        return result;
    }

    /// <inheritdoc/>
    public Result Wait(uint kinds, out uint come)
    {
        ref Place place = ref _places[Badge];
        come = place.Come & kinds;
        if (kinds == 0 || place.Waiter.IsPending)
        {
            return kinds == 0 ? Result.BadArgument : Result.Busy;
        }

        place.Come &= ~come;
        if (come == 0)
        {
            place.Wanted = kinds;
            place.Waiter = Defer();
        }

        return Result.Ok;
    }

    protected override void Notified(uint bits)
    {
        for (int i = 0; i < _places.Length; i++)
        {
            ref Place place = ref _places[i];
            place.Come |= bits;
            uint come = place.Come & place.Wanted;
            if (place.Waiter.IsPending && come != 0)
            {
                place.Come &= ~come;
                EventRecipientServer.ReplyWait(place.Waiter, Result.Ok, come);
                place.Waiter = default;
            }
        }
    }
}
