// QemuMachine: a QEMU process and what can be done to it: read and type at its console, pull its plug, wait for its
// end.
//
// Invariants: the process never outlives this object, its time limit or this program's end; the console is read all
// the time, so that QEMU never waits for us.

using System;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;

namespace Eros.Build.Qemu;

/// <summary>A machine that runs in QEMU, its serial console in our hands.</summary>
public sealed class QemuMachine : IDisposable
{
    /// <summary>Lines of the console that an error shows.</summary>
    private const int LinesShown = 25;

    private static readonly ConcurrentDictionary<QemuMachine, bool> _running = new();

    private readonly Process _process;
    private readonly Transcript _console = new();
    private readonly StringBuilder _errors = new();
    private readonly Thread _reader;
    private readonly Timer _limit;

    static QemuMachine() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (QemuMachine machine in _running.Keys)
        {
            machine.Pull();
        }
    };

    private QemuMachine(Process process, TimeSpan limit)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => AppendError(line.Data);
        _process.BeginErrorReadLine();
        _reader = new Thread(ReadConsole) { IsBackground = true, Name = "console of the machine" };
        _reader.Start();
        _limit = new Timer(_ => Pull(), null, limit, Timeout.InfiniteTimeSpan);
        _running[this] = true;
    }

    /// <summary>The whole console so far, without escape sequences.</summary>
    public string Output => _console.Text;

    /// <summary>What QEMU itself complained of.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a machine that is killed after <paramref name="limit"/> at the latest.</summary>
    /// <exception cref="MachineException">QEMU is not there.</exception>
    public static QemuMachine Start(MachineOptions options, TimeSpan limit)
    {
        var start = new ProcessStartInfo(QemuCommand.Program, QemuCommand.Arguments(options))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding.Latin1,
            StandardOutputEncoding = Encoding.Latin1,
        };
        try
        {
            return new QemuMachine(Process.Start(start)!, limit);
        }
        catch (Win32Exception)
        {
            throw new MachineException($"{QemuCommand.Program} is not installed. `./eros setup` installs it.");
        }
    }

    /// <summary>Waits for <paramref name="text"/> on the console, after what was expected before.</summary>
    /// <returns>The output up to and including it.</returns>
    /// <exception cref="MachineException">It did not come in time, or QEMU ended.</exception>
    public string Expect(string text, TimeSpan timeout) =>
        _console.WaitFor(text, timeout) ?? throw new MachineException(Missing(text, timeout));

    /// <summary>Types <paramref name="text"/> as it is; "\r" is the Enter key.</summary>
    public void Type(string text)
    {
        try
        {
            _process.StandardInput.Write(text);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw new MachineException($"The machine ended before it could be told '{text.Trim()}'.{Tail()}");
        }
    }

    /// <summary>Pulls the plug: SIGKILL, nothing is finished or flushed. Returns when the process is gone and all its
    /// output is in.</summary>
    public void Pull()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit();
            _reader.Join();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself, which is as good.
        }
    }

    /// <summary>Waits until the machine switches itself off or resets.</summary>
    /// <returns>QEMU's exit code.</returns>
    /// <exception cref="MachineException">It still runs after <paramref name="timeout"/>.</exception>
    public int WaitForExit(TimeSpan timeout)
    {
        if (!HasEndedWithin(timeout))
        {
            throw new MachineException($"The machine still runs after {timeout.TotalSeconds} s.{Tail()}");
        }

        _reader.Join(timeout);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _running.TryRemove(this, out _);
        Pull();
        _limit.Dispose();
        _reader.Join();
        _process.Dispose();
    }

    /// <summary>True: it has ended, and all its output is in but the console's.</summary>
    private bool HasEndedWithin(TimeSpan timeout)
    {
        bool hasEnded = _process.WaitForExit(timeout);
        if (hasEnded)
        {
            // Only without a limit is what it complained of waited for.
            _process.WaitForExit();
        }

        return hasEnded;
    }

    private void ReadConsole()
    {
        char[] buffer = new char[4096];
        try
        {
            for (int count; (count = _process.StandardOutput.Read(buffer)) > 0;)
            {
                _console.Append(buffer.AsSpan(0, count));
            }
        }
        catch (IOException)
        {
            // A killed process ends its output in the middle.
        }

        _console.End();
    }

    private void AppendError(string? line)
    {
        if (line != null)
        {
            lock (_errors)
            {
                _errors.AppendLine(line);
            }
        }
    }

    private string Missing(string text, TimeSpan timeout)
    {
        // A process that was killed by another is gone before its parent knows. What QEMU said comes by another way
        // than the end of its console.
        string what = _console.HasEnded && HasEndedWithin(timeout) ? "QEMU ended"
            : _console.HasKernelStopped ? "the kernel stopped"
            : $"{timeout.TotalSeconds} s passed";
        return $"{what} before '{text.Trim()}' came.{Tail()}";
    }

    private string Tail()
    {
        string[] lines = Output.Split('\n');
        string shown = string.Join('\n', lines[Math.Max(0, lines.Length - LinesShown)..]).Trim();
        string errors = Errors.Trim();
        return (shown.Length == 0 ? " Its console is empty." : $" The end of its console:\n{shown}")
            + (errors.Length == 0 ? "" : $"\nQEMU says: {errors}");
    }
}
