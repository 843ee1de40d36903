using System.Collections.Generic;
using Eros.Domains.Constructor;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>
/// A builder may end the objects of a constructor one by one, by its bank. Its number must not become another's while
/// one of its forwarders lives on: whoever holds that would hold the other's facet.
/// </summary>
public sealed unsafe class ConstructorNumberTests
{
    private const int Materials = 0;
    private const int BuilderForwarder = 1;
    private const int ClientForwarder = 2;

    private readonly List<MortalNode> _bought = [];
    private HostedSystem _system = null!;
    private HostedProcess _server = null!;
    private HostedProcess _client = null!;

    [SetUp]
    public void Start()
    {
        _bought.Clear();
        _system = new HostedSystem();
        HostedService nothing = new(message => message.Answer(Result.UnknownOrder));
        HostedService self = new(message =>
        {
            message.Answer(Result.Ok);
            message.Capabilities[0] = new HostedStart(_server, 0, IsOpen: true);
        });
        HostedService bank = new(message => Sell(message, []));
        _server = _system.AddProcess(
            self, nothing, bank, nothing, nothing, nothing, nothing, new MortalNode());
        _server.MapMemory(SpaceLayout.Windows, MappedPage.SizeInBytes);
        _client = _system.AddProcess(
            new HostedStart(_server, 0), new HostedService(message => Sell(message, _bought)));
        _system.Start<ConstructorDomain>(_server);
        _client.Enter(named: 2);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _server.Dispose();
        _client.Dispose();
    }

    [Test]
    public void A_number_is_given_again_only_when_all_that_led_to_it_is_gone(
        [Values(Materials, BuilderForwarder, ClientForwarder)] int lastToLive)
    {
        Assert.That(Make(), Is.Zero);
        for (int i = Materials; i <= ClientForwarder; i++)
        {
            _bought[i].IsVoid = i != lastToLive;
        }

        Assert.That(Make(), Is.EqualTo(1), "something of the first one lives");
        _bought[lastToLive].IsVoid = true;
        Assert.That(Make(), Is.Zero, "all of it is gone");
    }

    [Test]
    public void What_cannot_be_read_just_now_is_not_taken_for_gone()
    {
        Assert.That(Make(), Is.Zero);
        foreach (MortalNode node in _bought)
        {
            node.IsUnreadable = true;
        }

        Assert.That(Make(), Is.EqualTo(1));
    }

    /// <summary>Makes a constructor; its number.</summary>
    private int Make()
    {
        IMetaConstructor maker = MetaConstructorClient.At(CapabilityRegisters.FirstNamed);
        ISpaceBank bank = SpaceBankClient.At(CapabilityRegisters.FirstNamed + 1);
        Assert.That(maker.MakeConstructor(bank, out _), Is.EqualTo(Result.Ok));
        Assert.That(Facets.IsClient(_bought[^1].Word, out int number));
        CapabilityRegisters.Current.ReleaseTemporaries();
        return number;
    }

    private static void Sell(HostedMessage message, List<MortalNode> sold)
    {
        if ((uint)message.Order == SpaceBankOrder.Verify)
        {
            message.Answer(Result.Ok, 1);
            return;
        }

        MortalNode node = new();
        sold.Add(node);
        message.Answer(Result.Ok);
        message.Capabilities[0] = node;
    }

    /// <summary>A node that its bank can rescind.</summary>
    private sealed record MortalNode : HostedObject
    {
        private readonly HostedCapability?[] _slots = new HostedCapability?[NodeSlot.Count];

        public bool IsVoid { get; set; }

        public bool IsUnreadable { get; set; }

        public uint Word { get; private set; }

        public override void Obey(HostedMessage message)
        {
            if (IsVoid || IsUnreadable)
            {
                message.Answer(IsVoid ? Result.VoidCapability : Result.BadObject);
                return;
            }

            ref HostedCapability? slot = ref _slots[message.Words[0] % NodeSlot.Count];
            HostedCapability? found = (uint)message.Order is NodeOrder.Fetch or NodeOrder.Swap ? slot : null;
            switch ((uint)message.Order)
            {
                case NodeOrder.Swap:
                    slot = message.Capabilities[0];
                    break;
                case NodeOrder.SetWord:
                    Word = (uint)message.Words[0];
                    break;
            }

            bool isType = (uint)message.Order == CommonOrder.TypeOf;
            message.Answer(Result.Ok, isType ? (ulong)CapabilityType.Node : 0);
            message.Capabilities[0] = found;
        }
    }
}
