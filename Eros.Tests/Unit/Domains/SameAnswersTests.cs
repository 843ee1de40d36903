using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>
/// Who calls cannot tell an object of the kernel from a domain by what it answers to a request that it does not know,
/// that is wrong, or that comes when it is no more. The kernel's objects answer on a simulated machine; the bank, which
/// is a domain, by its dispatcher.
/// </summary>
internal sealed class SameAnswersTests : BankFixture
{
    private const uint NoOrder = 0x1234;

    // A bank that the fixture has made, and what nobody has made.
    private const int Account = CapabilityRegisters.FirstNamed + 2;
    private const uint NoRights = 0xFF00;

    private static readonly CapabilityType[] _withoutObject =
    [
        CapabilityType.Sleep, CapabilityType.Discrim, CapabilityType.ProcessTool, CapabilityType.Checkpoint,
        CapabilityType.ConsoleGrant, CapabilityType.DeviceGrant, CapabilityType.Schedule,
    ];

    private SimulatedMachine _machine = null!;
    private SimulatedDomain _caller = null!;

    private readonly record struct Reply(Result Result, ulong Word1, ulong Word2, ulong Word3);

    [SetUp]
    public void MakeMachine()
    {
        _machine = new SimulatedMachine();
        _caller = _machine.NewRunning();
        _machine.Dispatch();
    }

    [TearDown]
    public void DisposeMachine() => _machine.Dispose();

    [Test]
    public void An_unknown_request_gets_the_same()
    {
        Reply domains = OfDomain(NoOrder);
        Assert.That(domains, Is.EqualTo(new Reply(Result.UnknownOrder, 0, 0, 0)));
        foreach (Capability one in Objects())
        {
            Assert.That(OfKernel(one, NoOrder), Is.EqualTo(domains), $"{one.Type}");
        }
    }

    [Test]
    public void A_wrong_request_gets_the_same()
    {
        Reply domains = OfDomain(SpaceBankOrder.Preclude, NoRights);
        Assert.That(domains, Is.EqualTo(new Reply(Result.BadArgument, 0, 0, 0)));
        Assert.That(OfKernel(_machine.NewPage(), PageOrder.Reduce, NoRights), Is.EqualTo(domains));
        Assert.That(OfKernel(_machine.NewNode(), NodeOrder.Fetch, NoRights), Is.EqualTo(domains));
        Assert.That(OfKernel(_machine.NewDomain().Process, ProcessOrder.FetchRegister, NoRights), Is.EqualTo(domains));
        Assert.That(OfKernel(new((byte)CapabilityType.DeviceGrant, 0), DeviceGrantOrder.OpenMemory, 1),
            Is.EqualTo(domains));
    }

    [TestCase(SpaceBankOrder.BuyPage)]
    [TestCase(NoOrder)]
    [TestCase(CommonOrder.TypeOf)]
    public void Who_is_no_more_answers_the_same(uint order)
    {
        Assert.That(SpaceBankClient.At(Account).Destroy(), Is.EqualTo(Result.Ok));
        Reply domains = OfDomain(order);
        Assert.That(domains, Is.EqualTo(new Reply(Result.VoidCapability, 0, 0, 0)));
        foreach (Capability one in Objects())
        {
            if (one.NamesObject)
            {
                var dead = new Capability(one.Low, one.High + 1);
                Assert.That(OfKernel(dead, order), Is.EqualTo(domains), $"{one.Type}");
            }
        }

        Assert.That(OfKernel(Capability.Void, order), Is.EqualTo(domains));
    }

    private IEnumerable<Capability> Objects()
    {
        yield return _machine.NewPage();
        yield return _machine.NewNode();
        yield return _machine.NewNode(NodeKind.Space, Guard.PageLog2).WithType(CapabilityType.Space);
        yield return _machine.NewDomain().Process;
        yield return Capability.Number(7);
        yield return Capability.Range(1, 10);
        foreach (CapabilityType type in _withoutObject)
        {
            yield return new Capability((byte)type, 0);
        }
    }

    private Reply OfKernel(Capability capability, ulong order, ulong word = 0)
    {
        Result result = _caller.Call(capability, order, word);
        ref ProcessFrame frame = ref _caller.Frame;
        return new Reply(result, frame.Rsi, frame.Rdx, frame.R8);
    }

    private static Reply OfDomain(ulong order, ulong word = 0)
    {
        MessageRegisters message = default;
        message.Order = order;
        message.Word1 = word;
        message.Call(Account, 0, 0);
        return new Reply(message.Result, message.Word1, message.Word2, message.Word3);
    }
}
