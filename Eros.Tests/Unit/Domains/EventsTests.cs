using System.Threading;
using Eros.Domains.Events;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

public sealed class EventsTests
{
    private ServiceFixture<EventsDomain> _fixture = null!;
    private IEventMultiplexer _events = null!;

    [SetUp]
    public void Start()
    {
        _fixture = new ServiceFixture<EventsDomain>();
        _fixture.NewClient().Enter(named: 1);
        _events = EventMultiplexerClient.At(CapabilityRegisters.FirstNamed);
    }

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void Each_place_hears_of_each_event_once()
    {
        _events.Source(0b101, out INotification source);
        _events.Recipient(0, out IEventRecipient first);
        _events.Recipient(15, out IEventRecipient second);
        source.Notify();
        source.Notify();
        Assert.That(Wait(first, 0b001), Is.EqualTo(0b001));
        Assert.That(Wait(first, 0b111), Is.EqualTo(0b100), "what was heard is forgotten");
        Assert.That(Wait(second, 0b111), Is.EqualTo(0b101), "the other place has it still");
    }

    [Test]
    public void Who_waits_hears_of_what_it_waits_for_and_of_nothing_else()
    {
        uint come = 0;
        Thread waiting = _fixture.Begin(() =>
        {
            EventMultiplexerClient.At(CapabilityRegisters.FirstNamed).Recipient(3, out IEventRecipient place);
            come = Wait(place, 0b10);
        });
        _events.Source(0b01, out INotification other);
        _events.Source(0b10, out INotification wanted);
        other.Notify();
        wanted.Notify();
        waiting.Join();
        Assert.That(come, Is.EqualTo(0b10));
    }

    [Test]
    public void Nothing_to_wait_for_and_no_such_place_are_refused()
    {
        Assert.That(_events.Recipient(EventLimits.Recipients, out _), Is.EqualTo(Result.BadArgument));
        _events.Recipient(0, out IEventRecipient place);
        Assert.That(place.Wait(0, out _), Is.EqualTo(Result.BadArgument));
    }

    private static uint Wait(IEventRecipient place, uint kinds)
    {
        Assert.That(place.Wait(kinds, out uint come), Is.EqualTo(Result.Ok));
        return come;
    }
}
