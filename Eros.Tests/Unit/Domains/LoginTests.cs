using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Eros.Domains.Argon2;
using Eros.Domains.Login;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>The login agent's rules.</summary>
internal sealed class LoginTests
{
    private const string LoginPrompt = "login: ";
    private const string PasswordPrompt = "password: ";
    private const string Incorrect = "login incorrect\r\n";
    private const string NextTry = " s for the next try\r\n";
    private const ulong Second = 1_000_000_000;

    private LoginFixture _fixture = null!;

    private HostedConsole Console => _fixture.Console;

    private LoginFixture.TestDesk Owner => _fixture.Owner;

    [SetUp]
    public void Boot() => _fixture = new LoginFixture();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void Without_a_password_the_owner_is_seated_whatever_happens()
    {
        Assert.That(Owner.IsSeated);
        Assert.That(Console.Written, Does.StartWith("no password is set").And.EndsWith("\r\n"));
        Console.PressAttention();
        Assert.That(Owner.IsSeated);
        _fixture.Restart();
        Assert.That(Owner.IsSeated);
        Assert.That(Owner.Ask(account => account.Leave()), Is.EqualTo(Result.Ok));
        Assert.That(Owner.IsSeated);
        Assert.That(Console.Written, Is.Empty, "nobody is asked anything");
    }

    [Test]
    public void With_a_password_attention_logout_and_restart_lead_to_the_login_prompt()
    {
        _fixture.SetPassword("pw");
        Assert.That(Owner.IsSeated);
        int from = Console.Written.Length;
        Console.PressAttention();
        Console.WaitFor(LoginPrompt, from);
        Assert.That(Owner.Open(out _), Is.EqualTo(Result.VoidCapability));

        LogIn("owner", "pw");
        from = Console.Written.Length;
        Owner.Ask(account => account.Leave());
        Console.WaitFor(LoginPrompt, from);
        Assert.That(Owner.Open(out _), Is.EqualTo(Result.VoidCapability));

        LogIn("owner", "pw");
        _fixture.Restart();
        Assert.That(Console.Written, Is.EqualTo(LoginPrompt));
        Assert.That(Owner.Open(out _), Is.EqualTo(Result.VoidCapability));
        LogIn("owner", "pw");
    }

    [Test]
    public void A_session_is_void_when_it_is_over()
    {
        _fixture.SetPassword("pw");
        HostedCapability? session = Owner.Take();
        Assert.That(_fixture.WriteTo(session), Is.EqualTo(Result.Ok));
        Owner.Ask(account => account.Leave());
        Assert.That(_fixture.WriteTo(session), Is.EqualTo(Result.VoidCapability));
        LogIn("owner", "pw");
        Assert.That(_fixture.WriteTo(session), Is.EqualTo(Result.VoidCapability));
    }

    [Test]
    public void Nothing_of_a_password_is_seen()
    {
        _fixture.SetPassword("pw");
        LogOut();
        Assert.That(_fixture.Enter("owner\r", PasswordPrompt), Is.EqualTo("owner\r\n" + PasswordPrompt));
        int from = Console.Written.Length;
        Console.Type("pv\bw\r");
        WaitUntilSeated();
        Assert.That(Console.Written[from..], Is.EqualTo("\r\n"));
    }

    [Test]
    public void What_is_typed_behind_the_password_is_the_desks()
    {
        _fixture.SetPassword("pw");
        LogOut();
        Console.Type("owner\rpw\rget x\r");
        WaitUntilSeated();
        Assert.That(Owner.Read(), Is.EqualTo("get x\r"));
    }

    [Test]
    public void A_wrong_name_and_a_wrong_password_are_the_same()
    {
        _fixture.SetPassword("pw");
        LogOut();
        int keys = _fixture.Keys;
        string wrongPassword = Fail("owner", "other");
        Assert.That(_fixture.Keys, Is.EqualTo(keys + 1));
        Assert.That(_fixture.WaitForAlarm(), Is.EqualTo(Second));
        WaitForPrompt(Second);
        string wrongName = Fail("nobody", "other");
        Assert.That(_fixture.Keys, Is.EqualTo(keys + 2), "the same work");
        Assert.That(_fixture.WaitForAlarm(), Is.EqualTo(2 * Second), "the same wait");
        Assert.That(
            wrongName.Replace("nobody", "owner").Replace("wait 2", "wait 1"),
            Is.EqualTo(wrongPassword),
            "the same words");
    }

