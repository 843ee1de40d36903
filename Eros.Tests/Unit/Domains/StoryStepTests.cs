using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Eros.Domains.Demo;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>A story whose players or storage fail: it says at which step, and draws no conclusions.</summary>
internal sealed class StoryStepTests
{
    private const uint IsConfined = 1;
    private const uint Request = 4;
    private const uint TakeLetter = 2;
    private const string End = "All that the story made is destroyed again.\n";

    private readonly Dictionary<uint, Result> _ofConstructors = [];
    private Result _ofBank;
    private Result _ofMailbox;
    private HostedSystem _system = null!;
    private HostedProcess _demo = null!;

    [SetUp]
    public void Start()
    {
        _ofConstructors.Clear();
        _ofBank = Result.Ok;
        _ofMailbox = Result.BadArgument;
        _system = new HostedSystem();
        HostedStored players = new(0, 0, RangeKind.PlainNode);
        foreach (Role role in Enum.GetValues<Role>())
        {
            players.Slots[(int)role] = new HostedService(ObeyAsConstructor);
        }

        HostedService silent = new(message => message.Answer(Result.Ok));
        _demo = _system.AddProcess(
            new HostedService(Sell), silent, silent, players, silent, new HostedService(ObeyAsMailbox), silent, silent);
        _system.Start<DemoDomain>(_demo);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _demo.Dispose();
    }

    [TestCase("algorithm", "make the program")]
    [TestCase("deputy", "make the compiler")]
    [TestCase("mail", "make the server")]
    [TestCase("escrow", "make the agent")]
    public void A_service_that_is_gone_ends_the_story_where_it_is_needed(string story, string step)
    {
        _ofConstructors[Request] = Result.VoidCapability;
        (Result result, string text) = Tell(story);
        Assert.That(result, Is.EqualTo(Result.VoidCapability));
        Assert.That(
            text, Does.EndWith($"The story ends here: it could not {step} (the capability is void).\n{End}"));
        Assert.That(text, Does.Not.Contain("mailbox is empty"));
    }

    [Test]
    public void A_program_that_does_not_answer_has_not_answered()
    {
        (Result result, string text) = Tell("algorithm");
        Assert.That(result, Is.EqualTo(Result.VoidCapability));
        Assert.That(text, Does.EndWith(
            "The story ends here: it could not run the program on the figures (the capability is void).\n" + End));
        Assert.That(text, Does.Not.Contain("and answers"));
    }

    [Test]
    public void A_mailbox_that_is_gone_is_not_empty()
    {
        _ofConstructors[IsConfined] = Result.Ok;
        _ofMailbox = Result.VoidCapability;
        Assert.That(Tell("algorithm").Text, Does.EndWith(
            "The story ends here: it could not look into the author's mailbox (the capability is void).\n" + End));
    }

    [Test]
    public void Storage_that_is_not_to_be_had_ends_the_story()
    {
        _ofBank = Result.LimitReached;
        Assert.That(Tell("deputy").Text, Does.EndWith(
            "The story ends here: it could not make the compiler (a limit is reached).\n" + End));
    }

    // A story that lets its domain die would never be told to its end.
    private (Result Result, string Text) Tell(string story)
    {
        Task<(Result, string)> told = Task.Run(() =>
        {
            _system.AddProcess(new HostedStart(_demo, Message.Payload(0, 0))).Enter(named: 1);
            Result result = ProgramClient.At(CapabilityRegisters.FirstNamed).Run(story, out string output);
            return (result, output);
        });
        Assert.That(told.Wait(20_000), $"{_system.Failure}");
        return told.Result;
    }

    // Products do nothing. One whose confinement is not asked for here has no hole.
    private void ObeyAsConstructor(HostedMessage message)
    {
        uint order = (uint)message.Order;
        bool isTold = _ofConstructors.TryGetValue(order, out Result result);
        message.Answer(isTold ? result : Result.Ok, order == IsConfined && !isTold ? 1ul : 0);
    }

    private void ObeyAsMailbox(HostedMessage message) =>
        message.Answer((uint)message.Order == TakeLetter ? _ofMailbox : Result.Ok);

    private void Sell(HostedMessage message)
    {
        uint order = (uint)message.Order;
        bool isOver = order == SpaceBankOrder.DestroyStep;
        Result refusal = order == SpaceBankOrder.CreateChild && (ulong)message.Words[0] == ulong.MaxValue
            ? _ofBank
            : Result.Ok;
        message.Answer(refusal, isOver ? 1ul : 0);
        message.Capabilities[0] = order switch
        {
            SpaceBankOrder.CreateChild or SpaceBankOrder.Preclude => new HostedService(Sell),
            SpaceBankOrder.BuyNode => new HostedStored(1, 0, RangeKind.PlainNode),
            SpaceBankOrder.BuyPage => new HostedService(ObeyAsPage),
            _ => null,
        };
    }

    private static void ObeyAsPage(HostedMessage message)
    {
        bool isReduced = (uint)message.Order == PageOrder.Reduce;
        message.Answer(Result.Ok);
        message.Capabilities[0] = isReduced ? new HostedService(ObeyAsPage) : null;
    }
}
