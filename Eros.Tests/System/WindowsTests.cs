using System.Text.RegularExpressions;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The story in which windows come back.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class WindowsTests
{
    [Test]
    public void Windows_come_back_after_a_power_cut_without_being_asked()
    {
        using ErosMachine machine = new();
        machine.Boot();
        Assert.That(machine.Run("demo windows solitaire move a1 a3"), Does.StartWith("usage: "));
        machine.Run("demo windows editor type remember the milk");
        machine.Run("demo windows editor type and the bread");
        string before = machine.Run("demo windows solitaire move d2 d4").Replace("\r", "");
        TestContext.Out.WriteLine(before);
        Assert.That(before, Does.Contain("| and the bread "));
        Assert.That(before, Does.Contain("| 2     o . o            |"));
        machine.Run("checkpoint");
        machine.Run("demo windows editor erase");

        machine.Pull();
        machine.Start();
        machine.Expect("+- editor ");
        machine.Expect("| and the bread ");
        machine.Expect("| 2     o . o            |");
        machine.Expect(ErosSession.Prompt);
        string output = machine.Console.Output.Replace("\r", "");
        TestContext.Out.WriteLine(output);
        Assert.That(WithoutTime(output), Does.Contain(WithoutTime(before)));
    }

    private static string WithoutTime(string screen) => Regex.Replace(screen, "[0-9]{2}:[0-9]{2}:[0-9]{2}", "TIME");
}