    [Test]
    public void Each_failure_doubles_the_wait_up_to_a_minute()
    {
        _fixture.SetPassword("pw");
        LogOut();
        foreach (ulong seconds in (ulong[])[1, 2, 4, 8, 16, 32, 64, 64])
        {
            Assert.That(Fail("owner", "wrong"), Does.EndWith($"wait {seconds}{NextTry}"));
            Assert.That(_fixture.WaitForAlarm(), Is.EqualTo(seconds * Second));
            WaitForPrompt(seconds * Second);
        }

        LogIn("owner", "pw");
        LogOut();
        Fail("owner", "wrong");
        Assert.That(_fixture.WaitForAlarm(), Is.EqualTo(Second), "who got in begins anew");
    }

    [Test]
    public void Neither_the_attention_key_nor_a_restart_shortens_the_wait()
    {
        _fixture.SetPassword("pw");
        LogOut();
        Fail("owner", "wrong");
        _fixture.WaitForAlarm();
        _fixture.Pass(1);
        Console.PressAttention();
        Console.Type("owner\rpw\r");
        Assert.That(Owner.IsSeated, Is.False);
        _fixture.Restart();
        Console.Type("owner\rpw\r");
        _fixture.AskForAlarm();
        Assert.That(_fixture.WaitForAlarm(), Is.EqualTo(Second - 1), "who wakes too early sleeps on");
        Assert.That(Console.Written, Is.EqualTo("wait 1" + NextTry), "and it is said how long");
        WaitForPrompt(Second - 1);
        Assert.That(Owner.IsSeated, Is.False, "what was typed meanwhile is gone");
        LogIn("owner", "pw");
    }

