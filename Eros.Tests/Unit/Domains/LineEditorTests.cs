// The line editor by its keys: what is typed, what the line then is, and what a terminal would show.

using System;
using System.Collections.Generic;
using System.Text;
using Eros.Domains.Agent;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed class LineEditorTests
{
    private const string Left = "\x1b[D";
    private const string Up = "\x1b[A";
    private const string Down = "\x1b[B";

    private LineEditor _editor = null!;
    private Screen _screen = null!;

    [SetUp]
    public void Start()
    {
        _editor = new LineEditor();
        _screen = new Screen();
        _editor.Show("> ");
    }

    [TestCase("abc", "abc|")]
    [TestCase("abc" + Left + Left + "x", "ax|bc")]
    [TestCase("abc\x1bOD\x1bOD\x1b[Cx", "abx|c", TestName = "Keys of both cursor modes move")]
    [TestCase("abc\x01x", "x|abc", TestName = "Ctrl-A goes to the start")]
    [TestCase("abc\x1b[Hx\x1b[Fy", "xabcy|", TestName = "Home and end")]
    [TestCase("abc\x1b[1~x\x1b[4~y", "xabcy|", TestName = "Home and end of the VT220")]
    [TestCase("abc" + Left + "\x7f", "a|c", TestName = "Backspace takes the character before the cursor")]
    [TestCase("abc\b\b\b\b", "|", TestName = "Backspace stops at the start")]
    [TestCase("abc\x01\x1b[3~", "|bc", TestName = "Delete takes the character under the cursor")]
    [TestCase("one two" + Left + "\x15", "|o", TestName = "Ctrl-U takes all before the cursor")]
    [TestCase("one two\x01\x06\x0b", "o|", TestName = "Ctrl-K takes all behind the cursor")]
    [TestCase("one two  \x17", "one |", TestName = "Ctrl-W takes the word before the cursor")]
    [TestCase("größe\x7f", "größ|", TestName = "A character of two bytes is one")]
    [TestCase("a𝄞b" + Left + "\x7f", "a|b", TestName = "A character of two units is one")]
    [TestCase("a\xe2(b", "a(b|", TestName = "A broken character is dropped")]
    [TestCase("a\x1b[99;5~b\x1bxc", "abc|", TestName = "Unknown sequences do nothing")]
    public void A_line_is_what_its_keys_make_of_it(string keys, string expected)
    {
        Type(keys);
        Assert.That(Line(), Is.EqualTo(expected));
        Assert.That(_screen.Row, Is.EqualTo("> " + expected.Replace("|", "", StringComparison.Ordinal)));
        Assert.That(_screen.Column, Is.EqualTo(2 + expected.IndexOf('|', StringComparison.Ordinal)));
    }

    [Test]
    public void A_prompt_that_is_longer_than_the_screen_is_wide_does_no_harm([Values(79, 80, 1000)] int length)
    {
        _editor.Show(new string('p', length));
        Assert.That(Type("abc\r"), Is.EqualTo(new[] { "abc" }));
    }

    [Test]
    public void Enter_ends_the_line_and_the_next_starts_empty()
    {
        Assert.That(Type("get x\r"), Is.EqualTo(new[] { "get x" }));
        Assert.That(Line(), Is.EqualTo("|"));
    }

    [Test]
    public void Characters_at_the_end_of_the_line_cost_only_themselves()
    {
        _editor.DropOutput();
        foreach (byte value in "abc"u8)
        {
            _editor.Type(value);
        }

        Assert.That(_editor.Output, Is.EqualTo("abc"));
    }

    [Test]
    public void History_brings_lines_back_and_the_draft_at_its_end()
    {
        Enter("one");
        Enter("two");
        Type("dra");
        Type(Up);
        Assert.That(Line(), Is.EqualTo("two|"));
        Type(Up + Up + Up);
        Assert.That(Line(), Is.EqualTo("one|"));
        Type(Down + Down);
        Assert.That(Line(), Is.EqualTo("dra|"));
    }

    [Test]
    public void History_takes_neither_blank_lines_nor_the_same_line_twice_in_a_row()
    {
        Enter("one");
        Enter("  ");
        Enter("one");
        Assert.That(_editor.Buffer.History, Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public void History_keeps_its_newest_lines()
    {
        for (int i = 0; i <= LineBuffer.MaxHistory; i++)
        {
            Enter("line " + i);
        }

        Assert.That(_editor.Buffer.History, Has.Count.EqualTo(LineBuffer.MaxHistory));
        Assert.That(_editor.Buffer.History[^1], Is.EqualTo("line " + LineBuffer.MaxHistory));
    }

    [Test]
    public void Cancel_gives_the_line_up_below_a_mark()
    {
        Type("mistake\x03");
        Assert.That(Line(), Is.EqualTo("|"));
        Assert.That(_screen.Rows, Is.EqualTo(new[] { "> mistake^C", "> " }));
    }

    [Test]
    public void A_text_that_is_printed_goes_above_the_line_being_typed()
    {
        Type("half" + Left);
        _editor.Print("news\n");
        Type("x");
        Assert.That(_screen.Rows, Is.EqualTo(new[] { "news", "> halxf" }));
    }

    [Test]
    public void The_line_is_shown_again_as_it_was_on_a_new_screen()
    {
        Type("half" + Left);
        _screen = new Screen();
        _editor.ShowAgain(isAnother: false);
        Type("x");
        Assert.That(_screen.Row, Is.EqualTo("> halxf"));
        Assert.That(_screen.Column, Is.EqualTo(6));
    }

    [Test]
    public void A_line_longer_than_the_screen_is_seen_through_a_window_around_the_cursor()
    {
        string line = new('a', 60);
        Type(line + new string('b', 60));
        Assert.That(_screen.Row, Has.Length.InRange(30, 79).And.StartsWith("> b").And.EndsWith("bbb"));
        Assert.That(_screen.Column, Is.EqualTo(_screen.Row.Length));
        Type("\x01");
        Assert.That(_screen.Row, Is.EqualTo("> " + line + new string('b', 17)));
        Assert.That(_screen.Column, Is.EqualTo(2));
    }

    [Test]
    public void A_full_line_takes_no_more()
    {
        Type(new string('a', LineBuffer.MaxLength + 10));
        Assert.That(_editor.Buffer.Length, Is.EqualTo(LineBuffer.MaxLength));
    }

    [Test]
    public void A_line_that_was_cut_is_not_entered_but_given_back()
    {
        Assert.That(Type(new string('a', LineBuffer.MaxLength + 10) + "\r"), Is.Empty);
        string[] rows = [.. _screen.Rows];
        Assert.That(rows[^2], Is.EqualTo(
            "not taken: a line has 1000 characters at most; what did fit is in the history"));
        Assert.That((rows[^1], Line()), Is.EqualTo(("> ", "|")));
        Assert.That(Type("get x\r"), Is.EqualTo(new[] { "get x" }), "the next line is one");
        _editor.Show("> ");
        Type(Up + Up);
        Assert.That(_editor.Buffer.Length, Is.EqualTo(LineBuffer.MaxLength));
    }

    [Test]
    public void A_bell_tells_that_a_line_is_full_and_who_has_heard_it_may_enter_what_there_is()
    {
        Type(new string('a', LineBuffer.MaxLength));
        Assert.That(_screen.Bells, Is.Zero);
        Type("bcd");
        Assert.That(_screen.Bells, Is.EqualTo(1), "once is enough");
        Assert.That(Type("\x7f\r"), Is.EqualTo(new[] { new string('a', LineBuffer.MaxLength - 1) }));
    }

    [Test]
    public void A_long_line_costs_a_few_characters_each()
    {
        _editor.DropOutput();
        foreach (byte value in Bytes(new string('a', LineBuffer.MaxLength)))
        {
            _editor.Type(value);
        }

        Assert.That(_editor.Output, Has.Length.LessThan(3 * LineBuffer.MaxLength));
    }

    [Test]
    public void Random_keys_never_part_screen_and_line([Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        string[] keys =
        [
            "a", "b ", "ö", Left, "\x1b[C", "\x01", "\x05", "\x7f", "\x1b[3~", "\x17", "\x15", "\x0b", Up, Down, "\r",
        ];
        for (int i = 0; i < 4000; i++)
        {
            List<string> entered = Type(keys[random.Next(keys.Length)]);
            if (entered.Count > 0)
            {
                _editor.Show("> ");
                Show();
            }

            string[] parts = Line().Split('|');
            Assert.That(_screen.Row.Length, Is.LessThanOrEqualTo(80));
            Assert.That(parts[0] + parts[1], Does.Contain(_screen.Row[2..]), $"seed {seed}, key {i}");
            string before = parts[0][^(_screen.Column - 2)..];
            Assert.That(_screen.Row[2.._screen.Column], Is.EqualTo(before), $"seed {seed}, key {i}");
        }
    }

    private string Line() => _editor.Buffer.Text[.._editor.Buffer.Cursor].ToString() + "|"
        + _editor.Buffer.Text[_editor.Buffer.Cursor..].ToString();

    private void Enter(string line)
    {
        Type(line + "\r");
        _editor.Show("> ");
        Show();
    }

    private List<string> Type(string keys)
    {
        List<string> entered = [];
        foreach (byte value in Bytes(keys))
        {
            LineEvent led = _editor.Type(value);
            if (led == LineEvent.Entered)
            {
                entered.Add(_editor.Entered);
            }
            else if (led == LineEvent.Cancelled)
            {
                _editor.Show("> ");
            }
        }

        Show();
        return entered;
    }

    // Characters up to U+00FF that only a broken sequence holds are bytes of themselves.
    private static byte[] Bytes(string keys) =>
        keys.Contains('\xe2', StringComparison.Ordinal) ? Encoding.Latin1.GetBytes(keys) : Encoding.UTF8.GetBytes(keys);

    private void Show()
    {
        _screen.Write(_editor.Output);
        _editor.DropOutput();
    }
}
