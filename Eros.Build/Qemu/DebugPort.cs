// DebugPort: our end of the machine's debug port (I/O port 0xE9, QEMU's isa-debugcon).
//
// The kernel writes one byte there whenever it passes one of the points below. A mark's time is when it reached us, which is
// some ten microseconds later; QEMU's write to the socket is finished before the guest's OUT instruction is.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;

namespace Eros.Build.Qemu;

/// <summary>The points that the kernel marks, by the byte that it writes.</summary>
public enum MachineMark : byte
{
    /// <summary>First instructions of the kernel.</summary>
    Entry = (byte)'k',

    /// <summary>Everything stops, dirty objects become copy-on-write.</summary>
    Snapshot = (byte)'S',

    /// <summary>The snapshot is being written to the log.</summary>
    Stabilise = (byte)'s',

    /// <summary>The log is written; the checkpoint headers are.</summary>
    Commit = (byte)'c',

    /// <summary>Objects are being copied from the log to their homes.</summary>
    Migrate = (byte)'m',

    /// <summary>The generation is home; nothing is under way.</summary>
    Idle = (byte)'i',
}

/// <summary>One mark and when it came, in <see cref="Stopwatch"/> ticks.</summary>
public readonly record struct TimedMark(MachineMark Mark, long Timestamp);

/// <summary>Listens for the marks of one machine.</summary>
public sealed class DebugPort : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly List<TimedMark> _marks = [];
    private readonly Thread _thread;

    /// <summary>Listens on the socket <see cref="Path"/> in <paramref name="directory"/>.</summary>
    public DebugPort(string directory)
    {
        Path = System.IO.Path.Combine(directory, "marks");
        File.Delete(Path);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(1);
        _thread = new Thread(Receive) { IsBackground = true, Name = "debug port of the machine" };
        _thread.Start();
    }

    /// <summary>What <see cref="MachineOptions.DebugSocket"/> is set to.</summary>
    public string Path { get; }

    /// <summary>All marks so far, oldest first.</summary>
    public IReadOnlyList<TimedMark> Marks
    {
        get
        {
            lock (_lock)
            {
                return [.. _marks];
            }
        }
    }

    /// <summary>Waits for <paramref name="mark"/> among the marks from number <paramref name="from"/> on.</summary>
    /// <returns>False when <paramref name="timeout"/> passed without it.</returns>
    public bool WaitFor(MachineMark mark, int from, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Marks.Skip(from).Any(m => m.Mark == mark))
            {
                return true;
            }

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            _changed.WaitOne(left);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
        File.Delete(Path);
    }

    private void Receive()
    {
        byte[] buffer = new byte[256];
        try
        {
            using Socket machine = _listener.Accept();
            for (int count; (count = machine.Receive(buffer)) > 0;)
            {
                Record(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The machine or this object is gone; the marks so far stand.
        }
    }

    private void Record(ReadOnlySpan<byte> bytes)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            foreach (byte b in bytes)
            {
                _marks.Add(new TimedMark((MachineMark)b, now));
            }
        }

        _changed.Set();
    }
}
