using Eros.Domains.Constructor;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>
/// What a constructor says of its products is true for ever: nothing gets in after sealing, a client's facet builds
/// nothing, a builder's of another constructor changes nothing here.
/// </summary>
public sealed unsafe class ConstructorRulesTests
{
    private const int Maker = CapabilityRegisters.FirstNamed;
    private const int Bank = Maker + 1;
    private const int FirstSpare = Maker + 2;

    private HostedSystem _system = null!;
    private HostedProcess _server = null!;
    private HostedProcess _client = null!;
    private ulong _bought;

    private static IMetaConstructor MetaConstructor => MetaConstructorClient.At(Maker);

    /// <summary>Read-only pages are discreet here, and what is void; a service is not.</summary>
    private ICapability Discreet => Hold(0, Page());

    private ICapability Mailbox => Hold(1, new HostedService(message => message.Answer(Result.Ok)));

    [SetUp]
    public void Start()
    {
        _bought = 0;
        _system = new HostedSystem();
        HostedService nothing = new(message => message.Answer(Result.UnknownOrder));
        HostedService self = new(message =>
        {
            message.Answer(Result.Ok);
            message.Capabilities[0] = new HostedStart(_server, 0, IsOpen: true);
        });
        HostedService bank = new(Sell);
        _server = _system.AddProcess(
            self, nothing, bank, new HostedService(Discriminate), new HostedService(Amplify), nothing, nothing, Node());
        _server.MapMemory(SpaceLayout.Windows, MappedPage.SizeInBytes);
        _client = _system.AddProcess(new HostedStart(_server, 0), bank);
        _system.Start<ConstructorDomain>(_server);
        _client.Enter(named: 8);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _server.Dispose();
        _client.Dispose();
        Assert.That(_system.Failure, Is.Null);
    }

    [Test]
    public void Nothing_is_said_and_nothing_made_before_it_is_sealed()
    {
        IConstructorBuilder builder = Make(out HostedStored[] nodes);
        IConstructor early = ConstructorClient.Of(Hold(2, new HostedForwarder(nodes[Facets.Client])));
        Assert.Multiple(() =>
        {
            Assert.That(early.IsConfined(out bool isConfined), Is.EqualTo(Constructors.NotSealed));
            Assert.That(isConfined, Is.False);
            Assert.That(early.Holes(out _), Is.EqualTo(Constructors.NotSealed));
            Assert.That(early.FindHoles(Mailbox, out _), Is.EqualTo(Constructors.NotSealed));
            Assert.That(Request(early), Is.EqualTo(Constructors.NotSealed));
        });
        Assert.That(builder.Seal(out IConstructor sealedOne), Is.EqualTo(Result.Ok));
        Assert.That(sealedOne.IsConfined(out bool isSafe), Is.EqualTo(Result.Ok));
        Assert.That(isSafe, "it has nothing");
    }

    [Test]
    public void Nothing_gets_in_after_sealing()
    {
        IConstructorBuilder builder = Make(out HostedStored[] nodes);
        builder.Insert(0, Discreet);
        builder.Seal(out IConstructor constructor);
        HostedCapability?[] before = [.. nodes[0].Slots];
        Assert.Multiple(() =>
        {
            Assert.That(builder.Insert(0, Mailbox), Is.EqualTo(Constructors.Sealed));
            Assert.That(builder.Insert(5, Mailbox), Is.EqualTo(Constructors.Sealed));
            Assert.That(builder.SetKeeper(Mailbox), Is.EqualTo(Constructors.Sealed));
            Assert.That(builder.SetProgram(NodeClient.Of(Mailbox), 1, 2), Is.EqualTo(Constructors.Sealed));
            Assert.That(builder.SetStart(1, 2, 3), Is.EqualTo(Constructors.Sealed));
            Assert.That(builder.Seal(out IConstructor again), Is.EqualTo(Constructors.Sealed));
            Assert.That(_client.Registers[CapabilityClient.RegisterOf(again)], Is.Null);
            Assert.That(nodes[0].Slots, Is.EqualTo(before));
            Assert.That(HolesOf(constructor), Is.Zero);
        });
    }

    [Test]
    public void A_clients_facet_builds_nothing()
    {
        IConstructorBuilder builder = Make(out HostedStored[] nodes);
        builder.Insert(0, Discreet);
        builder.Seal(out IConstructor constructor);
        HostedCapability?[] before = [.. nodes[0].Slots];
        IConstructorBuilder pretended = ConstructorBuilderClient.Of(constructor);
        pretended.Insert(1, Mailbox);
        pretended.SetKeeper(Mailbox);
        pretended.SetProgram(NodeClient.Of(Mailbox), 1, 2);
        pretended.SetStart(1, 2, 3);
        Assert.That(pretended.Seal(out _), Is.EqualTo(Result.UnknownOrder));
        Assert.That(nodes[0].Slots, Is.EqualTo(before));
        Assert.That(HolesOf(constructor), Is.Zero);
    }

    [Test]
    public void A_builder_reaches_its_own_constructor_only()
    {
        IConstructorBuilder one = Make(out HostedStored[] ones);
        IConstructorBuilder other = Make(out HostedStored[] others);
        Assert.That(one.Insert(4, Mailbox), Is.EqualTo(Result.Ok));
        Assert.That(ones[0].Slots[4], Is.Not.Null);
        Assert.That(others[0].Slots, Is.All.Null);
        one.Seal(out IConstructor first);
        Assert.That(other.Insert(0, Discreet), Is.EqualTo(Result.Ok), "that one is still open");
        other.Seal(out IConstructor second);
        Assert.That(HolesOf(first), Is.EqualTo(1u << 4));
        Assert.That(HolesOf(second), Is.Zero);
    }

