// Stubs and dispatchers, both generated, against each other over a hosted kernel: what goes in on one side comes out
// on the other.

using System;
using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed class StubTests
{
    private HostedSystem _system = null!;
    private HostedProcess _server = null!;
    private HostedProcess _client = null!;
    private IEverything _everything = null!;

    [SetUp]
    public void Start()
    {
        _system = new HostedSystem();
        _server = _system.AddProcess();
        _client = _system.AddProcess(new HostedStart(_server, Message.Payload(0, 0)));
        _system.Start<EverythingDomain>(_server);
        _client.Enter(named: 3);
        _everything = EverythingClient.At(CapabilityRegisters.FirstNamed);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _server.Dispose();
        _client.Dispose();
    }

    [Test]
    public void Words_keep_their_sign_and_size()
    {
        ulong sum = _everything.Add(-5, uint.MaxValue, negate: true);
        Assert.That(sum, Is.EqualTo(unchecked((ulong)-(-5L + uint.MaxValue))));
        Result result = _everything.Words(
            255, Colour.Violet, long.MinValue, out bool flag, out Colour next, out long same);
        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(Result.Busy));
            Assert.That(flag);
            Assert.That(next, Is.EqualTo(Colour.Red));
            Assert.That(same, Is.EqualTo(long.MinValue));
        });
    }

    [TestCase("")]
    [TestCase("a plain line")]
    [TestCase("größe €5 𝄞")]
    public void Text_travels_both_ways(string text) =>
        Assert.That(_everything.Shout(text), Is.EqualTo(text.ToUpperInvariant()));

    [Test]
    public void A_text_longer_than_the_server_takes_is_a_bad_argument() =>
        Assert.That(() => _everything.Shout(new string('x', 201)),
            Throws.TypeOf<InvocationException>().With.Property("Result").EqualTo(Result.BadArgument));

    [Test]
    public void Bytes_travel_both_ways()
    {
        Span<byte> room = stackalloc byte[20];
        _everything.Sum([1, 2, 250], out ulong sum);
        _everything.Fill(7, room, out int length);
        Assert.That(sum, Is.EqualTo(253));
        Assert.That(room[..(length + 1)].ToArray(), Is.EqualTo(new byte[] { 7, 7, 7, 7, 7, 7, 7, 0 }));
    }

    [Test]
    public void An_answer_is_cut_at_what_the_caller_has_room_for()
    {
        Span<byte> room = stackalloc byte[3];
        _everything.Fill(9, room, out int length);
        Assert.That(length, Is.EqualTo(3));
        Assert.That(room.ToArray(), Is.EqualTo(new byte[] { 9, 9, 9 }));
    }

    [Test]
    public void Capabilities_travel_both_ways()
    {
        _client.Registers[CapabilityRegisters.FirstNamed + 1] = new HostedStart(_server, Message.Payload(0, 77));
        IEverything other = EverythingClient.At(CapabilityRegisters.FirstNamed + 1);
        IEverything picked = _everything.Pick(true, _everything, other);
        Assert.That(picked.WhoAmI(), Is.EqualTo(77));
        Assert.That(_everything.Pick(false, _everything, other).WhoAmI(), Is.Zero);
    }

    [Test]
    public void A_deferred_answer_comes_when_it_is_given_and_not_before()
    {
        string answer = "";
        Result result = Result.Restarted;
        using HostedProcess patient = _system.AddProcess(new HostedStart(_server, Message.Payload(0, 0)));
        Thread caller = new(() =>
        {
            patient.Enter(named: 1);
            result = EverythingClient.At(CapabilityRegisters.FirstNamed).Later("now", out answer);
        });
        caller.Start();
        while (_everything.Poked() == 0)
        {
            _everything.Poke(1);
        }

        Thread.Sleep(20);
        Assert.That(answer, Is.Empty);
        _client.Registers[CapabilityRegisters.FirstNamed + 1] = new HostedStart(_server, Message.Payload(1, 0));
        RestartObserverClient.At(CapabilityRegisters.FirstNamed + 1).Restarted();
        caller.Join();
        Assert.That((result, answer), Is.EqualTo((Result.Ok, "now!")));
    }

    [Test]
    public void A_deferred_answer_to_a_capability_that_takes_no_message_does_not_hold_the_server_up()
    {
        _client.Registers[CapabilityRegisters.FirstNamed + 1] = new HostedStart(_server, Message.Payload(1, 0));
        _client.Registers[CapabilityRegisters.FirstNamed + 2] = new HostedStart(_client, 0);
        MessageRegisters request = default;
        request.Order = 7;
        request.SendText("later");
        request.Send(
            CapabilityRegisters.FirstNamed, InvocationWord.Registers(0, 0, 0, CapabilityRegisters.FirstNamed + 2));
        RestartObserverClient.At(CapabilityRegisters.FirstNamed + 1).Restarted();
        Assert.That(_everything.WhoAmI(), Is.Zero);
    }

    [Test]
    public void A_kept_capability_outlives_its_message_and_others_do_not()
    {
        _client.Registers[CapabilityRegisters.FirstNamed + 1] = new HostedStart(_server, Message.Payload(0, 5));
        _client.Registers[CapabilityRegisters.FirstNamed + 2] = new HostedStart(_server, Message.Payload(0, 6));
        IEverything five = EverythingClient.At(CapabilityRegisters.FirstNamed + 1);
        IEverything six = EverythingClient.At(CapabilityRegisters.FirstNamed + 2);
        _everything.Keep(five);
        for (int i = 0; i < 40; i++)
        {
            _everything.Pick(true, six, six);
            ForgetTemporaries();
        }

        Assert.That(EverythingClient.Of(_everything.Kept()).WhoAmI(), Is.EqualTo(5));
    }

    [Test]
    public void The_facet_chooses_the_interface_and_an_unknown_one_is_refused()
    {
        _client.Registers[CapabilityRegisters.FirstNamed + 1] = new HostedStart(_server, Message.Payload(2, 0));
        Result result = RestartObserverClient.At(CapabilityRegisters.FirstNamed + 1).Restarted();
        Assert.That(result, Is.EqualTo(Result.UnknownOrder));
    }

    [Test]
    public void Every_server_says_that_it_is_a_start_capability() =>
        Assert.That(Capabilities.TypeOf(_everything), Is.EqualTo(CapabilityType.Start));

    [Test]
    public void A_void_capability_says_so() =>
        Assert.That(() => EverythingClient.Void.WhoAmI(),
            Throws.TypeOf<InvocationException>().With.Property("Result").EqualTo(Result.VoidCapability));

    [Test]
    public void A_word_that_is_no_value_of_its_type_is_a_bad_argument([Values(2UL, ulong.MaxValue)] ulong notBool)
    {
        MessageRegisters message = default;
        message.Order = 1;
        message.Word3 = notBool;
        message.Call(CapabilityRegisters.FirstNamed, 0, 0);
        Assert.That(message.Result, Is.EqualTo(Result.BadArgument));
    }

    // What a serving domain does after each answer; the test's own thread does not serve.
    private static void ForgetTemporaries() => CapabilityRegisters.Current.ReleaseTemporaries();
}
