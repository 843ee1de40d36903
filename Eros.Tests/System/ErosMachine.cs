using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>A machine with the shipped system on a disk of its own, booted as often as a test needs.</summary>
internal sealed class ErosMachine : IDisposable
{
    /// <summary>For whatever a machine does, with others beside it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Half a minute of the machine's time, that between two checkpoints, passes in about a second: every
    /// instruction takes 128 ns, and spin sees to it that there are always some.</summary>
    public static readonly string[] FastClock = ["-icount", "shift=7"];

    private const string NoAnswer = "hostile gave no answer";
    private const string Faults = "hostile: ";

    private readonly TemporaryFolder _folder = new();
    private QemuMachine? _machine;
    private string _last = "";
    private DebugPort? _marks;
    private ErosSession? _shell;

    /// <param name="volume">Another pristine volume than the shipped one.</param>
    public ErosMachine(string? volume = null)
    {
        string pristine = volume ?? Repository.PathOf("artifacts/eros.img");
        Assert.That(File.Exists(pristine) && File.Exists(Kernel), "run ./eros image first");
        DiskFile.CopySparse(pristine, Disk);
    }

    public static string Kernel => Repository.PathOf("artifacts/kernel.elf");

    public string Disk => _folder.File("disk");

    public QemuMachine Console => _machine!;

    /// <summary>All that the newest console has shown, also when its plug has been pulled.</summary>
    public string Output => _machine?.Output ?? _last;

    public DebugPort Marks => _marks!;

    public ErosSession Shell => _shell!;

    /// <summary>Pulls the plug, if there is a machine, and starts one.</summary>
    /// <param name="options">Kernel and disk are this object's unless it names others.</param>
    public void Start(MachineOptions? options = null)
    {
        Pull();
        _marks = new DebugPort(_folder.Path);
        options ??= new MachineOptions();
        options = options with
        {
            Kernel = options.Iso is null ? options.Kernel ?? Kernel : null,
            Disk = options.Disk ?? Drive.File(Disk),
            DebugPipe = _marks.Path,
        };
        _machine = QemuMachine.Start(options, Patience * 2);
    }

    /// <summary>The same, and waits for the prompt. What is half typed there goes: it may be a line that was entered
    /// just before the plug was pulled.</summary>
    public void Boot(MachineOptions? options = null)
    {
        Start(options);
        _shell = ErosSession.Begin(Console, Patience);
    }

    /// <summary>The same, but what is half typed stays.</summary>
    public void BootAsItStands(MachineOptions? options = null)
    {
        Start(options);
        _shell = ErosSession.BeginAsItStands(Console, Patience);
    }

    /// <summary>What a command prints.</summary>
    public string Run(string command) => Shell.Run(command, Patience);

    /// <summary>What `run hostile KIND` prints, but for the line that there is no answer. The warden has answered the
    /// shell before it prints the line about the fault, which may come before or after what the shell prints, and after
    /// the prompt.</summary>
    public string RunHostile(string kind)
    {
        string output = Run("run hostile " + kind);
        string[] lines = output.Split('\n');
        List<string> others = [.. lines.Where(line => line != NoAnswer)];
        bool isTold = others.Exists(line => line.StartsWith(Faults, StringComparison.Ordinal));
        bool isUnanswered = others.Count < lines.Length;
        Assert.That(!isTold || isUnanswered, output);
        if (isUnanswered && !isTold)
        {
            Expect(Faults);
            string late = Faults + Console.Expect("\r\n" + ErosSession.Prompt, Patience);
            others.AddRange(late.Split("\r\n").Where(line => line != ErosSession.Prompt));
        }

        return string.Join('\n', others);
    }

    /// <summary>Gives a command again and again until what it prints ends so.</summary>
    public void RunUntil(string command, string ending)
    {
        long start = Stopwatch.GetTimestamp();
        string output = "";
        while (!output.EndsWith(ending, StringComparison.Ordinal))
        {
            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Patience), output);
            output = Run(command);
        }
    }

    /// <summary>Waits until a generation is committed whose snapshot comes after the mark number
    /// <paramref name="from"/>.</summary>
    public void WaitForCheckpoint(int from)
    {
        Assert.That(Marks.WaitFor(MachineMark.Snapshot, from, Patience), "no checkpoint");
        int snapshot = Marks.Marks.Skip(from).ToList().IndexOf(MachineMark.Snapshot) + from;
        Assert.That(Marks.WaitFor(MachineMark.Migrate, snapshot, Patience), "no commit");
    }

    public void Expect(string text) => Console.Expect(text, Patience);

    /// <summary>SIGKILL.</summary>
    public void Pull()
    {
        _machine?.Dispose();
        _last = Output;
        _marks?.Dispose();
        _machine = null;
        _marks = null;
    }

    public void Dispose()
    {
        Pull();
        _folder.Dispose();
    }
}
