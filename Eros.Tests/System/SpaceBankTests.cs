using System.Globalization;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Banks on a machine: whole subsystems come and go, and the plug is pulled in between.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class SpaceBankTests
{
    private const int Pulls = 5;

    private EmptyDirectory _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new EmptyDirectory();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void A_power_cut_in_the_middle_of_a_banks_end_loses_and_keeps_nothing_of_it()
    {
        using ErosMachine machine = new(MakeVolume());
        machine.Boot();
        Assert.That(machine.Run("run nest look"), Does.Match("^used [0-9]+$"));
        machine.Run("run nest kill");
        Assert.That(machine.Run("run nest build"), Does.EndWith("there there there there there"));
        ulong before = Used(machine.Run("run nest step"), " void void void ");
        ulong built = Used(machine.Run("run nest step"), " void void void ");
        Assert.That(built, Is.LessThan(before));
        Assert.That(machine.Run("checkpoint"), Does.EndWith("committed"));
        string half = machine.Run("run nest look");
        Assert.That(Used(machine.Run("run nest step"), " void void void "), Is.LessThan(Used(half, " void")));

        machine.Boot();
        Assert.That(machine.Run("run nest look"), Is.EqualTo(half), "as the checkpoint has it");
        ulong left = Used(machine.Run("run nest finish"), " void void void void void");
        Assert.That(left, Is.LessThan(built));
        machine.Run("run nest build");
        Assert.That(Used(machine.Run("run nest finish"), " void void void void void"), Is.EqualTo(left));
        CheckOthers(machine);
    }

    [Test]
    public void Whenever_the_plug_is_pulled_a_domain_that_builds_and_destroys_for_ever_goes_on_rightly()
    {
        using ErosMachine machine = new(MakeVolume());
        machine.Boot();
        ulong saved = 0;
        for (int pull = 0; pull < Pulls; pull++)
        {
            ulong cycles = Cycles(machine);
            Assert.That(cycles, Is.GreaterThanOrEqualTo(saved));
            saved = cycles;
            Assert.That(machine.Run("checkpoint"), Does.EndWith("committed"));
            Cycles(machine);
            machine.Boot();
        }

        ulong last = Cycles(machine);
        while (Cycles(machine) < last + 3)
        {
        }

        Assert.That(machine.Run("run nest kill"), Does.StartWith("used"));
        Assert.That(machine.Run("ps"), Does.Match("(?m)^churn +the capability is void"));
        last = Cycles(machine);
        CheckOthers(machine);
        Assert.That(Cycles(machine), Is.EqualTo(last), "it runs no more");
    }

    private static ulong Cycles(ErosMachine machine)
    {
        string output = machine.Run("run nest churn");
        Assert.That(output, Does.Match("^[0-9]+ 0$"), "cycles that went wrong");
        return ulong.Parse(output.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static void CheckOthers(ErosMachine machine)
    {
        Assert.That(machine.Run("run hostile hoard"), Does.EndWith("gave them back"));
        Assert.That(machine.Run("counter"), Is.EqualTo("counter 1"));
    }

    private static ulong Used(string output, string state)
    {
        Assert.That(output, Does.Contain(state));
        return ulong.Parse(output.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private string MakeVolume()
    {
        foreach ((string name, string text) in Nest.Files)
        {
            _folder.Write(name, text);
        }

        (int code, string output) = _folder.Run("dotnet", "build", "Wood");
        Assert.That(code, Is.Zero, output);
        return _folder.PathOf("Wood/Wood.img");
    }
}
