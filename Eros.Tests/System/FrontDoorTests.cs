using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>What `./eros` promises to who calls it from a script.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class FrontDoorTests
{
    private const int QuickStartMilliseconds = 2000;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Print_gives_one_line_that_a_shell_runs_as_it_is()
    {
        string disk = _folder.File("a disk, with 'odd' name.img");
        (int code, string output, string errors) =
            Eros("run", "--print", "--headless", "--disk", disk, "--", "-name", "two words");
        Assert.That(code, Is.Zero, errors);
        Assert.That(output.TrimEnd('\n'), Does.Not.Contain("\n").And.StartsWith("qemu-system-x86_64 "));
        (_, string words, _) = Run("sh", "-c", "printf '%s\\n' " + output);
        Assert.That(words, Does.Contain("\ntwo words\n").And.Contain("a disk,, with 'odd' name.img,format=raw"));
        Assert.That(File.Exists(disk));
    }

    [Test]
    public void Without_a_disk_the_machine_has_the_volume_of_the_ISO()
    {
        (int code, string output, string errors) = Eros("run", "--print", "--disk", "none");
        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Does.Contain(".iso").And.Not.Contain("-kernel"));
    }

    [Test]
    public void A_system_of_ones_own_has_a_disk_of_its_own_beside_its_volume()
    {
        string system = _folder.File("mine.img");
        File.Copy(Repository.PathOf("artifacts/eros.img"), system);
        (int code, string output, string errors) = Eros("run", "--print", "--system", system);
        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Does.Contain(_folder.File("machine/mine.img")));
        ReadOnlySpan<byte> disk = File.ReadAllBytes(_folder.File("machine/mine.img"));
        Assert.That(disk.SequenceEqual(File.ReadAllBytes(system)));
    }

    [Test]
    public void With_nothing_to_build_the_command_is_ready_at_once()
    {
        Eros("run", "--print", "--disk", _folder.File("disk.img"));
        long start = Stopwatch.GetTimestamp();
        Eros("run", "--print", "--disk", _folder.File("disk.img"));
        Assert.That(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Is.LessThan(QuickStartMilliseconds));
    }

    [TestCase("run", "--disk", ".", "is a directory")]
    [TestCase("run", "--memory", "1", "--memory takes a number of at least 2, not 1")]
    [TestCase("run", "--disk", "file=x,if=none", "--fresh", "Name a path")]
    [TestCase("xs", "no-such-file.xs", "no-such-file.xs")]
    [TestCase("inspect", "no-such-file.img", "does not exist")]
    [TestCase("inspect", "Eros.sln", "holds no Eros volume")]
    [TestCase("upgrade", "no-such-file.img", "no-such-file.img is not there")]
    [TestCase("upgrade", "Eros.sln", "no disk of Eros")]
    public void Bad_input_gets_one_line_and_a_failure(params string[] wordsAndReason)
    {
        (int code, string output, string errors) = Eros(wordsAndReason[..^1]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Is.Empty);
        Assert.That(errors.Trim(), Does.Not.Contain("\n").And.Contain(wordsAndReason[^1]));
    }

    [Test]
    public void Inspect_shows_the_systems_domains_and_names_what_is_damaged()
    {
        string disk = _folder.File("disk.img");
        Eros("run", "--print", "--disk", disk);
        (int code, string output, string errors) = Eros("inspect", disk, "--verify");
        Assert.That(code, Is.Zero, output + errors);
        Assert.That(output, Does.Contain(" shell: running").And.Contain("\n0 wrong"));
        Damage(disk, Address(output));
        (code, output, _) = Eros("inspect", disk, "--json", "--verify");
        Assert.That(code, Is.EqualTo(1));
        JsonElement error = JsonDocument.Parse(output).RootElement.GetProperty("errors")[0];
        Assert.That(error.GetProperty("oid").GetString(), Is.EqualTo("000000000000"));
    }

    [Test]
    public void Headless_is_the_machines_console_and_nothing_else()
    {
        using Process machine = Process.Start(new ProcessStartInfo(
            Repository.PathOf("eros"), ["run", "--headless", "--disk", _folder.File("disk.img")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var console = new Transcript();
        var buffer = new char[1024];
        try
        {
            while (!console.Text.Contains(ErosSession.Prompt, StringComparison.Ordinal))
            {
                int count = machine.StandardOutput.Read(buffer);
                Assert.That(count, Is.Positive, console.Text);
                console.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            machine.Kill();
        }

        Assert.That(console.Text.Split('\n'), Has.Some.StartsWith("eros: first boot"));
        Assert.That(machine.WaitForExit(TimeSpan.FromSeconds(10)), "killing the command did not kill the machine");
    }

    /// <summary>Where in the file the first block of the log is: an image of the first frame.</summary>
    private static long Address(string report)
    {
        const int BlockBytes = 4096;
        Match position = Regex.Match(report, "log positions ([0-9]+) to");
        Match first = Regex.Match(report, "log [0-9]+ from ([0-9]+)");
        return (long.Parse(first.Groups[1].Value) + long.Parse(position.Groups[1].Value)) * BlockBytes;
    }

    private static void Damage(string disk, long address)
    {
        using FileStream file = File.Open(disk, FileMode.Open);
        file.Position = address + 400;
        int value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }

    private static (int Code, string Output, string Errors) Eros(params string[] arguments) =>
        Run(Repository.PathOf("eros"), arguments);

    private static (int Code, string Output, string Errors) Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
