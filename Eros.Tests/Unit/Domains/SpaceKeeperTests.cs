using Eros.Domains.Runtime;
using Eros.Domains.SpaceKeeper;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>The keeper of spaces where something in its way goes wrong, or shall change nothing any more.</summary>
public sealed class SpaceKeeperTests
{
    private const int KeeperFacet = CapabilityRegisters.FirstNamed;
    private const int CopiesFacet = KeeperFacet + 1;
    private const int FirstSpare = KeeperFacet + 2;
    private const ulong WriteAccess = 1;

    private readonly HostedCapability?[] _keptSlots = new HostedCapability?[NodeSlot.Count];
    private HostedSystem _system = null!;
    private HostedProcess _server = null!;
    private HostedProcess _client = null!;
    private Result _copies;
    private int _stored;
    private int _givenBack;
    private ulong _rightsOfFrozen;

    [SetUp]
    public void Start()
    {
        _copies = Result.Ok;
        _stored = _givenBack = 0;
        _rightsOfFrozen = 0;
        _system = new HostedSystem();
        HostedService nothing = new(message => message.Answer(Result.UnknownOrder));
        _server = _system.AddProcess(nothing, nothing, nothing, nothing, new HostedService(Amplify));
        _keptSlots[KeptSpace.Bank] = new HostedService(Bank);
        _keptSlots[KeptSpace.Image] = new HostedService(message => Locate(message, CapabilityType.Page, nothing));
        _keptSlots[KeptSpace.Root] = new HostedService(Guard);
        _keptSlots[KeptSpace.HandedOut] = null;
        HostedService kept = new(Kept);
        _client = _system.AddProcess(new HostedStart(_server, 0), new HostedStart(_server, 1), kept);
        _system.Start<SpaceKeeperDomain>(_server);
        _client.Enter(named: 3);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _server.Dispose();
        _client.Dispose();
        Assert.That(_system.Failure, Is.Null);
    }

    [TestCase(Result.Ok)]
    [TestCase(Result.BadArgument)]
    [TestCase(Result.BadObject)]
    public void A_page_is_put_into_a_space_only_when_it_holds_what_the_image_does(Result copies)
    {
        _copies = copies;
        Result result = SpaceKeeperClient.At(KeeperFacet).Fault(
            (ulong)FaultCode.Access, 0x5000, WriteAccess, NodeClient.At(FirstSpare));
        Assert.That(result, Is.EqualTo(copies));
        Assert.That(_stored, Is.EqualTo(copies == Result.Ok ? 1 : 0));
        Assert.That(_givenBack, Is.EqualTo(copies == Result.Ok ? 0 : 1), "nothing stays behind");
    }

    [Test]
    public void A_frozen_space_is_out_of_reach_for_its_keeper_too()
    {
        Result result = VirtualCopiesClient.At(CopiesFacet).Freeze(SpaceClient.At(FirstSpare), out _);
        Assert.That(result, Is.EqualTo(Result.Ok));
        Assert.That((Rights)_rightsOfFrozen & Rights.Weak, Is.EqualTo(Rights.Weak), "or it would go on below the root");
        Assert.That((Rights)_rightsOfFrozen & Rights.ReadOnly, Is.EqualTo(Rights.ReadOnly));
    }

    private static void Locate(HostedMessage message, CapabilityType type, HostedCapability holder)
    {
        if (message.Order == CommonOrder.TypeOf)
        {
            message.Answer(Result.Ok, (ulong)CapabilityType.Node);
            return;
        }

        message.Answer(Result.Ok, 5, Eros.Persistence.Layout.Guard.PageLog2, (ulong)type);
        message.Capabilities[0] = type == CapabilityType.Page ? holder : null;
        message.Capabilities[1] = holder;
    }

    private void Kept(HostedMessage message)
    {
        switch ((uint)message.Order)
        {
            case NodeOrder.Locate:
                Locate(message, CapabilityType.Void, new HostedService(Holder));
                break;
            case NodeOrder.Fetch:
                HostedCapability? held = _keptSlots[message.Words[0]];
                message.Answer(Result.Ok);
                message.Capabilities[0] = held;
                break;
            default:
                message.Answer(Result.Ok);
                break;
        }
    }

    private void Holder(HostedMessage message)
    {
        _stored += message.Order == NodeOrder.Swap ? 1 : 0;
        message.Answer(Result.Ok);
    }

    private void Guard(HostedMessage message)
    {
        _rightsOfFrozen = message.Words[1];
        message.Answer(Result.Ok);
        message.Capabilities[0] = new HostedService(Holder);
    }

    private void Bank(HostedMessage message)
    {
        bool isPage = message.Order == SpaceBankOrder.BuyPage;
        _givenBack += message.Order == SpaceBankOrder.Free ? 1 : 0;
        message.Answer(Result.Ok);
        message.Capabilities[0] = isPage
            ? new HostedService(asked => asked.Answer(asked.Order == PageOrder.CopyFrom ? _copies : Result.Ok))
            : null;
    }

    private void Amplify(HostedMessage message)
    {
        bool isSpace = message.Order == ProcessToolOrder.AmplifySpace;
        message.Answer(Result.Ok);
        message.Capabilities[0] = isSpace ? new HostedService(Kept) : null;
    }
}
