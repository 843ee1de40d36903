// Screen: as much of a terminal as the line editor uses: what a person would see of what was written.

using System;
using System.Collections.Generic;
using System.Text;

namespace Eros.Tests.Unit.Domains;

internal sealed class Screen
{
    private readonly List<StringBuilder> _rows = [new()];

    public int Column { get; private set; }

    public int Bells { get; private set; }

    public string Row => _rows[^1].ToString();

    public IEnumerable<string> Rows => _rows.ConvertAll(row => row.ToString());

    public void Write(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\r': Column = 0; break;
                case '\a': Bells++; break;
                case '\n': _rows.Add(new StringBuilder()); break;
                case '\x1b': i = Control(text, i + 2); break;
                default: Put(text[i]); break;
            }
        }
    }

    private void Put(char unit)
    {
        StringBuilder row = _rows[^1];
        row.Append(' ', Math.Max(0, Column - row.Length));
        if (Column < row.Length)
        {
            row[Column] = unit;
        }
        else
        {
            row.Append(unit);
        }

        Column++;
    }

    private int Control(string text, int at)
    {
        int number = 0;
        for (; char.IsAsciiDigit(text[at]); at++)
        {
            number = number * 10 + (text[at] - '0');
        }

        if (text[at] == 'C')
        {
            Column += number;
        }
        else if (text[at] == 'K')
        {
            _rows[^1].Length = Math.Min(_rows[^1].Length, Column);
        }
        else
        {
            throw new InvalidOperationException($"the screen has no control function {text[at]}");
        }

        return at;
    }
}
