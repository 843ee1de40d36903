// DebugPort: our end of the machine's debug port (I/O port 0xE9, QEMU's isa-debugcon), a named pipe of one page.
//
// The kernel writes one byte there whenever it passes one of the points of MachineMark. QEMU finishes the guest's OUT
// instruction only when the byte is in the pipe, and stops the whole machine while the pipe is full. So a thread reads
// it all the time; and a pipe with room for exactly n more marks (Arm) holds the machine at its mark n + 1: however
// short the phase after mark n is, a plug pulled then is pulled in it.
//
// Invariants: a pipe of one page takes bytes until the page is full and has no room again until all of it is read,
// hence nothing is read between Arm and Release. Filler bytes are zero and no mark is. The pipe is read, and fields are
// used, under the lock.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace Eros.Build.Qemu;

/// <summary>Hears the marks of one machine, and can hold it at one.</summary>
public sealed class DebugPort : IDisposable
{
    /// <summary>The smallest pipe that Linux makes.</summary>
    private const int Capacity = 4096;

    /// <summary>Read and write for the owner.</summary>
    private const uint OwnerOnly = 0x180;

    private readonly string _in;
    private readonly string _out;
    private readonly FileStream _pipe;
    private readonly List<MachineMark> _marks = [];
    private readonly object _lock = new();
    private readonly Thread _reader;
    private bool _armed;
    private bool _isOver;

    /// <summary>Makes the pipe in <paramref name="directory"/>; must exist before the machine is started.</summary>
    /// <exception cref="IOException">The directory cannot hold pipes.</exception>
    public DebugPort(string directory)
    {
        Path = System.IO.Path.Combine(directory, "marks");
        _in = Path + ".in";
        _out = Path + ".out";
        // Of a run that was killed.
        File.Delete(_in);
        File.Delete(_out);
        if (Native.MakeFifo(_in, OwnerOnly) < 0 || Native.MakeFifo(_out, OwnerOnly) < 0)
        {
            throw new IOException($"No named pipe can be made in {directory}.");
        }

        // Open for both directions, so that neither we nor QEMU wait for each other here.
        _pipe = new FileStream(_out, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        if (Native.Control(Handle, Native.SetPipeSize, Capacity) != Capacity)
        {
            throw new IOException($"{_out} cannot be made one page large.");
        }

        _reader = new Thread(Listen) { IsBackground = true, Name = "marks" };
        _reader.Start();
    }

    /// <summary>What <see cref="MachineOptions.DebugPipe"/> is set to.</summary>
    public string Path { get; }

    /// <summary>All marks so far, oldest first. While armed: those before that.</summary>
    public IReadOnlyList<MachineMark> Marks
    {
        get
        {
            lock (_lock)
            {
                Drain();
                return [.. _marks];
            }
        }
    }

    private nint Handle => _pipe.SafeFileHandle.DangerousGetHandle();

    /// <summary>Waits for <paramref name="mark"/> among the marks from number <paramref name="from"/> on.</summary>
    /// <returns>False when <paramref name="timeout"/> passed without it.</returns>
    public bool WaitFor(MachineMark mark, int from, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            Drain();
            while (_marks.Count <= from || _marks.IndexOf(mark, from) < 0)
            {
                TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(_lock, left);
            }
        }

        return true;
    }

    /// <summary>Lets <paramref name="marks"/> more marks pass and holds the machine at the one after them.</summary>
    public void Arm(int marks)
    {
        lock (_lock)
        {
            Drain();
            _armed = true;
            _pipe.Write(new byte[Capacity - marks]);
        }
    }

    /// <summary>After <see cref="Arm"/>: waits until all marks that were let pass have come. Spins: a phase can be some
    /// microseconds long.</summary>
    /// <returns>False when <paramref name="timeout"/> passed before.</returns>
    public bool WaitUntilFull(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        while (Waiting() < Capacity)
        {
            if (Stopwatch.GetElapsedTime(start) > timeout)
            {
                return false;
            }

            Thread.Yield();
        }

        return true;
    }

    /// <summary>Ends what <see cref="Arm"/> began: the machine runs on, and the marks since then are counted.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _armed = false;
            Drain();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            // The reader may wait for a byte, or for the end of what Arm began.
            _isOver = true;
            _armed = false;
            Drain();
            _pipe.WriteByte(0);
        }

        _reader.Join();
        _pipe.Dispose();
        File.Delete(_in);
        File.Delete(_out);
    }

    private int Waiting() => Native.DeviceControl(Handle, Native.BytesToRead, out int count) < 0 ? 0 : count;

    private void Listen()
    {
        while (true)
        {
            var request = new Native.PollRequest { File = (int)Handle, Wanted = Native.Readable };
            _ = Native.Poll(ref request, 1, -1);
            lock (_lock)
            {
                if (_isOver)
                {
                    return;
                }

                Drain();
                while (_armed)
                {
                    Monitor.Wait(_lock);
                }
            }
        }
    }

    /// <summary>Reads what there is, but while armed nothing; tells those who wait.</summary>
    private void Drain()
    {
        byte[] buffer = new byte[Capacity];
        Monitor.PulseAll(_lock);
        for (int count; !_armed && (count = Waiting()) > 0;)
        {
            count = _pipe.Read(buffer, 0, count);
            foreach (byte value in buffer.AsSpan(0, count))
            {
                if (value != 0)
                {
                    _marks.Add((MachineMark)value);
                }
            }
        }
    }
}
