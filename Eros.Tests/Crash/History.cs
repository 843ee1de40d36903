// History: the steps of one run, within each other and in their order, so that a run that went wrong can be repeated
// without some of them.
//
// All that a run chooses is drawn from one stream. What is left out must not change what the rest draws: so a run is
// first recorded whole, with where the draws of each step begin and end, and a repetition goes on from there, whether
// it does a step or leaves it out. What depends on the machine may differ all the same: what happened at the tenth
// request happens elsewhere when there are fewer before it.
//
//   Idle ── Record, a run ──▶ Recording ── Repeat, the same run ──▶ Repeating ── Stop ──▶ Idle
//                                                                    ▲     │ Repeat
//                                                                    └─────┘
//
// Invariants: a repetition does no step that was not recorded, but those that are never left out, and none within one
// that it leaves out. Idle, all steps are done and nothing is kept.

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Eros.Tests.Crash;

/// <summary>A run's steps. One at a time, over the machine that all runs of a worker share.</summary>
public sealed class History
{
    private SeededRandom _random = new(0);
    private RunStep _whole = new(null, 0, isNeeded: true);
    private RunStep _current;
    private Mode _mode;

    public History() => _current = _whole;

    private enum Mode
    {
        Idle,
        Recording,
        Repeating,
    }

    /// <summary>True when somebody will read what steps are told to be.</summary>
    public bool IsTold => _mode != Mode.Idle;

    /// <summary>The steps that were done the last time, in their order; who holds others before them.</summary>
    public List<RunStep> Done => All().FindAll(step => step.IsDone);

    /// <summary>The next run is kept.</summary>
    public void Record() => _mode = Mode.Recording;

    /// <summary>The next run is the recorded one, with these steps, those that hold them, and what is never left
    /// out.</summary>
    public void Repeat(IEnumerable<RunStep> steps)
    {
        _mode = Mode.Repeating;
        foreach (RunStep step in All())
        {
            step.Forget();
            step.IsChosen = step.IsNeeded;
            step.IsDone = false;
        }

        foreach (RunStep step in steps)
        {
            for (RunStep? holder = step; holder != null; holder = holder.Holder)
            {
                holder.IsChosen = true;
            }
        }
    }

    /// <summary>Runs are not kept any more.</summary>
    public void Stop() => _mode = Mode.Idle;

    /// <summary>The run begins, and draws from this.</summary>
    public void Follow(SeededRandom random)
    {
        _random = random;
        _current = _whole;
        if (_mode == Mode.Recording)
        {
            _current = _whole = new RunStep(null, 0, isNeeded: true);
        }

        _whole.Begun = 0;
    }

    /// <summary>A step begins. It ends when what is returned is disposed of.</summary>
    /// <param name="isNeeded">It is not left out alone: the run would not be one without it.</param>
    public StepScope Begin(bool isNeeded = false)
    {
        if (_mode == Mode.Idle)
        {
            return default;
        }

        RunStep? step = _mode == Mode.Recording ? _current.Add(isNeeded, _random.State) : _current.Following();
        if (step == null && isNeeded)
        {
            // The whole run did not come to this: its power went before.
            step = _current.AddExtra(_random.State);
        }

        if (step is not { IsChosen: true })
        {
            _random.State = step?.To ?? _random.State;
            return new StepScope(null, isLeftOut: true);
        }

        if (step.IsNeeded != isNeeded)
        {
            throw new InvalidOperationException($"step {step} was another one in the whole run");
        }

        step.IsDone = true;
        step.What = "";
        step.Begun = 0;
        _random.State = step.From;
        _current = step;
        return new StepScope(this, isLeftOut: false);
    }

    /// <summary>Says what the present step does, for who reads the history. Idle, no text is made.</summary>
    public void Tell([InterpolatedStringHandlerArgument("")] ref HistoryText what)
    {
        if (IsTold)
        {
            _current.What = what.Text;
        }
    }

    /// <summary>The present step has ended.</summary>
    internal void End()
    {
        if (_mode == Mode.Recording || _current.IsExtra)
        {
            _current.To = _random.State;
        }

        _random.State = _current.To;
        _current = _current.Holder!;
    }

    private List<RunStep> All()
    {
        List<RunStep> all = [];
        Add(_whole);
        return all;

        void Add(RunStep holder)
        {
            foreach (RunStep step in holder.Parts)
            {
                all.Add(step);
                Add(step);
            }
        }
    }
}

/// <summary>A step while it lasts.</summary>
public readonly ref struct StepScope
{
    private readonly History? _history;
    private readonly bool _isLeftOut;

    internal StepScope(History? history, bool isLeftOut)
    {
        _history = history;
        _isLeftOut = isLeftOut;
    }

    /// <summary>It is to be done.</summary>
    public bool IsDone => !_isLeftOut;

    public void Dispose() => _history?.End();
}

/// <summary>What a step is told to do: nothing, unless somebody will read it.</summary>
[InterpolatedStringHandler]
public ref struct HistoryText
{
    private DefaultInterpolatedStringHandler _text;

    public HistoryText(int literals, int values, History history, out bool isRead)
    {
        ArgumentNullException.ThrowIfNull(history);
        isRead = history.IsTold;
        _text = isRead ? new DefaultInterpolatedStringHandler(literals, values) : default;
    }

    /// <summary>The whole of it; it can be asked for once.</summary>
    public string Text => _text.ToStringAndClear();

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);
}
