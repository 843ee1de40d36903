using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>docs/reserves.md: a domain that nothing is less urgent than, against one that nothing is more urgent than.
/// All is in guest time, which goes by instructions.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed partial class ReserveMachineTests
{
    // Of the work that both did.
    private const double Share = 0.25;
    private const double Slack = 0.02;

    private static readonly MachineOptions _counted = new() { Extra = [.. ErosMachine.FastClock] };

    [Test]
    public void A_reserve_is_had_before_all_priorities_and_over_a_power_cut()
    {
        using EmptyDirectory folder = new();
        foreach ((string name, string text) in ReserveSystem.Files)
        {
            folder.Write(name, text);
        }

        (int code, string built) = folder.Run("dotnet", "build", "Yard", "-v", "q", "-nologo");
        Assert.That(code, Is.Zero, built);
        using ErosMachine machine = new(folder.PathOf("Yard/Yard.img"));
        machine.Boot(_counted);
        Assert.That(ShareIn(machine.Run("run hog 10")), Is.Zero, "a priority alone gets nothing");

        Assert.That(machine.Run("reserve mill 100ms 25ms"), Is.EqualTo("mill: 25ms in 100ms, and else priority 0"));
        (double usedBefore, double timeBefore) = Used(machine);
        Assert.That(ShareIn(machine.Run("run hog 20")), Is.EqualTo(Share).Within(Slack));
        (double used, double time) = Used(machine);
        double counted = (used - usedBefore) / (time - timeBefore);
        Assert.That(counted, Is.EqualTo(Share).Within(Slack), "by the kernel's count");

        // The hog runs on after the cut, and only what is as urgent as it can take the reserve up again.
        int from = machine.Marks.Marks.Count;
        machine.Console.Type("run hog 90\r");
        machine.WaitForCheckpoint(from);
        machine.Boot(_counted);
        Assert.That(ShareIn(machine.Console.Output), Is.EqualTo(Share).Within(Slack), machine.Console.Output);
        Assert.That(machine.Run("reserve"), Does.StartWith(" 0 mill             25ms in 100ms "));
        Assert.That(ShareIn(machine.Run("run hog 20")), Is.EqualTo(Share).Within(Slack));

        Assert.That(machine.Run("reserve mill none"), Is.EqualTo("mill has no reserve any more"));
        Assert.That(ShareIn(machine.Run("run hog 10")), Is.Zero);
        Assert.That(machine.Run("reserve"), Does.StartWith("promised: 0 thousandths of 690; "));
    }

    private static double ShareIn(string output)
    {
        Match work = Work().Matches(output).Last();
        return Number(work.Groups[1]) / Number(work.Groups[2]);
    }

    /// <summary>What the mill has used of its reserve, and the machine's time, in seconds.</summary>
    private static (double Used, double Time) Used(ErosMachine machine)
    {
        Match list = Listed().Match(machine.Run("reserve"));
        Assert.That(list.Success);
        return (Number(list.Groups[1]), Number(list.Groups[2]));
    }

    private static double Number(Group digits) => double.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("([0-9]+) of ([0-9]+)")]
    private static partial Regex Work();

    [GeneratedRegex(@"(?s)mill .* used ([0-9.]+) s\n.* time: ([0-9.]+) s")]
    private static partial Regex Listed();
}
