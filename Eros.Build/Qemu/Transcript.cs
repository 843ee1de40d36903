// Transcript: what came out of a machine's console, with a cursor for those who wait for text.
//
// What the kernel says of the disks of a mirror comes at any time, in the middle of a line that is being typed, too.
// Who waits for text does not see such a line, nor the end of line that the kernel puts before it there.
//
// Invariants: text is only ever appended, and asides are taken out; escape sequences (ESC [ ... letter) are taken out
// on the way in, also where a read cuts one in two; what was expected once is not found again.

using System;
using System.Diagnostics;
using System.Text;
using System.Threading;

namespace Eros.Build.Qemu;

/// <summary>Console output that one thread appends to and others wait on.</summary>
public sealed class Transcript
{
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _all = new();
    private int _lineStart;
    private int _cursor;
    private bool _inEscape;
    private bool _ended;

    /// <summary>Everything so far.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _all.ToString();
            }
        }
    }

    /// <summary>True when the kernel has said why it stops.</summary>
    public bool HasKernelStopped
    {
        get
        {
            lock (_lock)
            {
                return IsLastLineOut();
            }
        }
    }

    /// <summary>True when no more will come.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _ended;
            }
        }
    }

    /// <summary>Takes in what the machine wrote.</summary>
    public void Append(ReadOnlySpan<char> output)
    {
        lock (_lock)
        {
            foreach (char c in output)
            {
                AppendOne(c);
            }
        }

        _changed.Set();
    }

    /// <summary>No more will come.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
        }

        _changed.Set();
    }

    /// <summary>Waits until <paramref name="text"/> comes after the cursor and moves the cursor behind it.</summary>
    /// <returns>What stood between the cursor and the end of <paramref name="text"/>; null when the time is up or the
    /// output ended.</returns>
    public string? WaitFor(string text, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            bool ended;
            lock (_lock)
            {
                if (Take(text) is { } taken)
                {
                    return taken;
                }

                ended = _ended || IsLastLineOut();
            }

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (ended || left <= TimeSpan.Zero)
            {
                return null;
            }

            _changed.WaitOne(left);
        }
    }

    /// <summary>A kernel that has said why it stops says nothing more.</summary>
    private bool IsLastLineOut()
    {
        const string Line = "eros: stopped: ";
        const int LongestLine = 300;
        int from = Math.Max(0, _text.Length - LongestLine);
        string tail = _text.ToString(from, _text.Length - from);
        return tail.EndsWith('\n') && tail.Contains(Line, StringComparison.Ordinal);
    }

    private string? Take(string text)
    {
        string rest = _text.ToString(_cursor, _text.Length - _cursor);
        int at = rest.IndexOf(text, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        _cursor += at + text.Length;
        return rest[..(at + text.Length)];
    }

    private void AppendOne(char c)
    {
        if (c == '\e')
        {
            _inEscape = true;
        }
        else if (_inEscape)
        {
            _inEscape = !(char.IsAsciiLetter(c) || c == '~');
        }
        else
        {
            _all.Append(c);
            _text.Append(c);
            if (c == '\n')
            {
                EndLine();
            }
        }
    }

    private void EndLine()
    {
        string line = _text.ToString(_lineStart, _text.Length - _lineStart);
        if (line.StartsWith("eros: disk ", StringComparison.Ordinal)
            || line.StartsWith("eros: a mirror record", StringComparison.Ordinal))
        {
            _text.Length = _lineStart;
            string before = _text.ToString().TrimEnd('\r', '\n');
            if (before[(before.LastIndexOf('\n') + 1)..].StartsWith(ErosSession.Prompt, StringComparison.Ordinal))
            {
                _text.Length = before.Length;
            }

            _cursor = Math.Min(_cursor, _text.Length);
        }

        _lineStart = _text.Length;
    }
}
