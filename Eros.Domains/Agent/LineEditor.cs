// LineEditor: keys change the buffer, and the screen is made to show it. Bytes go in, text for the terminal comes out
// of Output; the editor itself knows no terminal, so that the whole of it survives a restart and is drawn again on the
// next one, with what the one before has not seen.
//
// The terminal is taken to be 80 columns wide, one for each UTF-16 unit. A line that does not fit beside its prompt
// is shown through a window that moves with the cursor: half its width at a time, so that typing at the end of the
// longest line costs a few characters each. Control functions (ECMA-48): BEL, CR, EL (ESC [ K), CUF (ESC [ n C), ED and
// CUP for Ctrl-L.
//
// What does not fit into a line is not taken, with a bell. If nothing but text comes after that, whoever typed has not
// heard it, or is a pipe: then Enter says so and gives the line up, which can be had back from the history.
//
// Invariant: while IsShown, the screen's last line is the prompt and the window's part of the buffer, its cursor at
// the buffer's.

using System.Text;

namespace Eros.Domains.Agent;

/// <summary>What a byte led to.</summary>
public enum LineEvent
{
    None,

    /// <summary>The line is complete: <see cref="LineEditor.Entered"/>.</summary>
    Entered,

    /// <summary>Ctrl-C: the line is gone.</summary>
    Cancelled,
}

public sealed class LineEditor
{
    private const int Columns = 80;

    private readonly LineBuffer _buffer = new();
    private readonly KeyReader _keys = new();
    private readonly StringBuilder _output = new();
    private string _prompt = "";
    private int _window;
    private bool _isCut;

    // The terminal's cursor stands at the beginning of an empty line, as it does when the kernel has said its piece.
    private bool _isFreshLine = true;

    // What waits to be written has prompt and line in it, from a line's beginning: no other terminal lacks anything.
    private bool _isDrawn;

    /// <summary>True while a prompt is on the screen; bytes that come otherwise change the line all the same.</summary>
    public bool IsShown { get; private set; }

    /// <summary>The last complete line.</summary>
    public string Entered { get; private set; } = "";

    public LineBuffer Buffer => _buffer;

    /// <summary>What is to be written to the terminal since the last <see cref="DropOutput"/>.</summary>
    public string Output => _output.ToString();

    // A prompt may be as long as its caller likes: one column is always left.
    private int Room => System.Math.Max(Columns - 1 - _prompt.Length, 1);

    /// <summary>Shows a prompt, on a line of its own, and what has been typed of the line.</summary>
    public void Show(string prompt)
    {
        _prompt = prompt;
        IsShown = true;
        _output.Append(_isFreshLine ? "" : "\r\n");
        Draw();
    }

    /// <summary>
    /// Shows the line again, on a new terminal, behind what waits to be written and unless it is in that.
    /// </summary>
    /// <param name="isAnother">The line has become another: none that waits to be written is this.</param>
    public void ShowAgain(bool isAnother)
    {
        _isFreshLine |= _output.Length == 0;
        if (IsShown && (isAnother || !_isDrawn))
        {
            _output.Append(_isFreshLine ? "" : "\r");
            Draw();
        }
    }

    /// <summary>Shows the line again, which has become another, in the place of the one that is shown.</summary>
    public void ShowInstead()
    {
        if (IsShown)
        {
            _output.Append('\r');
            Draw();
        }
    }

    /// <summary>Nobody waits for the line any more: it and its prompt are gone, though not from the screen.</summary>
    public void Withdraw()
    {
        IsShown = false;
        _isCut = false;
        _window = 0;
        _buffer.Clear();
    }

    /// <summary>Puts text on the screen; a line that is being typed makes way and comes back below.</summary>
    public void Print(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (IsShown)
        {
            _output.Append("\r\x1b[K");
        }

        foreach (char unit in text)
        {
            _output.Append(unit == '\n' ? "\r" : "").Append(unit);
        }

        _isFreshLine = text[^1] == '\n';
        if (IsShown)
        {
            Show(_prompt);
        }
    }

