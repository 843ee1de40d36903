using System.Linq;
using Eros.Domains.Agent;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>What is typed, as it stands in a page.</summary>
internal sealed class SavedLineTests
{
    private SavedLine _saved = null!;
    private LineBuffer _buffer = null!;

    [SetUp]
    public void SetUp() => (_saved, _buffer) = (new SavedLine(), new LineBuffer());

    [Test]
    public void Who_is_older_than_the_page_has_its_line_and_what_was_entered_since()
    {
        _buffer.Insert("before");
        SavedLine older = new();
        older.Enter("before");
        older.Write(_buffer);
        _saved.Enter("before");
        _saved.Write(_buffer);
        _saved.Enter("first");
        _saved.Enter("second");
        _buffer.Restore("half a line", 4);
        byte[] page = [.. _saved.Write(_buffer)];

        LineBuffer restored = new();
        Assert.That(older.TryRecall(page, restored), Is.True);
        Assert.That(restored.Text.ToString(), Is.EqualTo("half a line"));
        Assert.That(restored.Cursor, Is.EqualTo(4));
        Assert.That(restored.History, Is.EqualTo(new[] { "first", "second" }));
        Assert.That(older.TryRecall(page, restored), Is.False, "it is as new as the page now");
    }

    [Test]
    public void Where_there_is_no_room_for_all_lines_the_oldest_go()
    {
        string[] lines = [.. Enumerable.Range(0, 30).Select(number => $"{number} {new string('x', 100)}")];
        foreach (string line in lines)
        {
            _saved.Enter(line);
        }

        LineBuffer restored = new();
        Assert.That(new SavedLine().TryRecall(_saved.Write(_buffer), restored), Is.True);
        Assert.That(restored.History, Is.Not.Empty);
        Assert.That(restored.History, Is.EqualTo(lines[^restored.History.Count..]));
    }

    [Test]
    public void The_longest_line_fits()
    {
        string line = new('x', LineBuffer.MaxLength);
        _saved.Enter(line);
        _buffer.Restore(line, line.Length);
        LineBuffer restored = new();
        Assert.That(new SavedLine().TryRecall(_saved.Write(_buffer), restored), Is.True);
        Assert.That(restored.Text.ToString(), Is.EqualTo(line));
        Assert.That(restored.History, Is.EqualTo(new[] { line }));
    }

    [TestCase(0, "a page that was never written")]
    [TestCase(1, "a line longer than any")]
    [TestCase(2, "a cursor behind the line")]
    public void What_is_no_such_page_is_left_alone(int kind, string what)
    {
        byte[] page = new byte[4096];
        page[0] = (byte)(kind == 0 ? 0 : 1);
        page[kind == 1 ? 19 : 16] = (byte)(kind == 0 ? 0 : 200);
        Assert.That(_saved.TryRecall(page, _buffer), Is.False, what);
        Assert.That(_buffer.Length, Is.Zero);
    }
}
