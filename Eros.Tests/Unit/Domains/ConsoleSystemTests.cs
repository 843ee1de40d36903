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

internal sealed partial class ConsoleSystemTests
{
    private const string Prompt = "eros> ";
    private const int SessionAgent = 2;
    private const uint ShellBadge = AgentDomain.ShellBadge;
    private const string GivenUp = "hostile: given up; it may still be running\r\n" + Prompt;
    private const string Cancel = "\x03";

    private HostedSystem _system = null!;
    private HostedConsole _console = null!;
    private HostedSeat _seat = null!;
    private HostedCheckpoint _checkpoint = null!;
    private HostedProcess _agent = null!;
    private HostedProcess _shell = null!;
    private HostedProcess _counter = null!;
    private HostedProcess _engaged = null!;
    private HostedProcess _test = null!;
    private HostedStored _programs = null!;
    private System.Func<uint, string, Result>? _account;
    private bool _isBankEmpty;
    private HostedService _typed = null!;
    private HostedService _page = null!;
    private int _saves;

    [SetUp]
    public void Boot() => Boot(isOwner: true);

    private void Boot(bool isOwner, HostedService? typed = null, string half = "")
    {
        _system = new HostedSystem();
        _console = new HostedConsole(_system);
        _checkpoint = new HostedCheckpoint();
        _seat = new HostedSeat(_console);
        _typed = typed ?? NewPage();
        _page = _typed;
        _isOverwritten = false;
        _agent = _system.AddProcess(
            _seat,
            new HostedService(MakeOfAgent),
            new HostedService(MakeCourier),
            new HostedService(_ => { }),
            new HostedService(message => _page.Answer(message)),
            new HostedService(_ => _saves++));
        _agent.Registers[CapabilityRegisters.Bank] = new HostedService(SellBank);
        _counter = _system.AddProcess();
        HostedService warden = new(message =>
        {
            bool isThere = message.Words[0] < 2;
            string description = $"domain {message.Words[0]}  runs";
            message.Answer(isThere ? Result.Ok : Result.BadArgument);
            message.Text = Encoding.UTF8.GetBytes(description);
        });
        _programs = new HostedStored(0, 0, RangeKind.PlainNode);
        HostedStored desk = new(1, 0, RangeKind.PlainNode);
        HostedStored names = new(2, 0, RangeKind.Page);
        desk.Slots[DeskSlots.Agent] = new HostedStart(_agent, Message.Payload(SessionAgent, 0));
        desk.Slots[DeskSlots.Account] = new HostedService(Account);
        if (isOwner)
        {
            desk.Slots[DeskSlots.Counter] = new HostedStart(_counter, Message.Payload(0, 0));
            desk.Slots[DeskSlots.Checkpoint] = _checkpoint;
            desk.Slots[DeskSlots.Warden] = warden;
            desk.Slots[DeskSlots.NotePage] = NewPage();
            AddProgram(names, 7, "bench", Result.Ok, "bench {0}\n");
        }

        desk.Slots[DeskSlots.Programs] = _programs;
        desk.Slots[DeskSlots.ProgramNames] = names;
        _shell = _system.AddProcess(desk);
        AddProgram(names, 0, "echo", Result.Ok, "you said {0}\n");
        AddProgram(names, 3, "dead", Result.VoidCapability, "");
        AddProgram(names, 4, "full", Result.LimitReached, "");
        HostedProcess hostile = _system.AddProcess();
        _engaged = _system.AddProcess();
        AddProgram(names, 5, "hostile", new HostedStart(hostile, Message.Payload(0, 0)));
        AddProgram(names, 6, "engaged", new HostedStart(_engaged, Message.Payload(0, 0)));
        _test = _system.AddProcess(new HostedStart(_agent, Message.Payload(0, 0)));
        _test.Enter(named: 1);
        _system.Start<AgentDomain>(_agent);
        _system.Start<CounterDomain>(_counter);
        _system.Start<HostileDomain>(hostile);
        _system.Start<ShellDomain>(_shell);
        _console.WaitFor(Prompt + half);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _shell.Dispose();
        _account = null;
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
    [TestCase("user", "owner ann")]
    [TestCase("user add", "usage: user [add NAME | remove NAME]")]
    [TestCase("user delete ann", "usage: user [add NAME | remove NAME]")]
    [TestCase("passwd now", "usage: passwd")]
    [TestCase("logout please", "usage: logout")]
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
        Restart();
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
        Restart();
        Assert.That(_console.WaitFor("get "), Is.EqualTo(Prompt + "get "));
        _console.Type("x\r");
        Assert.That(_console.WaitFor("\n" + Prompt), Is.EqualTo(Prompt + "get x\r\n42\r\n" + Prompt));
    }

