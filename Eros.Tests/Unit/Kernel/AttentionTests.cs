using System.Text;
using Eros.Kernel;
using Eros.Kernel.Console;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>The attention key, and how sessions end: Terminal, ConsoleGrantCapability. Invariant K2.</summary>
public sealed class AttentionTests : KernelTestBase
{
    private static readonly Capability _grant = new((byte)CapabilityType.ConsoleGrant, 0);

    [Test]
    public void The_key_ends_every_session_and_forgets_what_was_typed_and_what_waits_to_be_shown()
    {
        Capability first = Session();
        Capability second = Session();
        Type("password");
        Machine.Kernel.Terminal.Write("a fake prompt: "u8);
        Machine.Kernel.Terminal.Typed(Terminal.AttentionByte);
        Assert.That(Machine.TakeConsole(), Is.Empty);
        Expect(Result.VoidCapability, first, ConsoleSessionOrder.Read);
        Expect(Result.VoidCapability, second, CommonOrder.TypeOf);
        Assert.That(Read(Session()), Is.Empty);
    }

    [Test]
    public void No_domain_gets_the_key_as_input()
    {
        Capability session = Session();
        Type("a");
        Machine.Kernel.Terminal.Typed(Terminal.AttentionByte);
        Type("b");
        Expect(Result.VoidCapability, session, ConsoleSessionOrder.Read);
        Assert.That(Read(Session()), Is.EqualTo("b"));
    }

    [Test]
    public void Whoever_listens_for_the_key_is_told_each_time_and_before_anybody_of_input()
    {
        SimulatedDomain agent = Machine.NewDomain();
        agent.Frame.RunState = RunState.Waiting;
        Expect(Result.Ok, _grant, ConsoleGrantOrder.ListenAttention, argument: agent.Notification(8));
        Press();
        Assert.That(agent.Frame.Notifications, Is.EqualTo(8));
        agent.Frame.Notifications = 0;
        Expect(Result.Ok, Session(), ConsoleSessionOrder.Listen, argument: Domain.Notification(1));
        Press();
        Assert.That(agent.Frame.Notifications, Is.EqualTo(8));
        Type("x");
        Tell();
        Assert.That(Domain.Frame.Notifications, Is.Zero, "it listened to a session that is over");
        Expect(Result.Ok, Session(), ConsoleSessionOrder.Listen, argument: Domain.Notification(1));
        Tell();
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(1));
    }

    [Test]
    public void Whoever_listens_anew_before_he_was_told_is_told()
    {
        Expect(Result.Ok, _grant, ConsoleGrantOrder.ListenAttention, argument: Domain.Notification(8));
        Machine.Kernel.Terminal.Typed(Terminal.AttentionByte);
        Expect(Result.Ok, _grant, ConsoleGrantOrder.ListenAttention, argument: Domain.Notification(16));
        Tell();
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(16));
    }

    [Test]
    public void Both_listeners_are_told_when_both_must_be()
    {
        SimulatedDomain agent = Machine.NewDomain();
        agent.Frame.RunState = RunState.Waiting;
        Expect(Result.Ok, _grant, ConsoleGrantOrder.ListenAttention, argument: agent.Notification(8));
        Machine.Kernel.Terminal.Typed(Terminal.AttentionByte);
        Expect(Result.Ok, Session(), ConsoleSessionOrder.Listen, argument: agent.Notification(1));
        Type("x");
        Tell();
        Assert.That(agent.Frame.Notifications, Is.EqualTo(9));
    }

    [Test]
    public void Nobody_is_told_of_a_key_that_was_pressed_before_he_listened()
    {
        Press();
        Expect(Result.BadArgument, _grant, ConsoleGrantOrder.ListenAttention, argument: Domain.Process);
        Expect(Result.Ok, _grant, ConsoleGrantOrder.ListenAttention, argument: Domain.Notification(8));
        Tell();
        Assert.That(Domain.Frame.Notifications, Is.Zero);
        Expect(Result.Ok, _grant, ConsoleGrantOrder.ListenAttention);
        Press();
        Assert.That(Domain.Frame.Notifications, Is.Zero);
    }

    [Test]
    public void Whoever_waits_to_write_finds_that_his_session_is_over()
    {
        Domain[20] = Session();
        Machine.Kernel.Terminal.Write(new byte[Limits.ConsoleOutput]);
        Domain.SetString(SimulatedDomain.Window, 5);
        Domain.Invoke(InvocationKind.Call, 20, ConsoleSessionOrder.Write);
        Assert.That(Machine.Dispatch(), Is.Null);
        Machine.Kernel.Terminal.Typed(Terminal.AttentionByte);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Domain.Frame.Rip += InvocationWord.InstructionBytes;
        Domain.Invoke();
        Assert.That(Domain.Result, Is.EqualTo(Result.VoidCapability));
    }

    [Test]
    public void Logging_out_voids_sessions_too_but_what_was_written_is_shown()
    {
        Capability session = Session();
        Type("typed");
        Machine.Kernel.Terminal.Write("bye\n"u8);
        Expect(Result.Ok, _grant, ConsoleGrantOrder.CloseSessions);
        Expect(Result.VoidCapability, session, ConsoleSessionOrder.Read);
        Assert.That(Machine.TakeConsole(), Is.EqualTo("bye\n"));
        Assert.That(Read(Session()), Is.Empty);
    }

    [Test]
    public void A_session_number_never_comes_again()
    {
        Machine.Kernel.Terminal.Session = uint.MaxValue - 1;
        Capability last = Session();
        Assert.That(Read(last), Is.Empty);
        Expect(Result.Ok, _grant, ConsoleGrantOrder.CloseSessions);
        Expect(Result.LimitReached, _grant, ConsoleGrantOrder.OpenSession);
        Machine.Kernel.Terminal.Typed(Terminal.AttentionByte);
        Expect(Result.Ok, _grant, ConsoleGrantOrder.CloseSessions);
        Expect(Result.LimitReached, _grant, ConsoleGrantOrder.OpenSession);
        Expect(Result.VoidCapability, last, ConsoleSessionOrder.Read);
        Expect(Result.VoidCapability, last.WithData(0), ConsoleSessionOrder.Read);
    }

    [Test]
    public void An_epoch_that_no_capability_can_hold_opens_no_session()
    {
        Machine.Counters.Values.BootEpoch = uint.MaxValue;
        Capability last = Session();
        Machine.Counters.Values.BootEpoch++;
        Expect(Result.LimitReached, _grant, ConsoleGrantOrder.OpenSession);
        Expect(Result.VoidCapability, last, ConsoleSessionOrder.Read);
        Capability first = new(CapabilityType.ConsoleSession, default, 0);
        Expect(Result.VoidCapability, first, ConsoleSessionOrder.Read);
    }

    private void Type(string text)
    {
        foreach (byte value in Encoding.ASCII.GetBytes(text))
        {
            Machine.Kernel.Terminal.Typed(value);
        }
    }

    private void Press()
    {
        Machine.Kernel.Terminal.Typed(Terminal.AttentionByte);
        Tell();
    }

    private void Tell() => Machine.Kernel.TellListener(out _);

    private Capability Session()
    {
        Expect(Result.Ok, _grant, ConsoleGrantOrder.OpenSession);
        return Answer;
    }

    private string Read(Capability session)
    {
        Domain.SetString(0, 0, room: 100);
        Expect(Result.Ok, session, ConsoleSessionOrder.Read);
        return Encoding.ASCII.GetString(Domain.Read(SimulatedDomain.Window, Domain.Stored));
    }
}
