// SolitaireDomain: peg solitaire. A peg jumps over a neighbour into a hole behind it, and the neighbour is taken away;
// one peg shall be left, in the middle.
//
//     a b c d e f g
//   1     o o o
//   2     o o o
//   3 o o o o o o o
//   4 o o o . o o o
//   5 o o o o o o o
//   6     o o o
//   7     o o o

using System;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Solitaire;

/// <summary>"move d2 d4", "new".</summary>
[Domain]
public sealed partial class SolitaireDomain : Domain, IPane
{
    private const int Side = 7;
    private const int Middle = Side / 2;
    private const char Peg = 'o';
    private const char Hole = '.';
    private const char Nothing = ' ';

    private readonly char[] _board = new char[Side * Side];

    public SolitaireDomain() => Begin();

    /// <inheritdoc/>
    public Result Draw(out string lines)
    {
        StringBuilder text = new("  a b c d e f g");
        for (int row = 0; row < Side; row++)
        {
            text.Append('\n').Append(row + 1);
            for (int column = 0; column < Side; column++)
            {
                text.Append(' ').Append(_board[row * Side + column]);
            }
        }

        lines = text.ToString();
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Obey(string command)
    {
        string[] words = command.Split(' ');
        if (words is ["new"])
        {
            Begin();
            return Result.Ok;
        }

        return words is ["move", string from, string to] && Move(Place(from), Place(to))
            ? Result.Ok
            : Result.BadArgument;
    }

    // -1 for what is no place.
    private static int Place(string name) =>
        name.Length == 2 && name[0] is >= 'a' and <= 'g' && name[1] is >= '1' and <= '7'
            ? (name[1] - '1') * Side + (name[0] - 'a')
            : -1;

    private bool Move(int from, int to)
    {
        if (from < 0 || to < 0)
        {
            return false;
        }

        int rows = Math.Abs(from / Side - to / Side);
        int columns = Math.Abs(from % Side - to % Side);
        int over = (from + to) / 2;
        bool isJump = (rows == 2 && columns == 0) || (rows == 0 && columns == 2);
        if (!isJump || _board[from] != Peg || _board[over] != Peg || _board[to] != Hole)
        {
            return false;
        }

        _board[from] = Hole;
        _board[over] = Hole;
        _board[to] = Peg;
        return true;
    }

    private void Begin()
    {
        for (int place = 0; place < _board.Length; place++)
        {
            bool isOnBoard = Math.Abs(place / Side - Middle) <= 1 || Math.Abs(place % Side - Middle) <= 1;
            _board[place] = isOnBoard ? Peg : Nothing;
        }

        _board[Middle * Side + Middle] = Hole;
    }
}