    [Test]
    public void Holes_are_what_is_not_safe_and_can_be_told_apart()
    {
        IConstructorBuilder builder = Make(out _);
        ICapability mailbox = Mailbox;
        ICapability log = Hold(3, new HostedService(message => message.Answer(Result.UnknownOrder)));
        Assert.That(builder.Insert(0, mailbox), Is.EqualTo(Result.Ok));
        Assert.That(builder.Insert(1, mailbox), Is.EqualTo(Result.Ok));
        Assert.That(builder.Insert(1, Discreet), Is.EqualTo(Result.Ok), "what was there is replaced");
        Assert.That(builder.Insert(15, log), Is.EqualTo(Result.Ok));
        Assert.That(builder.Insert(16, log), Is.EqualTo(Result.BadArgument), "that is the keeper's place");
        Assert.That(builder.SetKeeper(log), Is.EqualTo(Result.Ok));
        builder.Seal(out IConstructor constructor);
        const uint Logs = (1u << 15) | (1u << Constructors.KeeperBit);
        Assert.That(HolesOf(constructor), Is.EqualTo(1u | Logs));
        Assert.That(constructor.FindHoles(log, out uint found), Is.EqualTo(Result.Ok));
        Assert.That(found, Is.EqualTo(Logs));
        Assert.That(constructor.FindHoles(Discreet, out found), Is.EqualTo(Result.Ok));
        Assert.That(found, Is.Zero);
    }

    [Test]
    public void A_constructor_is_safe_inside_another_when_it_is_sealed_and_has_no_hole()
    {
        IConstructorBuilder inner = Make(out HostedStored[] nodes);
        IConstructorBuilder leaky = Make(out _);
        leaky.Insert(0, Mailbox);
        leaky.Seal(out IConstructor withHole);
        ICapability early = Hold(2, new HostedForwarder(nodes[Facets.Client]));
        IConstructorBuilder outer = Make(out _);
        Assert.That(outer.Insert(0, early), Is.EqualTo(Result.Ok));
        Assert.That(outer.Insert(1, inner), Is.EqualTo(Result.Ok));
        Assert.That(outer.Insert(2, withHole), Is.EqualTo(Result.Ok));
        inner.Seal(out IConstructor confined);
        Assert.That(outer.Insert(3, confined), Is.EqualTo(Result.Ok));
        outer.Seal(out IConstructor constructor);
        Assert.That(HolesOf(constructor), Is.EqualTo(0b111), "not sealed; a builder's facet; a hole of its own");
    }

    private static uint HolesOf(IConstructor constructor)
    {
        Assert.That(constructor.Holes(out uint holes), Is.EqualTo(Result.Ok));
        return holes;
    }

    private static Result Request(IConstructor constructor) => constructor.Request(
        SpaceBankClient.At(Bank), ScheduleClient.At(0), CapabilityClient.At(0), out _);

    private static bool IsDiscreet(HostedCapability? thing) =>
        thing is null or HostedStored { Kind: RangeKind.Page, Rights: Rights.ReadOnly };

    private ICapability Hold(int spare, HostedCapability thing)
    {
        _client.Registers[FirstSpare + spare] = thing;
        return CapabilityClient.At(FirstSpare + spare);
    }

    private HostedStored Page() => new(_bought++, 0, RangeKind.Page) { Rights = Rights.ReadOnly };

    private HostedStored Node() => new(_bought++, 0, RangeKind.PlainNode);

    /// <summary>Makes a constructor; its three nodes, as Materials numbers them.</summary>
    private IConstructorBuilder Make(out HostedStored[] nodes)
    {
        nodes = new HostedStored[Materials.Places];
        HostedStored[] bought = nodes;
        int count = 0;
        _client.Registers[Bank] = new HostedService(message =>
        {
            Sell(message);
            if (message.Capabilities[0] is HostedStored node)
            {
                bought[count++] = node;
            }
        });
        Assert.That(MetaConstructor.MakeConstructor(SpaceBankClient.At(Bank), out IConstructorBuilder builder),
            Is.EqualTo(Result.Ok));
        Assert.That(nodes, Is.All.Not.Null);
        return builder;
    }

    private void Sell(HostedMessage message)
    {
        HostedStored? sold = (uint)message.Order switch
        {
            SpaceBankOrder.BuyNode => Node(),
            SpaceBankOrder.BuyForwarder => new HostedStored(_bought++, 0, RangeKind.ForwarderNode),
            _ => null,
        };
        message.Answer(Result.Ok, message.Order == SpaceBankOrder.Verify ? 1u : 0);
        message.Capabilities[0] = sold;
    }

    private static void Discriminate(HostedMessage message)
    {
        HostedCapability? one = message.Capabilities[0];
        HostedCapability? other = message.Capabilities[1];
        ulong word = (uint)message.Order switch
        {
            DiscrimOrder.VerifyDiscreet => IsDiscreet(one) ? 1u : 0,
            DiscrimOrder.Compare => Equals(one, other) ? DiscrimComparison.Same : DiscrimComparison.Different,
            _ => DiscrimClass.Other,
        };
        message.Answer(Result.Ok, word);
    }

    private void Amplify(HostedMessage message)
    {
        bool isOwn = message.Capabilities[0] is HostedForwarder
        {
            Node.Slots: [HostedStart { IsOpen: true } start, ..],
        } && start.Process == _server;
        HostedStored? node = isOwn ? ((HostedForwarder)message.Capabilities[0]!).Node : null;
        message.Answer(isOwn && message.Order == ProcessToolOrder.AmplifyForwarder ? Result.Ok : Result.BadArgument);
        message.Words[0] = node?.Word ?? 0;
        message.Capabilities[0] = node;
    }
}