    [Test]
    public void What_was_typed_since_the_checkpoint_is_there_after_a_power_cut()
    {
        Obey("set x 42");
        Obey("counter");
        int saves = _saves;
        _console.Type("get ");
        _console.WaitFor("get ");
        Assert.That(_saves, Is.GreaterThan(saves), "whoever makes the page durable is told");

        // Everything begins anew, as from a checkpoint before all this; but the page is as it was last.
        HostedService page = _typed;
        Stop();
        Boot(isOwner: true, page, half: "get ");
        _console.Type("x\r");
        Assert.That(_console.WaitFor("\n" + Prompt), Does.EndWith(Prompt + "get x\r\nnot set\r\n" + Prompt));
        int from = _console.Written.Length;
        _console.Type("\e[A\e[A\r");
        Assert.That(_console.WaitFor("\n" + Prompt, from), Does.Contain("counter 1"), "it is in the history");
    }

    [Test]
    public void A_checkpoint_in_the_middle_of_a_key_does_not_undo_what_was_typed_later()
    {
        _console.Type("get ");
        _console.WaitFor("get ");
        HostedService page = _typed;
        Stop();
        Boot(isOwner: true);

        // This agent has its session, and is in the middle of a line; the page is newer all at once.
        _page = page;
        int from = _console.Written.Length;
        _console.Type("g");
        _console.WaitFor("get ", from);
        _console.Type("x\r");
        Assert.That(_console.WaitFor("\n" + Prompt, from), Does.EndWith("get x\r\nnot set\r\n" + Prompt));
    }

    [Test]
    public void After_the_attention_key_a_new_session_is_open_and_what_was_typed_ahead_is_gone()
    {
        Obey("set x 42");
        _console.Type("get ");
        _console.WaitFor("get ");
        int from = _console.Written.Length;
        _seat.Leave();
        _seat.Return(isAnew: true);
        _console.WaitFor(Prompt + "get ", from);
        _console.Type("x\r");
        Assert.That(_console.WaitFor("\n" + Prompt, from), Does.EndWith(Prompt + "get x\r\n42\r\n" + Prompt));
    }

    [Test]
    public void A_program_that_prints_before_the_agent_knows_of_the_restart_is_seen()
    {
        _console.Type("half");
        _console.WaitFor("half");
        _agent.WaitUntilIdle();
        _console.Restart();
        TerminalClient.At(CapabilityRegisters.FirstNamed).Write("news\n");
        Assert.That(_console.Written, Is.EqualTo("\r\x1b[Knews\r\n" + Prompt + "half"));
        _seat.Return(isAnew: false);
        TerminalClient.At(CapabilityRegisters.FirstNamed).Write("more\n");
        Assert.That(_console.Written, Is.EqualTo(
            "\r\x1b[Knews\r\n" + Prompt + "half\r\x1b[Kmore\r\n" + Prompt + "half"));
    }

    [Test]
    public void A_second_reader_is_told_that_the_terminal_is_busy() =>
        Assert.That(TerminalClient.At(CapabilityRegisters.FirstNamed).ReadLine("? ", out _), Is.EqualTo(Result.Busy));

    [TestCase("ps")]
    [TestCase("counter")]
    [TestCase("checkpoint")]
    [TestCase("generation")]
    [TestCase("halt")]
    [TestCase("note")]
    [TestCase("note buy milk")]
    [TestCase("bench --json")]
    [TestCase("debug shell")]
    [TestCase("reserve")]
    [TestCase("demo")]
    public void What_a_desk_was_not_given_is_not_its_users(string command)
    {
        Stop();
        Boot(isOwner: false);
        string name = command.Split(' ')[0];
        Assert.That(Obey(command), Is.EqualTo($"not yours: {name}\r\n"));
        Assert.That(Obey("help"), Does.Contain("  set NAME VALUE ").And.Not.Contain($"  {name} "));
    }

    [Test]
    public void Who_was_not_given_the_clock_does_not_set_it() =>
        Assert.That(Obey("date 2026-01-01 00:00:00"), Is.EqualTo("not yours: setting the date\r\n"));

    [TestCase("user add ann", 3u, "ann")]
    [TestCase("user remove ann", 4u, "ann")]
    [TestCase("passwd", 2u, "")]
    [TestCase("logout", 1u, "")]
    public void Users_and_passwords_are_the_login_agents_affair(string command, uint order, string name)
    {
        Result answer = Result.NoAccess;
        _account = (asked, text) => (asked, text) == (order, name) ? answer : Result.UnknownOrder;
        Assert.That(Obey(command), Is.EqualTo($"not yours: {command.Split(' ')[0]}\r\n"));
        answer = Accounts.NoUser;
        Assert.That(Obey(command), Does.EndWith($": there is no user {name}\r\n"));
        answer = Result.Ok;
        Assert.That(Obey(command), Is.Empty);
    }

