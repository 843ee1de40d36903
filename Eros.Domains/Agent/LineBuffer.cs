// LineBuffer: a line of text with a cursor, and the lines before it. It knows neither keys nor a screen.
//
// Invariants: 0 <= Cursor <= Length <= MaxLength. The cursor never stands inside a surrogate pair.

using System;
using System.Collections.Generic;

namespace Eros.Domains.Agent;

public sealed class LineBuffer
{
    /// <summary>UTF-16 units of a line.</summary>
    public const int MaxLength = 1000;

    /// <summary>Lines of history that are kept.</summary>
    public const int MaxHistory = 100;

    private readonly char[] _text = new char[MaxLength];
    private readonly List<string> _history = [];
    private string _draft = "";
    private int _historyAt;

    public int Length { get; private set; }

    public int Cursor { get; private set; }

    public ReadOnlySpan<char> Text => _text.AsSpan(0, Length);

    /// <summary>Lines that were entered, oldest first.</summary>
    public IReadOnlyList<string> History => _history;

    /// <summary>Inserts at the cursor; false when the line is full.</summary>
    public bool Insert(string character)
    {
        if (Length + character.Length > MaxLength)
        {
            return false;
        }

        _text.AsSpan(Cursor, Length - Cursor).CopyTo(_text.AsSpan(Cursor + character.Length));
        character.AsSpan().CopyTo(_text.AsSpan(Cursor));
        Length += character.Length;
        Cursor += character.Length;
        return true;
    }

    public void MoveLeft() => Cursor -= UnitsBefore();

    public void MoveRight() => Cursor += UnitsAfter();

    public void MoveHome() => Cursor = 0;

    public void MoveEnd() => Cursor = Length;

    public void DeleteBefore() => Remove(Cursor - UnitsBefore(), Cursor);

    public void DeleteAfter() => Remove(Cursor, Cursor + UnitsAfter());

    public void KillLine() => Remove(0, Cursor);

    public void KillToEnd() => Remove(Cursor, Length);

    /// <summary>Takes away the blanks before the cursor, and the word before them.</summary>
    public void KillWord()
    {
        int start = Cursor;
        while (start > 0 && _text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && _text[start - 1] != ' ')
        {
            start--;
        }

        Remove(start, Cursor);
    }

    /// <summary>Shows the line entered before the one shown; what was being typed is kept as the newest.</summary>
    public void HistoryUp()
    {
        if (_historyAt > 0)
        {
            _draft = _historyAt == _history.Count ? new string(Text) : _draft;
            Replace(_history[--_historyAt]);
        }
    }

    public void HistoryDown()
    {
        if (_historyAt < _history.Count)
        {
            _historyAt++;
            Replace(_historyAt == _history.Count ? _draft : _history[_historyAt]);
        }
    }

    /// <summary>
    /// Ends the line and starts an empty one. It joins the history unless it is blank or the same as the last.
    /// </summary>
    public string Enter()
    {
        string line = new(Text);
        Remember(line);
        Clear();
        return line;
    }

    /// <summary>A line joins the history, unless it is blank or the same as the last.</summary>
    public void Remember(string line)
    {
        bool isNews = line.AsSpan().Trim().Length > 0 && (_history.Count == 0 || _history[^1] != line);
        if (isNews && _history.Count == MaxHistory)
        {
            _history.RemoveAt(0);
        }

        if (isNews)
        {
            _history.Add(line);
        }
    }

    /// <summary>The line is this one, as if it had been typed just now.</summary>
    public void Restore(ReadOnlySpan<char> text, int cursor)
    {
        Clear();
        text.CopyTo(_text);
        Length = text.Length;
        Cursor = cursor;
    }

    /// <summary>Gives the line up.</summary>
    public void Clear()
    {
        Length = 0;
        Cursor = 0;
        _historyAt = _history.Count;
        _draft = "";
    }

    private void Replace(string line)
    {
        Length = 0;
        Cursor = 0;
        Insert(line);
    }

    private void Remove(int from, int to)
    {
        _text.AsSpan(to, Length - to).CopyTo(_text.AsSpan(from));
        Length -= to - from;
        Cursor = from;
    }

    private int UnitsBefore() =>
        Cursor >= 2 && char.IsSurrogate(_text[Cursor - 1]) && char.IsSurrogate(_text[Cursor - 2])
            ? 2
            : Math.Min(Cursor, 1);

    private int UnitsAfter() =>
        Cursor + 2 <= Length && char.IsHighSurrogate(_text[Cursor]) ? 2 : Math.Min(Length - Cursor, 1);
}
