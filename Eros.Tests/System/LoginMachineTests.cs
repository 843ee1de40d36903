using System.Globalization;
using System.Linq;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>docs/login.md: users, passwords and desks on a machine.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class LoginMachineTests
{
    private const string Attention = "\u001d";
    private const string LoginPrompt = "login: ";

    [Test]
    public void Behind_a_password_the_desk_is_as_it_was_left()
    {
        using ErosMachine machine = new();
        machine.BootAsItStands();
        Assert.That(machine.Console.Output, Does.Contain("no password is set"));
        machine.Run("set x 42");
        SetPassword(machine, "sesame");
        machine.Console.Type("get ");
        machine.Expect("get ");
        machine.Console.Type(Attention);
        machine.Expect(LoginPrompt);
        Enter(machine, "owner", "wrong");
        machine.Expect("login incorrect");
        machine.Expect(LoginPrompt);
        Enter(machine, "nobody", "sesame");
        machine.Expect("login incorrect");
        machine.Expect(LoginPrompt);
        LogIn(machine, "owner", "sesame");
        machine.Expect("get ");
        machine.Console.Type("x\r");
        machine.Expect("\r\n42\r\n" + ErosSession.Prompt);
        Assert.That(machine.Console.Output, Does.Not.Contain("sesame"));
        Assert.That(machine.Run("debug login"), Is.EqualTo("login is private"));
        Assert.That(machine.Run("debug argon2 memory 400000"), Is.EqualTo("argon2 is private"));
    }

    [Test]
    public void The_memory_of_a_key_is_not_saved_again_and_again()
    {
        using ErosMachine machine = new();
        machine.BootAsItStands();
        int before = Generation(machine);
        SetPassword(machine, "sesame");
        Assert.That(Generation(machine), Is.LessThanOrEqualTo(before + 2), "the interval may bring one besides");
    }

    [Test]
    public void After_a_power_cut_the_machine_asks_before_it_gives_the_desk_back()
    {
        using ErosMachine machine = new();
        machine.BootAsItStands();
        machine.Run("set x 42");
        SetPassword(machine, "sesame");
        machine.Console.Type("checkpoint\r");
        machine.Expect("committed\r\n" + ErosSession.Prompt);

        machine.Start();
        machine.Expect(LoginPrompt);
        Assert.That(machine.Console.Output, Does.Not.Contain(ErosSession.Prompt));
        LogIn(machine, "owner", "sesame");
        Assert.That(Run(machine, "get x"), Is.EqualTo("42"));

        // The checkpoint that a later restart comes back to finds the user logged in.
        machine.Console.Type("checkpoint\r");
        machine.Expect("committed\r\n" + ErosSession.Prompt);
        machine.Console.Type("get");
        machine.Expect("get");
        machine.Start();
        machine.Expect(LoginPrompt);
        Assert.That(machine.Console.Output, Does.Not.Contain(ErosSession.Prompt));
        LogIn(machine, "owner", "sesame");

        // What was half typed may have become durable before the plug was pulled.
        machine.Console.Type("\x15");
        Assert.That(Run(machine, "get x"), Is.EqualTo("42"));
    }

    [Test]
    public void Users_have_desks_of_their_own()
    {
        using ErosMachine machine = new();
        machine.BootAsItStands();
        Assert.That(machine.Run("user add ann"), Does.Contain("passwd"));
        machine.Run("set x 42");
        SetPassword(machine, "sesame");
        AddUser(machine, "ann", "poppy");
        Assert.That(machine.Run("user"), Is.EqualTo("owner ann"));

        LogOut(machine);
        LogIn(machine, "ann", "poppy");
        Assert.That(Run(machine, "get x"), Is.EqualTo("not set"));
        Run(machine, "set x 7");
        Assert.That(Run(machine, "user add bob"), Is.EqualTo("not yours: user"));
        Assert.That(Run(machine, "user remove owner"), Is.EqualTo("not yours: user"));
        Assert.That(Run(machine, "debug shell"), Is.EqualTo("not yours: debug"));
        Assert.That(Run(machine, "checkpoint"), Is.EqualTo("not yours: checkpoint"));
        long first = long.Parse(Run(machine, "run spin-check"), CultureInfo.InvariantCulture);
        Assert.That(first, Is.Not.Negative, "her courier works");

        LogOut(machine);
        LogIn(machine, "owner", "sesame");
        Assert.That(Run(machine, "get x"), Is.EqualTo("42"));
        machine.Console.Type("checkpoint\r");
        machine.Expect("committed\r\n" + ErosSession.Prompt);

        machine.Start();
        machine.Expect(LoginPrompt);
        LogIn(machine, "ann", "poppy");
        Assert.That(Run(machine, "get x"), Is.EqualTo("7"), "a desk that was made while the system ran stays");
        LogOut(machine);
        LogIn(machine, "owner", "sesame");
        Assert.That(Run(machine, "user remove ann"), Is.Empty);
        LogOut(machine);
        Enter(machine, "ann", "poppy");
        machine.Expect("login incorrect");
    }

    [Test]
    public void After_logout_terminals_are_void_and_the_attention_key_reaches_the_real_prompt()
    {
        using EmptyDirectory folder = new();
        foreach ((string name, string text) in LoginSystem.Files)
        {
            folder.Write(name, text);
        }

        (int code, string built) = folder.Run("dotnet", "build", "Inn", "-v", "q", "-nologo");
        Assert.That(code, Is.Zero, built);
        using ErosMachine machine = new(folder.PathOf("Inn/Inn.img"));
        machine.BootAsItStands();
        SetPassword(machine, "sesame");
        AddUser(machine, "ann", "poppy");

        machine.Run("run chatter on");
        machine.Expect("tick\r\n");
        machine.Console.Type("logout\r");
        machine.Expect("logout\r\n");
        machine.Expect(LoginPrompt);
        int from = machine.Console.Output.Length;
        LogIn(machine, "ann", "poppy");
        Run(machine, "run spin-check");
        LogOut(machine);
        Enter(machine, "owner", "sesame");
        Assert.That(machine.Console.Output[from..], Does.Not.Contain("tick"));
        machine.Expect(ErosSession.Prompt);
        machine.Expect("tick\r\n");
        machine.Console.Type("run chatter off\r");
        string output = machine.Console.Expect(" times void\r\n", ErosMachine.Patience);
        Assert.That(output.Split("\r\n")[^2], Does.Match("[1-9][0-9]* times void$"));
        machine.Expect(ErosSession.Prompt);

        machine.Console.Type("run impostor\r");
        machine.Expect("run impostor\r\n");
        machine.Expect(LoginPrompt);
        Enter(machine, "owner", "");
        machine.Console.Type("run impostor\r");
        machine.Expect("stolen: owner ");
        machine.Expect(ErosSession.Prompt);
        machine.Expect(LoginPrompt);
        machine.Console.Type(Attention);
        machine.Expect(LoginPrompt);
        Enter(machine, "owner", "sesame");
        machine.Expect("nothing stolen: the capability is void\r\n" + ErosSession.Prompt);
        Assert.That(machine.Console.Output, Does.Not.Contain("sesame"));
    }

    private static int Generation(ErosMachine machine) =>
        int.Parse(machine.Run("generation").Split(' ')[1], CultureInfo.InvariantCulture);

    private static void SetPassword(ErosMachine machine, string password)
    {
        machine.Console.Type("passwd\r");
        GiveNewPassword(machine, password);
    }

    private static void AddUser(ErosMachine machine, string name, string password)
    {
        machine.Console.Type($"user add {name}\r");
        GiveNewPassword(machine, password);
    }

    private static void GiveNewPassword(ErosMachine machine, string password)
    {
        machine.Expect("new password of ");
        machine.Console.Type(password + "\r");
        machine.Expect("the same again: ");
        machine.Console.Type(password + "\r");
        machine.Expect("\r\n" + ErosSession.Prompt);
    }

    private static void LogOut(ErosMachine machine)
    {
        machine.Console.Type("logout\r");
        machine.Expect(LoginPrompt);
    }

    private static void LogIn(ErosMachine machine, string name, string password)
    {
        Enter(machine, name, password);
        machine.Expect(ErosSession.Prompt);
    }

    private static void Enter(ErosMachine machine, string name, string password)
    {
        machine.Console.Type(name + "\r");
        machine.Expect("password: ");
        machine.Console.Type(password + "\r");
    }

    // Of a shell that has no greeting.
    private static string Run(ErosMachine machine, string command)
    {
        machine.Console.Type(command + "\r");
        machine.Expect(command + "\r\n");
        string output = machine.Console.Expect(ErosSession.Prompt, ErosMachine.Patience);
        return string.Join('\n', output[..^ErosSession.Prompt.Length].Split("\r\n").SkipLast(1));
    }
}