    [Test]
    public void A_password_that_was_right_before_a_restart_opens_nothing_after_it()
    {
        _fixture.SetPassword("pw");
        LogOut();
        _fixture.Enter("owner\r", PasswordPrompt);
        _fixture.OnKey = () =>
        {
            _fixture.OnKey = null;
            Console.Restart();
        };
        Console.Type("pw\r");
        Assert.That(() => _fixture.OnKey, Is.Null.After(20_000, 10));
        Assert.That(Owner.IsSeated, Is.False);
        _fixture.Restart();
        Assert.That(Owner.Open(out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(Console.Written, Is.EqualTo(LoginPrompt));
    }

    [Test]
    public void Nobody_is_asked_for_a_new_password_after_a_restart()
    {
        _fixture.SetPassword("pw");
        _fixture.Boot++;
        int from = Console.Written.Length;
        Task<Result> asked = Owner.Begin(account => account.ChangePassword());
        LoginFixture.Demand(asked, Result.Cancelled);
        Assert.That(Console.WaitFor(LoginPrompt, from), Is.EqualTo(LoginPrompt));
    }

    [Test]
    public void Who_does_not_know_the_present_password_stays_and_may_guess_as_often_as_at_a_login()
    {
        _fixture.SetPassword("pw");
        foreach (ulong seconds in (ulong[])[1, 2, 4])
        {
            int from = Console.Written.Length;
            Task<Result> asked = Owner.Begin(account => account.ChangePassword());
            Console.WaitFor("present password: ", from);
            _fixture.Enter("guess\r", "that is not your password\r\n");
            LoginFixture.Demand(asked, Accounts.WrongPassword);
            Assert.That(Owner.IsSeated);

            int keys = _fixture.Keys;
            from = Console.Written.Length;
            LoginFixture.Demand(Owner.Begin(account => account.ChangePassword()), Accounts.WrongPassword);
            Assert.That(Console.Written[from..], Is.EqualTo($"wait {seconds}{NextTry}"));
            Assert.That((_fixture.Keys, Owner.IsSeated), Is.EqualTo((keys, true)));
            _fixture.Pass(seconds * Second);
        }

        LogOut();
        Assert.That(Fail("owner", "wrong"), Does.EndWith("wait 8" + NextTry));
    }

    [Test]
    public void What_is_typed_ahead_as_a_new_password_is_not_read_by_the_shell()
    {
        _fixture.SetPassword("pw");
        Task<Result> asked = Owner.Begin(account => account.ChangePassword());
        Console.WaitFor("present password: ");
        Console.Type("guess\rsecret\rsecret\r");
        LoginFixture.Demand(asked, Accounts.WrongPassword);
        Assert.That(Owner.Read(), Is.Empty);
    }

    [Test]
    public void A_password_of_ones_own_earns_no_more_guesses_at_anothers()
    {
        _fixture.SetPassword("pw");
        LoginFixture.TestDesk ann = AddUser("ann");
        LogOut();
        foreach (ulong seconds in (ulong[])[1, 2, 4])
        {
            Assert.That(Fail("owner", "wrong"), Does.EndWith($"wait {seconds}{NextTry}"));
            _fixture.WaitForAlarm();
            WaitForPrompt(seconds * Second);
            _fixture.Enter("ann\r", PasswordPrompt);
            Console.Type("pw of ann\r");
            Assert.That(() => ann.IsSeated, Is.True.After(20_000, 10));
            int from = Console.Written.Length;
            ann.Ask(account => account.Leave());
            Console.WaitFor(LoginPrompt, from);
        }

        LogIn("owner", "pw");
        LogOut();
        Assert.That(Fail("owner", "wrong"), Does.EndWith("wait 1" + NextTry));
    }

    [Test]
    public void A_new_password_replaces_the_old_one()
    {
        _fixture.SetPassword("pw");
        Task<Result> asked = Owner.Begin(account => account.ChangePassword());
        Console.WaitFor("present password: ");
        _fixture.Enter("pw\r", "new password of owner: ");
        _fixture.Enter("\r", "it must not be empty; Ctrl-C gives up\r\nnew password of owner: ");
        _fixture.Enter("new\r", "the same again: ");
        _fixture.Enter("nev\r", "that was another; Ctrl-C gives up\r\nnew password of owner: ");
        _fixture.Enter("new\r", "the same again: ");
        Console.Type("new\r");
        LoginFixture.Demand(asked, Result.Ok);
        LogOut();
        Fail("owner", "pw");
        _fixture.WaitForAlarm();
        WaitForPrompt(Second);
        LogIn("owner", "new");
    }

    [Test]
    public void Ctrl_C_attention_and_restart_leave_the_password_as_it_was()
    {
        Task<Result> asked = Owner.Begin(account => account.ChangePassword());
        Console.WaitFor("new password of owner: ");
        Console.Type("x\x03");
        LoginFixture.Demand(asked, Result.Cancelled);
        Assert.That(Owner.IsSeated);
        int from = Console.Written.Length;
        asked = Owner.Begin(account => account.ChangePassword());
        Console.WaitFor("new password of owner: ", from);
        Console.PressAttention();
        LoginFixture.Demand(asked, Result.Cancelled);
        Assert.That(Owner.IsSeated, "there is no password");
    }

    [Test]
    public void Users_are_added_by_the_owner_who_has_a_password()
    {
        Assert.That(Owner.Ask(account => account.Add("ann")), Is.EqualTo(Accounts.NoPassword));
        _fixture.SetPassword("pw");
        foreach (string noName in (string[])["Ann", "-", "-ann", "1ann", "a b", ""])
        {
            Assert.That(Owner.Ask(account => account.Add(noName)), Is.EqualTo(Result.BadArgument), noName);
        }

        Assert.That(Owner.Ask(account => account.Add(new string('a', 21))), Is.EqualTo(Result.BadArgument));
        Assert.That(Owner.Ask(account => account.Add("owner")), Is.EqualTo(Accounts.Exists));
        LoginFixture.TestDesk ann = AddUser("ann");
        Assert.That(Names(Owner), Is.EqualTo("owner ann"));
        Assert.That(_fixture.Desks[0].Slots[DeskSlots.Agent], Is.InstanceOf<HostedService>());
        Assert.That(_fixture.Desks[0].Slots[DeskSlots.Account], Is.EqualTo(_fixture.Facet(LoginFixture.Account, 1)));
        Assert.That(ann.IsSeated, Is.False);

        LogOut();
        _fixture.Enter("ann\r", PasswordPrompt);
        Console.Type("pw of ann\r");
        Assert.That(() => ann.IsSeated, Is.True.After(20_000, 10));
        Assert.That(Owner.IsSeated, Is.False);
        Assert.That(ann.Ask(account => account.Add("bob")), Is.EqualTo(Result.NoAccess));
        Assert.That(ann.Ask(account => account.Remove("owner")), Is.EqualTo(Result.NoAccess));
        Assert.That(Names(ann), Is.EqualTo("owner ann"));
    }

    [Test]
    public void Who_is_not_logged_in_may_ask_nothing()
    {
        _fixture.SetPassword("pw");
        LoginFixture.TestDesk ann = AddUser("ann");
        Assert.Multiple(() =>
        {
            Assert.That(ann.Ask(account => account.Leave()), Is.EqualTo(Result.NoAccess));
            Assert.That(ann.Ask(account => account.ChangePassword()), Is.EqualTo(Result.NoAccess));
            Assert.That(ann.Ask(account => account.Names(out _)), Is.EqualTo(Result.NoAccess));
            Assert.That(Owner.IsSeated);
        });
    }

    [Test]
    public void A_removed_users_capabilities_are_never_anybody_elses()
    {
        _fixture.SetPassword("pw");
        LoginFixture.TestDesk ann = AddUser("ann");
        Assert.That(Owner.Ask(account => account.Remove("bob")), Is.EqualTo(Accounts.NoUser));
        Assert.That(Owner.Ask(account => account.Remove("owner")), Is.EqualTo(Accounts.OwnerStays));
        Assert.That(Owner.Ask(account => account.Remove("ann")), Is.EqualTo(Result.Ok));
        Assert.That(Owner.Ask(account => account.Remove("ann")), Is.EqualTo(Accounts.NoUser));
        Assert.That(_fixture.Destroyed, Is.EqualTo(1));
        AddUser("bob", number: 2);
        LogOut();
        _fixture.Enter("bob\r", PasswordPrompt);
        Console.Type("pw of bob\r");
        LoginFixture.TestDesk bob = new(_fixture, 2);
        Assert.That(() => bob.IsSeated, Is.True.After(20_000, 10));
        Assert.That(ann.Open(out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(ann.Ask(account => account.Names(out _)), Is.EqualTo(Result.VoidCapability));
        Assert.That(_fixture.Seats.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void There_is_an_end_to_users_and_to_storage()
    {
        _fixture.SetPassword("pw");
        _fixture.IsBankEmpty = true;
        Task<Result> asked = BeginUser("ann");
        LoginFixture.Demand(asked, Result.LimitReached);
        _fixture.IsBankEmpty = false;
        for (int i = 0; i < Accounts.Limit; i++)
        {
            AddUser("user" + i, (uint)i + 1);
        }

        Assert.That(Owner.Ask(account => account.Add("ann")), Is.EqualTo(Result.LimitReached));
    }

    [Test]
    public void A_listener_that_takes_nothing_holds_nobody_up()
    {
        HostedProcess deaf = _fixture.System.AddProcess();
        Assert.That(Owner.Listen(new HostedStart(deaf, 0)), Is.EqualTo(Result.Ok));
        Console.PressAttention();
        Assert.That(Owner.IsSeated);
    }

    [Test]
    public void Keys_differ_if_one_bit_does()
    {
        Verifier one = new(1, 2, 3, 4, 5);
        Assert.That(one.Matches(one with { Salt = 7 }), "salts are not compared");
        for (int bit = 0; bit < 64; bit++)
        {
            ulong mask = 1UL << bit;
            Assert.That(one.Matches(one with { First = one.First ^ mask }), Is.False);
            Assert.That(one.Matches(one with { Second = one.Second ^ mask }), Is.False);
            Assert.That(one.Matches(one with { Third = one.Third ^ mask }), Is.False);
        }
    }

    [Test]
    public void A_prompt_takes_back_what_is_typed_and_hides_what_is_secret()
    {
        PromptReader reader = new();
        reader.Begin(isHidden: false);
        Assert.That(Type(reader, "ab\b\u007fc\u0015xy\u001b\t"), Is.EqualTo("ab\b \b\b \bc\b \bxy"));
        Assert.That(Encoding.UTF8.GetString(reader.Line), Is.EqualTo("xy"));
        reader.Begin(isHidden: true);
        Assert.That(reader.Line.Length, Is.Zero);
        Assert.That(Type(reader, "secre\u00E9\bt\r"), Is.EqualTo("\r\n"));
        reader.Begin(isHidden: true);
        Type(reader, new string('x', 200));
        Assert.That(reader.Line.Length, Is.EqualTo(PromptReader.MaxBytes));
    }

    [Test]
    public void Keys_are_argon2s_and_depend_on_salt_and_password()
    {
        using HostedSystem system = new();
        HostedProcess server = system.AddProcess();
        system.Start<Argon2Domain>(server);
        system.AddProcess(new HostedStart(server, Message.Payload(0, 0))).Enter(named: 1);
        IKeyDerivation keys = KeyDerivationClient.At(CapabilityRegisters.FirstNamed);
        Result result = keys.Derive(1, 2, "password"u8, out ulong first, out ulong second, out ulong third);
        Assert.That(result, Is.EqualTo(Result.Ok));
        keys.Derive(1, 2, "password"u8, out ulong again, out _, out _);
        keys.Derive(1, 3, "password"u8, out ulong otherSalt, out _, out _);
        keys.Derive(1, 2, "Password"u8, out ulong otherWord, out _, out _);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(new[] { first, second, third, otherSalt, otherWord }, Is.Unique);
    }

    private static string Type(PromptReader reader, string text)
    {
        StringBuilder echoes = new();
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            reader.Type(value, out string echo);
            echoes.Append(echo);
        }

        return echoes.ToString();
    }

    private static string Names(LoginFixture.TestDesk desk)
    {
        string names = "";
        desk.Ask(account => account.Names(out names));
        return names;
    }

    private void LogOut()
    {
        int from = Console.Written.Length;
        Owner.Ask(account => account.Leave());
        Console.WaitFor(LoginPrompt, from);
    }

    private void LogIn(string name, string password)
    {
        _fixture.Enter(name + "\r", PasswordPrompt);
        Console.Type(password + "\r");
        WaitUntilSeated();
    }

    private void WaitUntilSeated() => Assert.That(() => Owner.IsSeated, Is.True.After(20_000, 10));

    private string Fail(string name, string password)
    {
        int from = Console.Written.Length;
        _fixture.Enter(name + "\r", PasswordPrompt);
        Console.Type(password + "\r");
        string said = Console.WaitFor(NextTry, from);
        Assert.That(said, Does.Contain("\n" + Incorrect + "wait "));
        return said;
    }

    private void WaitForPrompt(ulong ns)
    {
        int from = Console.Written.Length;
        _fixture.Pass(ns - 1);
        Assert.That(Console.Written, Has.Length.EqualTo(from), "not before its time");
        _fixture.Pass(1);
        Assert.That(Console.WaitFor(LoginPrompt, from), Is.EqualTo(LoginPrompt));
    }

    private Task<Result> BeginUser(string name)
    {
        int from = Console.Written.Length;
        Task<Result> asked = Owner.Begin(account => account.Add(name));
        Console.WaitFor($"new password of {name}: ", from);
        _fixture.Enter($"pw of {name}\r", "the same again: ");
        Console.Type($"pw of {name}\r");
        return asked;
    }

    private LoginFixture.TestDesk AddUser(string name, uint number = 1)
    {
        LoginFixture.Demand(BeginUser(name), Result.Ok);
        return new LoginFixture.TestDesk(_fixture, number);
    }
}
