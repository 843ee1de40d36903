// Agent, watcher, shell, counter and programs together, on a hosted kernel with a terminal: what a person at the
// console sees.

using System.Text;
using Eros.Domains.Agent;
using Eros.Domains.Counter;
using Eros.Domains.Courier;
using Eros.Domains.Hostile;
using Eros.Domains.Runtime;
using Eros.Domains.Shell;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed unsafe class ConsoleSystemTests
{
    private const string Prompt = "eros> ";
    private const int Foreground = 1;
    private const int Observer = 2;
    private const uint ShellBadge = 1;
    private const string GivenUp = "hostile: given up; it may still be running\r\n" + Prompt;
    private const string Cancel = "\x03";

    private HostedSystem _system = null!;
    private HostedConsole _console = null!;
    private HostedCheckpoint _checkpoint = null!;
    private HostedProcess _agent = null!;
    private HostedProcess _shell = null!;
    private HostedProcess _counter = null!;
    private HostedProcess _engaged = null!;
    private HostedProcess _test = null!;
    private HostedStored _programs = null!;

    [SetUp]
    public void Boot()
    {
        _system = new HostedSystem();
        _console = new HostedConsole(_system);
        _checkpoint = new HostedCheckpoint();
        _agent = _system.AddProcess(_console);
        _agent.Registers[CapabilityRegisters.FirstNamed + 1] = Signal(AgentSignals.Typed);
        _agent.Registers[CapabilityRegisters.FirstNamed + 4] = Signal(AgentSignals.Attention);
        _agent.Registers[CapabilityRegisters.FirstNamed + 3] = new HostedService(_ => StartCourier());
        StartCourier();
        _counter = _system.AddProcess();
        HostedService warden = new(message =>
        {
            bool isThere = message.Words[0] < 2;
            string description = $"domain {message.Words[0]}  runs";
            message.Answer(isThere ? Result.Ok : Result.BadArgument);
            message.Text = Encoding.UTF8.GetBytes(description);
        });
        _programs = new HostedStored(0, 0, RangeKind.PlainNode);
        _shell = _system.AddProcess(
            new HostedStart(_agent, Message.Payload(0, ShellBadge)),
            new HostedStart(_agent, Message.Payload(Foreground, ShellBadge)),
            new HostedStart(_counter, Message.Payload(0, 0)),
            _checkpoint, warden, _programs, NewPage());
        byte* names = _shell.MapMemory(SpaceLayout.Windows, MappedPage.SizeInBytes);
        AddProgram(names, 0, "echo", Result.Ok, "you said {0}\n");
        AddProgram(names, 3, "dead", Result.VoidCapability, "");
        AddProgram(names, 4, "full", Result.LimitReached, "");
        AddProgram(names, 7, "bench", Result.Ok, "bench {0}\n");
        HostedProcess hostile = _system.AddProcess();
        _engaged = _system.AddProcess();
        AddProgram(names, 5, "hostile", new HostedStart(hostile, Message.Payload(0, 0)));
        AddProgram(names, 6, "engaged", new HostedStart(_engaged, Message.Payload(0, 0)));
        _test = _system.AddProcess(
            new HostedStart(_agent, Message.Payload(0, 0)),
            new HostedStart(_agent, Message.Payload(Observer, 0)));
        _test.Enter(named: 2);
        _system.Start<AgentDomain>(_agent);
        _system.Start<CounterDomain>(_counter);
        _system.Start<HostileDomain>(hostile);
        _system.Start<ShellDomain>(_shell);
        _console.WaitFor(Prompt);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _shell.Dispose();
    }

    [TestCase("get x", "not set")]
    [TestCase("counter", "counter 1")]
    [TestCase("generation", "generation 1")]
    [TestCase("checkpoint", "generation 2 committed")]
    [TestCase("ps", "domain 0  runs\r\ndomain 1  runs")]
    [TestCase("run echo a  b", "you said a  b")]
    [TestCase("run dead", "dead gave no answer")]
    [TestCase("run full", "full: a limit is reached")]
    [TestCase("run", "usage: run NAME [ARGUMENTS]; caps lists the programs")]
    [TestCase("run nothing", "nothing: no such program; caps lists them")]
    [TestCase("set x", "usage: set NAME VALUE")]
    [TestCase("get", "usage: get NAME")]
    [TestCase("get x y", "usage: get NAME")]
    [TestCase("help me", "usage: help")]
    [TestCase("ps all", "usage: ps")]
    [TestCase("caps all", "usage: caps")]
    [TestCase("generation 2", "usage: generation")]
    [TestCase("bench", "measuring takes minutes; the table comes when all is measured; Ctrl-C gives it up\r\nbench ")]
    [TestCase("bench --json", "bench --json")]
    [TestCase("frobnicate now", "frobnicate: no such command; help lists them")]
    public void A_command_prints(string command, string expected) =>
        Assert.That(Obey(command), Is.EqualTo(expected + "\r\n"));

    [Test]
    public void A_note_is_journalled_and_stays()
    {
        Assert.That(Obey("note buy milk"), Is.EqualTo("on disk\r\n"));
        Assert.That(_checkpoint.Journalled, Is.EqualTo(1));
        Assert.That(Obey("note"), Is.EqualTo("buy milk\r\n"));
        Assert.That(_checkpoint.Journalled, Is.EqualTo(1));
    }

    [Test]
    public void Values_and_counts_stay()
    {
        Obey("set x 42");
        Obey("set greeting hello there");
        Obey("counter");
        Assert.That(Obey("get x"), Is.EqualTo("42\r\n"));
        Assert.That(Obey("get greeting"), Is.EqualTo("hello there\r\n"));
        Assert.That(Obey("counter"), Is.EqualTo("counter 2\r\n"));
    }

    [Test]
    public void A_counter_that_others_call_too_is_noticed()
    {
        Obey("counter");
        _test.Registers[CapabilityRegisters.FirstNamed] = new HostedStart(_counter, Message.Payload(0, 0));
        CounterClient.At(CapabilityRegisters.FirstNamed).Increment(out _);
        Assert.That(Obey("counter"), Is.EqualTo("counter 3, 2 expected: another program may have counted\r\n"));
    }

    [Test]
    public void Help_lists_every_command()
    {
        string help = Obey("help");
        string[] names =
            ["help", "ps", "caps", "set", "get", "counter", "checkpoint", "generation", "bench", "halt", "run"];
        foreach (string name in names)
        {
            Assert.That(help, Does.Contain("  " + name));
        }
    }

    [Test]
    public void Capabilities_are_listed_with_what_they_say_they_are()
    {
        string caps = Obey("caps");
        Assert.That(caps, Does.Contain("  counter      a domain\r\n"));
        Assert.That(caps, Does.Contain("    programs/echo\r\n    programs/dead\r\n"));
    }

    [Test]
    public void An_empty_line_brings_the_prompt_again() => Assert.That(Obey("  "), Is.Empty);

    [Test]
    public void Lines_typed_ahead_are_obeyed_in_their_order()
    {
        _console.Type("set a 1\rset a 2\rget a\r");
        Assert.That(_console.WaitFor("\n2\r\n" + Prompt), Does.EndWith(Prompt + "get a\r\n2\r\n" + Prompt));
    }

    [Test]
    public void Ctrl_C_gives_up_a_program_that_does_not_answer_and_what_was_typed_ahead_of_it()
    {
        int from = StartMute();
        _console.Type("set a 7\r" + Cancel + "get a\r");
        Assert.That(_console.WaitFor("set\r\n" + Prompt, from), Does.EndWith(
            "mute\r\n^C\r\n" + GivenUp + "get a\r\nnot set\r\n" + Prompt));
        Assert.That(Obey("run echo x"), Is.EqualTo("you said x\r\n"), "and the next one is waited for");
    }

    [Test]
    public void Ctrl_C_counts_also_before_the_program_has_begun()
    {
        Obey("run echo x");
        int from = _console.Written.Length;
        _console.Type("run hostile mute\r" + Cancel);
        Assert.That(_console.WaitFor("\n" + Prompt, from), Does.EndWith("^C\r\n" + GivenUp));
    }

    [Test]
    public void A_program_can_be_given_up_after_a_restart()
    {
        StartMute();
        _console.Restart();
        RestartObserverClient.At(CapabilityRegisters.FirstNamed + 1).Restarted();
        _console.Type(Cancel);
        Assert.That(_console.WaitFor(Prompt), Is.EqualTo("^C\r\n" + GivenUp));
    }

    [Test]
    public void A_program_that_is_busy_is_waited_for()
    {
        _console.Type("run engaged x\r");
        _console.WaitFor("engaged x\r\n");
        _system.Start<HostileDomain>(_engaged);
        Assert.That(_console.WaitFor("\n" + Prompt), Does.Contain("engaged x\r\nusage: run hostile KIND"));
    }

    [Test]
    public void Ctrl_C_gives_up_a_program_that_is_busy_and_the_courier_that_waits_for_it()
    {
        int from = _console.Written.Length;
        _console.Type("run engaged x\r");
        _console.WaitFor("engaged x\r\n");
        _console.Type(Cancel);
        Assert.That(_console.WaitFor("\n" + Prompt, from), Does.Contain("engaged: given up"));
        Assert.That(Obey("run echo x"), Is.EqualTo("you said x\r\n"));
    }

    [Test]
    public void Ctrl_C_at_the_prompt_gives_the_line_up()
    {
        _console.Type("set a 7" + Cancel + "get a\r");
        Assert.That(_console.WaitFor("set\r\n" + Prompt), Is.EqualTo(
            Prompt + "set a 7^C\r\n" + Prompt + "get a\r\nnot set\r\n" + Prompt));
    }

    [Test]
    public void After_a_restart_prompt_and_half_a_line_are_there_and_the_line_goes_on()
    {
        Obey("set x 42");
        _console.Type("get ");
        _console.WaitFor("get ");
        _console.Restart();
        RestartObserverClient.At(CapabilityRegisters.FirstNamed + 1).Restarted();
        Assert.That(_console.Written, Is.EqualTo(Prompt + "get "));
        _console.Type("x\r");
        Assert.That(_console.WaitFor("\n" + Prompt), Is.EqualTo(Prompt + "get x\r\n42\r\n" + Prompt));
    }

    [Test]
    public void After_the_attention_key_a_new_session_is_open_and_what_was_typed_ahead_is_gone()
    {
        Obey("set x 42");
        _console.Type("get ");
        _console.WaitFor("get ");
        int from = _console.Written.Length;
        _console.PressAttention();
        _console.WaitFor(Prompt + "get ", from);
        _console.Type("x\r");
        Assert.That(_console.WaitFor("\n" + Prompt, from), Does.EndWith(Prompt + "get x\r\n42\r\n" + Prompt));
    }

    [Test]
    public void A_program_that_prints_before_the_agent_knows_of_the_restart_is_seen()
    {
        _console.Type("half");
        _console.WaitFor("half");
        _console.Restart();
        TerminalClient.At(CapabilityRegisters.FirstNamed).Write("news\n");
        Assert.That(_console.Written, Is.EqualTo("\r\x1b[Knews\r\n" + Prompt + "half"));
    }

    [Test]
    public void A_second_reader_is_told_that_the_terminal_is_busy() =>
        Assert.That(TerminalClient.At(CapabilityRegisters.FirstNamed).ReadLine("? ", out _), Is.EqualTo(Result.Busy));

    [Test]
    public void Halt_turns_the_machine_off_once_its_checkpoint_is_on_disk()
    {
        _console.Type("halt\r");
        _console.WaitFor("halt\r\n" + Prompt);
        Assert.That(_checkpoint.IsOff);
    }

    [Test]
    public void A_command_that_takes_no_arguments_does_nothing_when_it_gets_some()
    {
        Assert.That(Obey("halt now?"), Is.EqualTo("usage: halt\r\n"));
        Assert.That(_checkpoint.IsOff, Is.False);
        Assert.That(Obey("counter 5"), Is.EqualTo("usage: counter\r\n"));
        Assert.That(Obey("counter"), Is.EqualTo("counter 1\r\n"));
        Assert.That(Obey("checkpoint soon"), Is.EqualTo("usage: checkpoint\r\n"));
        Assert.That(Obey("generation"), Is.EqualTo("generation 1\r\n"));
    }

    [Test]
    public void Halt_does_not_halt_again_when_its_own_checkpoint_is_restarted()
    {
        _checkpoint.OnWait = () => _checkpoint.BootEpoch++;
        Obey("halt");
        Assert.That(_checkpoint.IsOff, Is.False);
    }

    // What is printed between the command's line and the next prompt.
    private string Obey(string command)
    {
        int from = _console.Written.Length;
        _console.Type(command + "\r");
        string all = _console.WaitFor("\n" + Prompt, from);
        return all[(command.Length + 2)..^Prompt.Length];
    }

    private HostedNotification Signal(AgentSignals signal) => new(_agent, (uint)signal);

    /// <summary>The courier begins; one before it, if there is one, does nothing any more.</summary>
    private void StartCourier()
    {
        HostedProcess courier =
            _system.AddProcess(Signal(AgentSignals.CourierStarted), Signal(AgentSignals.CourierDelivered));
        _agent.Registers[CapabilityRegisters.FirstNamed + 2] = new HostedStart(courier, Message.Payload(0, 0));
        _system.Start<CourierDomain>(courier);
    }

    /// <summary>Has the shell wait for a program that does not answer; where its output begins.</summary>
    private int StartMute()
    {
        int from = _console.Written.Length;
        _console.Type("run hostile mute\r");
        _console.WaitFor("mute\r\n", from);
        return from;
    }

    private static HostedService NewPage()
    {
        byte[] contents = new byte[MappedPage.SizeInBytes];
        return new HostedService(message =>
        {
            if (message.Order == PageOrder.Write)
            {
                message.Text.CopyTo(contents, (int)message.Words[0]);
                message.Answer(Result.Ok);
                return;
            }

            message.Answer(Result.Ok);
            message.Text = [.. contents];
        });
    }

    private void AddProgram(byte* names, int entry, string name, Result result, string format) =>
        AddProgram(names, entry, name, new HostedService(message =>
        {
            string arguments = Encoding.UTF8.GetString(message.Text);
            message.Answer(result);
            message.Text = Encoding.UTF8.GetBytes(string.Format(null, format, arguments));
        }));

    private void AddProgram(byte* names, int entry, string name, HostedCapability program)
    {
        Encoding.UTF8.GetBytes(name, new System.Span<byte>(names + entry * Directory.NameBytes, Directory.NameBytes));
        _programs.Slots[entry] = program;
    }
}
