// Expectation: which states a machine may come back in after its plug was pulled.
//
// A session is a chain of states, each one command further than the one before. A checkpoint that was acknowledged must
// not be lost; one that was not may have been committed all the same, at any point of the chain. So right is: one of
// the chain's states, at or after the last one that was acknowledged. A mixture of two states (the variable of one, the
// count of another) is wrong.
//
// A replay of the write log that ends early goes back to a moment before some acknowledgements. Each acknowledgement
// has the length that the log had when it came, so it binds exactly the replays that hold as much.

using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Plug;

/// <summary>The chain of states of one session.</summary>
public sealed class Expectation
{
    private readonly List<ShellState> _chain = [];
    private readonly List<Acknowledgement> _acknowledgements = [];

    /// <param name="found">The state in which the machine came up: it was read from a checkpoint, so it is
    /// durable. What runs for ever is not: that ran on between the resume and the reading.</param>
    /// <param name="before">What the disk was expected to hold; null: anything. Where those that run for ever
    /// were acknowledged to be then, they are at least now.</param>
    public Expectation(ShellState found, Expectation? before)
    {
        _chain.Add(found);
        Acknowledged(before?._acknowledgements[^1].Progress ?? Progress.None, 0);
    }

    /// <summary>The newest state.</summary>
    public ShellState Now => _chain[^1];

    /// <summary>A command was given that leads to <paramref name="next"/>.</summary>
    public void Became(ShellState next) => _chain.Add(next);

    /// <summary>A checkpoint of the newest state was acknowledged.</summary>
    /// <param name="progress">What was seen before it was asked for.</param>
    /// <param name="logLength">Bytes of the write log when the acknowledgement was seen.</param>
    public void Acknowledged(Progress progress, long logLength) =>
        _acknowledgements.Add(new Acknowledgement(_chain.Count - 1, progress, logLength));

    /// <summary>What is wrong with a machine that came back in this state; null when nothing is.</summary>
    /// <param name="found">The state.</param>
    /// <param name="progress">How far those were that run for ever.</param>
    /// <param name="logLength">How much of the write log it came from, bytes; all of it if nothing is said.</param>
    public string? Judge(ShellState found, Progress progress, long logLength = long.MaxValue)
    {
        Acknowledgement last = _acknowledgements.Last(one => one.LogLength <= logLength);
        if (progress.Behind(last.Progress) is { } problem)
        {
            return problem;
        }

        if (_chain.Skip(last.State).Contains(found))
        {
            return null;
        }

        return _chain.Contains(found)
            ? $"the acknowledged checkpoint of {_chain[last.State]} was lost: {found}"
            : $"{found} never was; acknowledged is {_chain[last.State]}, newest {Now}";
    }

    private readonly record struct Acknowledgement(int State, Progress Progress, long LogLength);
}
