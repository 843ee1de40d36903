using System.Collections.Generic;
using System.Linq;

namespace Eros.Tests.Crash;

/// <summary>One step of a run.</summary>
/// <param name="holder">The step that it is a part of; null: the whole run.</param>
/// <param name="number">Its place among the parts of that, from 1 on.</param>
/// <param name="isNeeded">It is not left out alone.</param>
public sealed class RunStep(RunStep? holder, int number, bool isNeeded)
{
    private readonly SortedList<int, RunStep> _parts = [];

    public RunStep? Holder { get; } = holder;

    public int Number { get; } = number;

    public bool IsNeeded { get; } = isNeeded;

    /// <summary>In their order.</summary>
    public IEnumerable<RunStep> Parts => _parts.Values;

    /// <summary>What it did the last time.</summary>
    public string What { get; set; } = "";

    /// <summary>It is not left out the next time.</summary>
    public bool IsChosen { get; set; } = true;

    /// <summary>It was not left out the last time.</summary>
    public bool IsDone { get; set; }

    /// <summary>It was in a repetition, and not in the whole run.</summary>
    public bool IsExtra { get; private init; }

    /// <summary>Where its draws begin, and those of what comes after it.</summary>
    public ulong From { get; private init; }
    public ulong To { get; set; }

    /// <summary>Parts that have begun.</summary>
    public int Begun { get; set; }

    /// <summary>How many others it is within.</summary>
    public int Depth => Holder?.Holder == null ? 0 : Holder.Depth + 1;

    /// <summary>The next part begins, and there is none yet.</summary>
    public RunStep Add(bool isNeeded, ulong from)
    {
        RunStep part = new(this, ++Begun, isNeeded) { From = from };
        _parts.Add(Begun, part);
        return part;
    }

    /// <summary>The next part begins; null: the whole run had none there.</summary>
    public RunStep? Following() => _parts.GetValueOrDefault(++Begun);

    /// <summary>In its place one that only this repetition has.</summary>
    public RunStep AddExtra(ulong from)
    {
        RunStep part = new(this, Begun, isNeeded: true) { From = from, IsExtra = true };
        _parts.Add(Begun, part);
        return part;
    }

    /// <summary>Forgets the parts that only the last repetition had.</summary>
    public void Forget()
    {
        foreach (RunStep part in _parts.Values.Where(part => part.IsExtra).ToList())
        {
            _parts.Remove(part.Number);
        }
    }

    /// <summary>As people write it: numbers from the outermost to its own, with dots between them.</summary>
    public override string ToString() => Holder?.Holder == null ? $"{Number}" : $"{Holder}.{Number}";
}