    [Test]
    public void Without_a_session_the_shell_waits_and_to_others_the_terminal_is_void()
    {
        Obey("set x 42");
        _console.Type("get ");
        _console.WaitFor("get ");
        _seat.Leave();
        int from = _console.Written.Length;
        ITerminal terminal = TerminalClient.At(CapabilityRegisters.FirstNamed);
        Assert.That(terminal.Write("news\n"), Is.EqualTo(Result.VoidCapability));
        Assert.That(_console.Written, Has.Length.EqualTo(from), "and nothing is seen");

        _seat.Return(isAnew: true);
        _console.WaitFor(Prompt + "get ", from);
        _console.Type("x\r");
        Assert.That(_console.WaitFor("\n" + Prompt, from), Does.EndWith("get x\r\n42\r\n" + Prompt));
        Assert.That(terminal.Write("news\n"), Is.EqualTo(Result.Ok));
    }

    [Test]
    public void A_command_that_the_session_did_not_outlast_is_done_all_the_same()
    {
        using System.Threading.ManualResetEventSlim left = new();
        _account = (_, _) =>
        {
            _seat.Leave();
            left.Set();
            return Result.Ok;
        };
        _console.Type("logout\r");
        Assert.That(left.Wait(20_000));
        int from = _console.Written.Length;
        _seat.Return(isAnew: true);
        Assert.That(_console.WaitFor(Prompt, from), Is.EqualTo(Prompt));
    }

    [Test]
    public void Somebody_elses_line_ends_with_the_session()
    {
        StartMute();
        System.Threading.Tasks.Task<Result> other = System.Threading.Tasks.Task.Run(() =>
        {
            _test.Enter(named: 1);
            return TerminalClient.At(CapabilityRegisters.FirstNamed).ReadLine("name? ", out _);
        });
        _console.WaitFor("name? ");
        _seat.Leave();
        _seat.Return(isAnew: true);
        Assert.That(other.Wait(20_000));
        Assert.That(other.Result, Is.EqualTo(Result.VoidCapability));
    }

    [Test]
    public void A_program_is_not_run_without_storage_for_a_courier()
    {
        _isBankEmpty = true;
        Assert.That(Obey("run echo x"), Is.EqualTo("echo: a limit is reached\r\n"));
        _isBankEmpty = false;
        Assert.That(Obey("run echo x"), Is.EqualTo("you said x\r\n"));
    }

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

    /// <summary>A new boot, with a session for the desk.</summary>
    private void Restart()
    {
        _console.Restart();
        _seat.Return(isAnew: false);
    }

    /// <summary>The agent's own process.</summary>
    private void MakeOfAgent(HostedMessage message)
    {
        uint data = (uint)message.Words[0];
        bool isStart = (uint)message.Order == ProcessOrder.MakeStart;
        message.Answer(Result.Ok);
        message.Capabilities[0] = isStart ? new HostedStart(_agent, data) : new HostedNotification(_agent, data);
    }

    /// <summary>The constructor of couriers. One before it does nothing any more: its bank is destroyed.</summary>
    private void MakeCourier(HostedMessage message)
    {
        HostedProcess courier = _system.AddProcess(message.Capabilities[2]);
        message.Answer(Result.Ok);
        message.Capabilities[0] = new HostedStart(courier, Message.Payload(0, 0));
        _system.Start<CourierDomain>(courier);
    }

    private void SellBank(HostedMessage message)
    {
        bool isNew = (uint)message.Order == SpaceBankOrder.CreateChild;
        message.Answer(isNew && _isBankEmpty ? Result.LimitReached : Result.Ok, 1);
        message.Capabilities[0] = isNew ? new HostedService(SellBank) : null;
    }

    /// <summary>Has the shell wait for a program that does not answer; where its output begins.</summary>
    private int StartMute()
    {
        int from = _console.Written.Length;
        _console.Type("run hostile mute\r");
        _console.WaitFor("mute\r\n", from);
        return from;
    }

    // Answers what the login agent would.
    private void Account(HostedMessage message)
    {
        Result result = _account?.Invoke((uint)message.Order, Encoding.UTF8.GetString(message.Text)) ?? Result.Ok;
        message.Answer(result);
        message.Text = "owner ann"u8.ToArray();
    }

    private static HostedService NewPage() => NewPage(new byte[MappedPage.SizeInBytes]);

    private static HostedService NewPage(byte[] contents) =>
        new(message =>
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

    private void AddProgram(HostedStored names, int entry, string name, Result result, string format) =>
        AddProgram(names, entry, name, new HostedService(message =>
        {
            string arguments = Encoding.UTF8.GetString(message.Text);
            message.Answer(result);
            message.Text = Encoding.UTF8.GetBytes(string.Format(null, format, arguments));
        }));

    private void AddProgram(HostedStored names, int entry, string name, HostedCapability program)
    {
        Encoding.UTF8.GetBytes(name).CopyTo(names.Bytes, entry * Directory.NameBytes);
        _programs.Slots[entry] = program;
    }
}