    /// <summary>Takes one byte of the terminal's.</summary>
    public LineEvent Type(byte value)
    {
        Key key = _keys.Read(value);
        switch (key)
        {
            case Key.None:
                return LineEvent.None;
            case Key.Enter when _isCut:
                Refuse();
                return LineEvent.None;
            case Key.Enter:
                Finish("\r\n");
                Entered = _buffer.Enter();
                return LineEvent.Entered;
            case Key.Cancel:
                Finish("^C\r\n");
                _buffer.Clear();
                _isCut = false;
                return LineEvent.Cancelled;
            default:
                Edit(key);
                return LineEvent.None;
        }
    }

    /// <summary>What was to be written has been, or nobody is there to see it.</summary>
    public void DropOutput()
    {
        _output.Clear();
        _isDrawn = false;
    }

    private void Edit(Key key)
    {
        int length = _buffer.Length;
        bool wasAtEnd = _buffer.Cursor == length;
        Apply(key);
        bool isFull = key == Key.Text && _buffer.Length == length;
        _output.Append(isFull && IsShown && !_isCut ? "\a" : "");
        _isCut = isFull || (_isCut && key is (Key.Text or Key.Redraw));
        if (!IsShown || isFull)
        {
            return;
        }

        // The common case costs one character, so that what is typed reads as typed in a transcript.
        if (key == Key.Text && wasAtEnd && _buffer.Length - _window <= Room)
        {
            _output.Append(_keys.Text);
            return;
        }

        _output.Append('\r');
        Draw();
    }

    private void Apply(Key key)
    {
        switch (key)
        {
            case Key.Text: _buffer.Insert(_keys.Text); break;
            case Key.Left: _buffer.MoveLeft(); break;
            case Key.Right: _buffer.MoveRight(); break;
            case Key.Up: _buffer.HistoryUp(); break;
            case Key.Down: _buffer.HistoryDown(); break;
            case Key.Home: _buffer.MoveHome(); break;
            case Key.End: _buffer.MoveEnd(); break;
            case Key.Backspace: _buffer.DeleteBefore(); break;
            case Key.Delete: _buffer.DeleteAfter(); break;
            case Key.KillLine: _buffer.KillLine(); break;
            case Key.KillToEnd: _buffer.KillToEnd(); break;
            case Key.KillWord: _buffer.KillWord(); break;
            case Key.Redraw: _output.Append("\x1b[2J\x1b[H"); break;
        }
    }

    // What was cut is not what was meant.
    private void Refuse()
    {
        Finish("\r\n");
        _isCut = false;
        _buffer.Enter();
        Print($"not taken: a line has {LineBuffer.MaxLength} characters at most; what did fit is in the history\n");
        Show(_prompt);
    }

    // The screen's line is complete: the cursor goes below it.
    private void Finish(string ending)
    {
        if (IsShown)
        {
            _output.Append(ending);
            _isFreshLine = true;
        }

        IsShown = false;
        _window = 0;
    }

    // From the beginning of a line. Only a line that was drawn before can have something behind what is drawn now.
    private void Draw()
    {
        if (_buffer.Cursor < _window)
        {
            _window = _buffer.Cursor;
        }
        else if (_buffer.Cursor - _window > Room)
        {
            _window = _buffer.Cursor - Room / 2;
        }

        int visible = System.Math.Min(_buffer.Length - _window, Room);
        _output.Append(_prompt).Append(_isFreshLine ? "" : "\x1b[K").Append(_buffer.Text.Slice(_window, visible));
        _isFreshLine = false;
        _isDrawn = true;
        int back = _window + visible - _buffer.Cursor;
        if (back > 0)
        {
            _output.Append("\r\x1b[").Append(_prompt.Length + _buffer.Cursor - _window).Append('C');
        }
    }
}
