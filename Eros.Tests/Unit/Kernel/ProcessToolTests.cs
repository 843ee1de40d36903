using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>"Is this one of mine?": ProcessToolCapability.</summary>
public sealed class ProcessToolTests : KernelTestBase
{
    private static readonly Capability _tool = new((byte)CapabilityType.ProcessTool, 0);
    private Capability _brand;
    private SimulatedDomain _server = null!;

    [SetUp]
    public void MakeServer()
    {
        _brand = Domain.Start(0xB4A2D);
        _server = Machine.NewDomain();
        _server.Frame.Brand = _brand;
    }

    [Test]
    public void A_start_capability_gives_its_process_and_payload_to_who_has_the_brand()
    {
        Ask(Result.Ok, ProcessToolOrder.AmplifyStart, _server.Start(77), _brand);
        Assert.That(Answer, Is.EqualTo(_server.Process));
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(77));
    }

    [Test]
    public void Everything_else_is_refused_alike([Range(0, 9)] int kind)
    {
        SimulatedDomain stranger = Machine.NewDomain();
        SimulatedDomain client = Machine.NewDomain();
        client.Frame.Brand = _brand;
        client.Frame.RunState = RunState.Waiting;
        Capability other = Domain.Start(0xB4A2E);
        (Capability given, Capability brand) = kind switch
        {
            0 => (stranger.Start(), _brand),
            1 => (stranger.Start(), default),
            2 => (_server.Start(), default),
            3 => (_server.Start(), other),
            4 => (new Capability(CapabilityType.Start, _server.Oid, _server.Frame.Version + 1), _brand),
            5 => (_server.Notification(1), _brand),
            6 => (Capability.Resume(client.Oid, client.Frame.CallCount), _brand),
            7 => (Capability.Number(4), _brand),
            8 => (default, _brand),
            _ => (Forwarder(_server.OpenStart(), 5), _brand),
        };
        Ask(Result.NoAccess, ProcessToolOrder.AmplifyStart, given, brand);
        Assert.That(Answer, Is.EqualTo(Capability.Void));
        Assert.That(Domain.Frame.Rsi, Is.Zero);
    }

    [Test]
    public void A_brand_that_is_gone_is_nobodys()
    {
        Capability page = Machine.NewPage();
        _server.Frame.Brand = page;
        Ask(Result.Ok, ProcessToolOrder.AmplifyStart, _server.Start(), page);
        ulong frame = page.Oid.Frame;
        Machine.Frames[Machine.Frames.Find(frame)].Version++;
        Ask(Result.NoAccess, ProcessToolOrder.AmplifyStart, _server.Start(), page);
        Ask(Result.Ok, ProcessToolOrder.SameBrand, _server.Start(), _server.Start());
        Assert.That(Domain.Frame.Rsi, Is.Zero);
    }

    [TestCase(CapabilityType.Space, Rights.None)]
    [TestCase(CapabilityType.Space, Rights.ReadOnly | Rights.NoExecute)]
    [TestCase(CapabilityType.Node, Rights.Opaque | Rights.Weak)]
    public void A_space_gives_its_keeper_the_node_with_the_rights_that_the_space_has(CapabilityType type, Rights rights)
    {
        Capability space = KeptSpace(_server.Start()).WithType(type).Less(rights);
        Ask(Result.Ok, ProcessToolOrder.AmplifySpace, space, _brand);
        Assert.That(Answer.Type, Is.EqualTo(CapabilityType.Node));
        Assert.That(Answer.Oid.Value, Is.EqualTo(space.Oid.Value));
        Assert.That(Answer.Rights, Is.EqualTo(rights & ~Rights.Opaque));
        Expect(Result.Ok, Answer, NodeOrder.Describe);
    }

    [Test]
    public void A_space_that_nobody_of_the_brand_keeps_is_refused([Range(0, 5)] int kind)
    {
        Capability space = KeptSpace(kind == 0 ? Machine.NewDomain().Start() : _server.Start());
        if (kind == 1)
        {
            Machine.NodeOf(space).Flags = NodeFlags.None;
        }

        Capability given = kind switch
        {
            2 => new Capability(CapabilityType.Space, space.Oid, space.Version + 1),
            3 => Machine.NewPage(),
            4 => Forwarder(_server.OpenStart(), 1),
            _ => space,
        };
        Ask(Result.NoAccess, ProcessToolOrder.AmplifySpace, given, kind == 5 ? Capability.Number(1) : _brand);
    }

    [Test]
    public void A_forwarder_gives_its_server_the_node_and_the_word()
    {
        Capability forwarder = Forwarder(_server.OpenStart(1), 1234);
        Ask(Result.Ok, ProcessToolOrder.AmplifyForwarder, forwarder, _brand);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(1234));
        Assert.That(Answer, Is.EqualTo(new Capability(CapabilityType.Node, forwarder.Oid, forwarder.Version)));
    }

    [Test]
    public void A_forwarder_that_a_client_made_for_a_capability_it_holds_is_not_the_servers([Range(0, 2)] int kind)
    {
        Capability given = kind switch
        {
            0 => Forwarder(_server.Start(1), 1234),
            1 => Forwarder(Machine.NewDomain().OpenStart(1), 1234),
            _ => _server.OpenStart(),
        };
        Ask(Result.NoAccess, ProcessToolOrder.AmplifyForwarder, given, _brand);
        Assert.That(Domain.Frame.Rsi, Is.Zero, "nor is its word told");
    }

    [Test]
    public void Two_servers_of_one_maker_are_known_without_the_brand()
    {
        SimulatedDomain sibling = Machine.NewDomain();
        sibling.Frame.Brand = _brand;
        Assert.That(AreSame(_server.Start(1), sibling.Start(2)));
        Assert.That(AreSame(_server.Start(), Machine.NewDomain().Start()), Is.False);
        Assert.That(AreSame(Machine.NewDomain().Start(), Machine.NewDomain().Start()), Is.False, "void is no brand");
        Assert.That(AreSame(_server.Start(), _server.Process), Is.False);
        Assert.That(AreSame(_server.Process, _server.Start()), Is.False);
    }

    [Test]
    public void The_brand_is_never_given_out()
    {
        Expect(Result.NoAccess, _server.Process, ProcessOrder.FetchSlot, ProcessSlot.Brand);
        Expect(Result.Ok, _server.Process, ProcessOrder.SwapSlot, ProcessSlot.Brand);
        Assert.That(Answer, Is.EqualTo(Capability.Void));
    }

    [Test]
    public void A_keeper_that_is_only_on_disk_is_loaded_first()
    {
        ulong frame = Machine.NewFrame();
        Capability keeper = new(CapabilityType.Start, Oid.Of(frame), 1);
        Domain[1] = KeptSpace(keeper);
        Domain[2] = _brand;
        Domain.Call(_tool, ProcessToolOrder.AmplifySpace);
        Assert.That(Machine.Waits(StallReason.Load));
        Machine.Dispatch();
        var loaded = new SimulatedDomain(Machine, Machine.Enter(frame, FrameKind.Process));
        loaded.Frame.Brand = _brand;
        Machine.Events.Loaded(frame, Outcome.Ok);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Domain.Frame.Rip += InvocationWord.InstructionBytes;
        Domain.Invoke();
        Assert.That(Domain.Result, Is.EqualTo(Result.Ok));
        Assert.That(Answer.Type, Is.EqualTo(CapabilityType.Node));
    }

    private void Ask(Result expected, uint order, Capability given, Capability other)
    {
        Domain[2] = other;
        Expect(expected, _tool, order, argument: given);
    }

    private bool AreSame(Capability one, Capability other)
    {
        Ask(Result.Ok, ProcessToolOrder.SameBrand, one, other);
        return Domain.Frame.Rsi == 1;
    }

    private Capability KeptSpace(Capability keeper)
    {
        Capability node = Machine.NewNode(NodeKind.Space, Guard.PageLog2);
        Machine.NodeOf(node).Flags = NodeFlags.Keeper;
        Machine.NodeOf(node).Slots[Node.KeeperSlot] = keeper;
        return node.WithType(CapabilityType.Space).WithData(Guard.At0(Guard.PageLog2 + Guard.NodeLog2).Value);
    }

    private Capability Forwarder(Capability target, uint word)
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Machine.NodeOf(node).Slots[0] = target;
        Machine.NodeOf(node).Word = word;
        return node.WithType(CapabilityType.Forwarder).Less(Rights.Opaque);
    }
}
