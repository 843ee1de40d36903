using Eros.Build.Plug;
using NUnit.Framework;

namespace Eros.Tests.Unit.Plug;

[TestFixture, Category(TestKind.Unit)]
public sealed class KernelLinesTests
{
    private const string Good = "eros: 511 MB of memory\r\neros: generation 7, resumed 12 processes in 9 ms\r\neros> ";

    [TestCase("")]
    [TestCase("eros: first boot\r\n")]
    [TestCase("eros: the checkpoint header in block 3 is damaged\r\n")]
    [TestCase("eros: the migration mark in block 5 is damaged\r\n")]
    public void What_a_power_cut_brings_about_is_no_complaint(string line) =>
        Assert.That(KernelLines.Complaint(line + Good), Is.Null);

    [TestCase("generation 8 is damaged, its migration had not begun: resuming generation 7")]
    [TestCase("object 000000000123 is damaged (block 77)")]
    [TestCase("process 000000000456 stopped: page fault")]
    public void What_was_lost_is_one(string line) =>
        Assert.That(KernelLines.Complaint($"eros: {line}\r\n{Good}"), Is.EqualTo($"the kernel says: eros: {line}"));

    [Test]
    public void It_may_come_after_the_prompt() =>
        Assert.That(KernelLines.Complaint(Good + "get x\r\neros: object 000000000123 is damaged"), Is.Not.Null);

    [TestCase("eros: di", true)]
    [TestCase("eros: disk 1 of th", true)]
    [TestCase("eros: disk 2 is in st", true)]
    [TestCase("eros: disk 1 of th\r\n", false)]
    [TestCase("eros: disk 3 of th", false)]
    [TestCase("eros: disk 1 is in pieces", false)]
    public void One_about_a_mirror_may_be_cut_off_with_the_plug(string end, bool isRight) =>
        Assert.That(KernelLines.Complaint(Good + "get x\r\n" + end), isRight ? Is.Null : Is.Not.Null);
}
