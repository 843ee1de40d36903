using Eros.Build.Plug;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.Unit.Plug;

/// <summary>Records as `run bustle` prints them: task, step, rounds, wrong, first claim, done, under way.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class BustleJudgeTests
{
    private const string Right =
        "7 workers, done\n4 12 9 0 0 5000 700\n5 13 9 0 0 1500 0\n7 0 8 0 0 0 0\n8 0 8 0 0 9 0\n11 0 21 0 0 21 0\n"
        + "10 21 15 0 0 20 0\n10 0 4 0 0 19 0";

    [Test]
    public void Records_that_agree_are_right() => Assert.That(Complaint(Right), Is.Null);

    [TestCase("5000 700", "9000 0", "7500 bytes are in the pipe")]
    [TestCase("1500 0", "5701 0", "5701 bytes came out of the pipe, and 5700 went in")]
    [TestCase("0 9 0", "0 7 0", "7 events were answered, and 8 answers heard")]
    [TestCase("0 9 0", "0 10 0", "10 events were answered")]
    [TestCase("0 21 0", "0 18 0", "18 calls went through the gate, and 19 were answered")]
    [TestCase("0 21 0", "0 22 0", "22 calls went through the gate")]
    [TestCase("7 0 8 0 0", "7 0 8 3 6", "worker 2 (Poster): 3 times wrong, first claim 6")]
    public void What_does_not_agree_is_told(string right, string wrong, string what) =>
        Assert.That(Complaint(Right.Replace(right, wrong)), Does.Contain(what));

    [Test]
    public void Workers_that_were_not_all_made_are_told() =>
        Assert.That(() => BustleReport.Parse("3 workers, a limit is reached"), Throws.TypeOf<MachineException>());

    private static string? Complaint(string answer) => BustleJudge.Complaint(BustleReport.Parse(answer));
}
