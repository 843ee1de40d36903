// Expectation: which states a machine may come back in after its plug was pulled.
//
// A session is a chain of states, each one command further than the one before. A checkpoint that was acknowledged must
// not be lost; one that was not may have been committed all the same, at any point of the chain. So right is: one of
// the chain's states, at or after the last one that was acknowledged. A mixture of two states (the variable of one, the
// count of another) is wrong.

using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Plug;

/// <summary>The chain of states of one session.</summary>
public sealed class Expectation
{
    private readonly List<ShellState> _chain = [];
    private int _acknowledged;
    private long _spinAcknowledged;

    /// <param name="found">The state in which the machine came up: it was read from a checkpoint, so it is
    /// durable.</param>
    /// <param name="spin">What the spinner had counted to then.</param>
    public Expectation(ShellState found, long spin)
    {
        _chain.Add(found);
        _spinAcknowledged = spin;
    }

    /// <summary>The newest state.</summary>
    public ShellState Now => _chain[^1];

    /// <summary>A command was given that leads to <paramref name="next"/>.</summary>
    public void Became(ShellState next) => _chain.Add(next);

    /// <summary>A checkpoint of the newest state was acknowledged; the spinner had been seen at <paramref name="spin"/>
    /// before it was asked for.</summary>
    public void Acknowledged(long spin)
    {
        _acknowledged = _chain.Count - 1;
        _spinAcknowledged = spin;
    }

    /// <summary>This expectation as it is now, to be kept while the session goes on.</summary>
    public Expectation Copy()
    {
        var copy = new Expectation(_chain[0], _spinAcknowledged) { _acknowledged = _acknowledged };
        copy._chain.AddRange(_chain.Skip(1));
        return copy;
    }

    /// <summary>What is wrong with a machine that came back in this state; null when nothing is.</summary>
    public string? Judge(ShellState found, long spin)
    {
        if (spin < _spinAcknowledged)
        {
            return $"the spinner went back from {_spinAcknowledged} to {spin}";
        }

        if (_chain.Skip(_acknowledged).Contains(found))
        {
            return null;
        }

        return _chain.Contains(found)
            ? $"the acknowledged checkpoint of {_chain[_acknowledged]} was lost: {found}"
            : $"{found} never was; acknowledged is {_chain[_acknowledged]}, newest {Now}";
    }
}
