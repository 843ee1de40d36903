using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using Eros.Build.Cli;
using Eros.Build.Cli.Racing;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

/// <summary>What `./eros race` reads, and what it makes of it. The race itself takes minutes, and needs Debian's
/// kernel.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class RaceTests
{
    private const int PayloadAt = 1024;

    private static byte[] Kernel
    {
        get
        {
            byte[] kernel = new byte[PayloadAt + 12];
            kernel[0x1F1] = 1;
            "HdrS"u8.CopyTo(kernel.AsSpan(0x202));
            BinaryPrimitives.WriteUInt32LittleEndian(kernel.AsSpan(0x248), 0);
            BinaryPrimitives.WriteUInt32LittleEndian(kernel.AsSpan(0x24C), 12);
            byte[] payload = [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1, 2, 9, 9, 9, 9];
            payload.CopyTo(kernel, PayloadAt);
            return kernel;
        }
    }

    [TestCase(new[] { 7 }, 7)]
    [TestCase(new[] { 9, 1, 5 }, 5)]
    [TestCase(new[] { 40, 10, 20, 30 }, 25)]
    public void The_median_is_the_middle_one(int[] seconds, int median) =>
        Assert.That(
            Splits.Median(seconds.Select(second => TimeSpan.FromSeconds(second))),
            Is.EqualTo(TimeSpan.FromSeconds(median)));

    [Test]
    public void A_count_is_read_from_its_line()
    {
        Assert.That(RaceLines.Number("221\r\n"), Is.EqualTo(221));
        Assert.That(RaceLines.Calls("counter 12"), Is.EqualTo(12));
        Assert.That(() => RaceLines.Number("Error: disk image is malformed\r\n"), Throws.TypeOf<MachineException>());
        Assert.That(() => RaceLines.Calls("counter 12, my last answer was 10"), Throws.TypeOf<MachineException>());
    }

    [Test]
    public void Acknowledged_is_what_a_whole_line_says()
    {
        const string Console = "race: opened 7\r\nrace: committed 8\r\nrace: committed 9\r\nrace: committed 1";
        Assert.That(RaceLines.LastCommitted(Console), Is.EqualTo(9));
        Assert.That(() => RaceLines.LastCommitted("race: opened 7\r\n"), Throws.TypeOf<MachineException>());
    }

    [Test]
    public void The_libraries_of_a_program_are_the_paths_that_ldd_prints()
    {
        const string Output =
            """
            	linux-vdso.so.1 (0x00007f1eb8365000)
            	libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f1eb8131000)
            	/lib64/ld-linux-x86-64.so.2 (0x00007f1eb8367000)
            """;
        Assert.That(
            LinuxSystem.LibrariesIn(Output),
            Is.EqualTo(new[] { "/lib/x86_64-linux-gnu/libz.so.1", "/lib64/ld-linux-x86-64.so.2" }));
    }

    [Test]
    public void Debians_newest_kernel_is_what_its_package_depends_on()
    {
        const string Output = "linux-image-amd64\n  Depends: linux-image-6.1.0-56-amd64\n";
        Assert.That(
            DebianPackages.DependencyIn(Output, "linux-image-"), Is.EqualTo("linux-image-6.1.0-56-amd64"));
        Assert.That(DebianPackages.DependencyIn("", "linux-image-"), Is.Null);
        Assert.That(
            DebianPackages.VersionOf("busybox-static_1%3a1.35.0-4+b1_amd64.deb"), Is.EqualTo("1:1.35.0-4+b1"));
    }

    [Test]
    public void The_kernel_within_the_loader_is_found() =>
        Assert.That(
            CompressedKernel.Payload("k", Kernel).ToArray(), Is.EqualTo(Kernel[PayloadAt..^4]));

    [TestCase(0x202, "k is no Linux kernel.")]
    [TestCase(0x24D, "k is cut off.")]
    [TestCase(PayloadAt, "k is not compressed by xz")]
    public void A_kernel_that_is_another_is_refused(int changed, string message)
    {
        byte[] kernel = Kernel;
        kernel[changed] ^= 0xFF;
        Assert.That(
            () => CompressedKernel.Payload("k", kernel).Length,
            Throws.TypeOf<UserError>().With.Message.Contains(message));
        Assert.That(() => CompressedKernel.Payload("k", [1, 2, 3]).Length, Throws.TypeOf<UserError>());
    }

    [Test]
    public void The_report_compares_medians()
    {
        RaceReport report = Report(found: 5);
        Assert.That(report.IsRight);
        string[] lines = Written(report);
        Assert.That(lines, Has.Member("The user's work is back: Eros 0.500 s, Linux 5.000 s, 10.0 times as long"));
        Assert.That(
            lines,
            Has.Member("and goes on, the next piece of it on disk: Eros 1.000 s, Linux 6.000 s, 6.0 times as long"));
        Assert.That(lines, Has.None.Contains("LOST"));
    }

    [Test]
    public void Lost_work_is_told()
    {
        RaceReport report = Report(found: 4);
        Assert.That(report.IsRight, Is.False);
        Assert.That(Written(report), Has.Member("  LOST: 5 acknowledged, 4 came back"));
    }

    /// <summary>A race in which 5 were acknowledged to Linux's user.</summary>
    private static RaceReport Report(long found)
    {
        string[] milestones = ["back", "goes on"];
        var eros = new Standing("Eros", ["ours"], milestones, [new Lap(Seconds(0.5, 1), 3, 4)]);
        var linux = new Standing(
            "Linux",
            ["theirs"],
            milestones,
            [new Lap(Seconds(4, 6), 5, found), new Lap(Seconds(5, 6), 9, 9), new Lap(Seconds(9, 9), 11, 11)]);
        return new RaceReport(["the same"], eros, linux);
    }

    private static TimeSpan[] Seconds(params double[] seconds) => [.. seconds.Select(TimeSpan.FromSeconds)];

    private static string[] Written(RaceReport report)
    {
        using var output = new StringWriter();
        report.Write(output);
        return output.ToString().Split('\n');
    }
}
