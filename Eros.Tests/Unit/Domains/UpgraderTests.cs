using System.Linq;
using Eros.Kernel.Protocol;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>The upgrader, where the disk cannot read just then what it moves.</summary>
public sealed class UpgraderTests
{
    private UpgraderFixture _fixture = null!;

    [SetUp]
    public void Start() => _fixture = new UpgraderFixture();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void Where_either_cannot_be_read_the_predecessor_goes_on_as_it_was([Values] bool isTrials)
    {
        _fixture.Ask();
        PlayedProcess unreadable = isTrials ? _fixture.Trial : _fixture.Place;
        unreadable.FailsAt = 0;
        int before = _fixture.Place.Done.Count;
        _fixture.Agree();
        _fixture.Await(() => _fixture.Answer != null);
        Assert.That(_fixture.Answer, Is.EqualTo(Result.BadObject));
        Assert.That(_fixture.Place.Done.Skip(before), Is.SubsetOf(new ulong[] { ProcessOrder.ReadRegisters }));
        Assert.That(_fixture.IsTaken, Is.False);
    }

    [Test]
    public void A_move_that_has_begun_is_made_whole([Values] bool isTrials, [Range(1, 17)] int order)
    {
        ulong[] whole = Move(null, 0);
        _fixture.Dispose();
        _fixture = new UpgraderFixture();
        Assert.That(Move(isTrials, order), Is.EqualTo(whole));
        Assert.That(_fixture.Answer, Is.Null, "its predecessor is no more");
    }

    /// <summary>What the predecessor's process is told. At an order, one of the two cannot be read, twice.</summary>
    private ulong[] Move(bool? isTrials, int order)
    {
        _fixture.Ask();
        int before = _fixture.Place.Done.Count;
        if (isTrials is { } which)
        {
            (which ? _fixture.Trial : _fixture.Place).FailsAt = order;
        }

        _fixture.Agree();
        _fixture.Await(() => _fixture.IsTaken);
        return [.. _fixture.Place.Done.Skip(before)];
    }
}
