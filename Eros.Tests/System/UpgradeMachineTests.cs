using System.IO;
using System.Linq;
using Eros.Build.Qemu;
using Eros.Build.Volume;
using Eros.Domains.Composition;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Programs that take the shell's place on a volume that exists, and some that do not.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class UpgradeMachineTests
{
    private const string Shell = "shell";
    private const string ShellTwo = "ShellTwo";
    private const string Stranger = "StrangeShell";
    private const string Faulty = "FaultyShell";
    private const string ClearLine = "\x15";
    private const string Folder = "Eros.Domains/Shell/";

    [Test]
    public void A_new_shell_goes_on_from_where_the_old_one_was_and_one_that_cannot_does_not()
    {
        using MutantDomains mutants = new();
        SourceEdit two = new(Folder + "ShellDomain.Upgrade.cs", "uint Version = 1;", "uint Version = 2;");
        mutants.Add(ShellTwo, two);
        mutants.Add(Stranger, new SourceEdit(
            Folder + "ShellEstate.cs", "public const uint Format = 1;", "public const uint Format = 2;"));
        mutants.Add(Faulty, new SourceEdit(
            Folder + "ShellDomain.Upgrade.cs",
            "bool isKnown = ShellEstate",
            "bool isKnown = estate[estate.Length] != 0 || ShellEstate"));
        mutants.Build();
        using ErosMachine machine = new();
        machine.Boot();
        Prepare(machine);
        Assert.That(machine.Run("upgrade"), Does.Contain("nothing is offered").And.Contain("shell 1 goes on"));
        Refuse(machine, Stranger, "the new shell does not know what this one hands over; shell 1 goes on");
        Refuse(machine, Faulty, "the new shell has failed; shell 1 goes on");
        Offer(machine, ShellTwo);
        Assert.That(machine.Run("version"), Does.Match("shell 1\noffered: ShellTwo [0-9a-f]{8}"));
        Assert.That(machine.Run("upgrade"), Is.EqualTo("shell 2 goes on from where shell 1 was"));
        CheckNew(machine, count: 4);

        // There has been no checkpoint: the old one is there again, and so is the offer.
        machine.Pull();
        machine.Boot();
        Assert.That(machine.Run("version"), Does.StartWith("shell 1\noffered: ShellTwo"));
        Assert.That(machine.Run("upgrade"), Is.EqualTo("shell 2 goes on from where shell 1 was"));
        machine.Run("checkpoint");
        machine.Pull();
        machine.Boot();
        CheckNew(machine, count: 4);

        // The new one gives its place away like the old one did.
        machine.Run("checkpoint");
        Offer(machine, ShellTwo);
        Assert.That(machine.Run("upgrade"), Is.EqualTo("shell 2 goes on from where shell 2 was"));
        CheckNew(machine, count: 5);
        int moved = Enumerable.Range(1, 4).Count(phase => IsMovedAfterPull(machine, phase));
        TestContext.Out.WriteLine($"{moved} of 4 pulls in an upgrade came back to the new shell");
    }

    [Test]
    public void Whatever_a_programs_file_says_it_is_read_or_refused()
    {
        const int HeaderBytes = 300;
        using TemporaryFolder folder = new();
        byte[] program = File.ReadAllBytes(Repository.PathOf("artifacts/domains/Eros.Domains.Counter.elf"));
        string file = folder.File("program");
        int refused = 0;
        for (int at = 0; at < HeaderBytes; at++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7F, 0xFF])
            {
                byte[] changed = [.. program];
                changed[at] = value;
                File.WriteAllBytes(file, changed);
                refused += IsRefused(file) ? 1 : 0;
            }

            File.WriteAllBytes(file, program[..at]);
            Assert.That(IsRefused(file), $"{at} bytes");
        }

        Assert.That(refused, Is.GreaterThan(HeaderBytes / 10));
    }

    private static bool IsRefused(string file)
    {
        try
        {
            ElfProgram.Read(file);
            return false;
        }
        catch (CompositionException)
        {
            return true;
        }
    }

    /// <summary>The ticket asks for a checkpoint, and the upgrade is under way by its snapshot, or not yet.</summary>
    private static bool IsMovedAfterPull(ErosMachine machine, int phase)
    {
        Offer(machine, ShellTwo);
        machine.Marks.Arm(phase);
        machine.Console.Type("demo ticket\rupgrade\r");
        Assert.That(machine.Marks.WaitUntilFull(ErosMachine.Patience), "no checkpoint");
        machine.Pull();
        machine.Boot();
        machine.Console.Type(ClearLine + "set y 7\r");
        machine.Expect("set y 7\r");
        machine.Expect(ErosSession.Prompt);
        string version = machine.Run("version");
        Assert.That(version, Does.StartWith("shell 2"));
        Assert.That(machine.Run("get x"), Does.EndWith("42"));
        return !version.Contains("offered", System.StringComparison.Ordinal);
    }

    private static void Prepare(ErosMachine machine)
    {
        machine.Run("set x 42");
        Assert.That(machine.Run("counter"), Is.EqualTo("counter 1"));
        Assert.That(machine.Run("demo ticket direct"), Is.EqualTo("receipt 1"));
        Assert.That(machine.Run("version"), Is.EqualTo("shell 1"));
    }

    private static void Refuse(ErosMachine machine, string program, string reason)
    {
        Offer(machine, program);
        Assert.That(machine.Run("upgrade"), Is.EqualTo("upgrade: " + reason));
        Assert.That(machine.Run("get x"), Is.EqualTo("42"));
        Assert.That(machine.Run("counter"), Does.Match("^counter [0-9]+$"));
    }

    /// <summary>The machine is stopped for that, at a checkpoint.</summary>
    private static void Offer(ErosMachine machine, string program)
    {
        machine.Run("checkpoint");
        machine.Pull();
        OfferWriter.Write(machine.Disk, Shell, Repository.PathOf($"artifacts/domains/{program}.elf"));
        VolumeReport report = VolumeInspector.Inspect(machine.Disk, verify: true);
        Assert.That(report.Refusal, Is.Null);
        Assert.That(report.Errors, Is.Empty);
        machine.Boot();
    }

    private static void CheckNew(ErosMachine machine, int count)
    {
        Assert.That(machine.Run("version"), Is.EqualTo("shell 2"));
        Assert.That(machine.Run("get x"), Is.EqualTo("42"));
        Assert.That(machine.Run("counter"), Is.EqualTo($"counter {count}"), "it knows the last count");
        Assert.That(machine.Run("caps"), Does.Not.Match("(checkpoint|warden|account|terminal) +void"));
        Assert.That(machine.Run("demo ticket direct"), Is.EqualTo($"receipt {count - 2}"), "programs run on");
        Assert.That(machine.Run("run spin-check"), Does.Match("^[0-9]+$"));

        // The history: five lines up is get x.
        machine.Console.Type("\e[A\e[A\e[A\e[A\e[A\r");
        machine.Expect("42\r");
        machine.Expect(ErosSession.Prompt);
    }
}
