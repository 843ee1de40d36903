using System.Globalization;
using System.Linq;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>What the README shows.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class ResumedSessionTests
{
    private const string Up = "\e[A";

    [Test]
    public void After_a_power_cut_the_session_goes_on_in_the_middle_of_a_line()
    {
        using ErosMachine machine = new();
        machine.BootAsItStands(new MachineOptions { Extra = ErosMachine.FastClock });
        Assert.That(machine.Shell.Greeting.IsFirstBoot);
        Assert.That(machine.Run("set x 42"), Is.Empty);
        Assert.That(machine.Run("counter"), Is.EqualTo("counter 1"));
        Assert.That(machine.Run("counter"), Is.EqualTo("counter 2"));
        Assert.That(machine.Run("checkpoint"), Is.EqualTo("generation 2 committed"));
        long steps = Steps(machine);

        machine.Console.Type("get x");
        machine.Expect("get x");
        int marks = machine.Marks.Marks.Count;
        machine.WaitForCheckpoint(marks);
        machine.Pull();

        machine.BootAsItStands();
        Greeting greeting = machine.Shell.Greeting;
        Assert.That(greeting.IsFirstBoot, Is.False);
        Assert.That(greeting.Generation, Is.GreaterThan(2));
        Assert.That(greeting.Processes, Is.Positive);
        machine.Expect("get x");
        Assert.That(machine.Console.Output, Does.Match(
            @"\neros: generation \d+, resumed \d+ processes in \d+ ms\r?\neros> get x$"));

        machine.Console.Type("\r");
        Assert.That(machine.Console.Expect(ErosSession.Prompt, ErosMachine.Patience), Is.EqualTo("\r\n42\r\neros> "));
        Assert.That(machine.Run("counter"), Is.EqualTo("counter 3"));
        Assert.That(Steps(machine), Is.GreaterThanOrEqualTo(steps));
        Assert.That(Steps(machine), Is.GreaterThanOrEqualTo(steps));

        // The lines before: run spin-check, counter, get x, run spin-check, checkpoint.
        machine.Console.Type(string.Concat(Enumerable.Repeat(Up, 5)) + "\r");
        machine.Expect(ErosSession.Prompt + "checkpoint\r\n");
        machine.Expect("committed\r\n" + ErosSession.Prompt);
    }

    [Test]
    public void What_is_typed_before_the_machine_listens_is_not_lost()
    {
        using ErosMachine machine = new();
        const int Lines = 100;
        machine.Start();
        machine.Console.Type(string.Concat(Enumerable.Range(0, Lines).Select(line => $"set a{line} b{line}\r")));
        machine.Expect(ErosSession.Prompt);
        for (int line = 0; line < Lines; line++)
        {
            Assert.That(
                machine.Console.Expect("\r\n" + ErosSession.Prompt, ErosMachine.Patience),
                Does.EndWith($"set a{line} b{line}\r\n" + ErosSession.Prompt));
        }
    }

    [Test]
    public void The_attention_key_opens_a_new_session_and_is_nobodys_input()
    {
        using ErosMachine machine = new();
        machine.BootAsItStands();
        machine.Console.Type("set x 4");
        machine.Expect("set x 4");
        machine.Console.Type("\u001d");
        machine.Expect(ErosSession.Prompt + "set x 4");
        machine.Console.Type("2\r");
        machine.Expect("\r\n" + ErosSession.Prompt);
        Assert.That(machine.Run("get x"), Is.EqualTo("42"));
    }

    [Test]
    public void A_machine_that_was_halted_goes_on_and_is_not_halted_again()
    {
        using ErosMachine machine = new();
        machine.BootAsItStands();
        machine.Run("set x 42");
        machine.Console.Type("halt\r");
        Assert.That(machine.Console.WaitForExit(ErosMachine.Patience), Is.Zero);

        machine.BootAsItStands();
        Assert.That(machine.Run("get x"), Is.EqualTo("42"));
        machine.Console.Type("halt\r");
        Assert.That(machine.Console.WaitForExit(ErosMachine.Patience), Is.Zero);

        machine.BootAsItStands();
        Assert.That(machine.Run("get x"), Is.EqualTo("42"));
    }

    /// <summary>What the witness has come to; an exception when it is not what it should be.</summary>
    private static long Steps(ErosMachine machine) =>
        long.Parse(machine.Run("run spin-check"), CultureInfo.InvariantCulture);
}
