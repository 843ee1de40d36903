// Instructions that end alike, before the same jump, the same label or a return, are there once:
//
//       one / two / three / jmp L              jmp T
//       ...                                    ...
//       nil / two / three                      nil
//   L:  ...                               T:   two / three
//                                         L:   ...
//
// The one that stays is jumped into. A jump to nothing but a jump goes where that goes. Within a function, the
// processor executes no more instructions than before; what ends in a return may be shared by all functions, for one
// jump more, which must be worth it. Calls that do not return are shared within a function only, so that a debugger
// finds out who made them.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Tasks.Tightening;

internal sealed class SharedTails
{
    /// <summary>Bytes. With less, the fast paths become more than 1 % longer, for 0.2 KB.</summary>
    private const int WorthAJump = 6;

    private static readonly object _returning = new();

    private readonly MachineCode _code;
    private readonly HashSet<Step> _pinned;
    private readonly HashSet<Step> _landings = [];
    private ILookup<Step?, Step> _jumps;

    private SharedTails(MachineCode code)
    {
        _code = code;
        _pinned =
        [
            .. code.SwitchTargets,
            .. code.Steps.Where(step => !step.IsRelaxable).Select(step => step.Target).OfType<Step>(),
            .. code.Steps.Where(step => !step.IsGone).DistinctBy(step => step.Function),
        ];
        _jumps = FindJumps();
    }

    /// <summary>Shares what can be shared, until a look at all of it finds nothing more.</summary>
    internal static void Share(MachineCode code)
    {
        SharedTails tails = new(code);
        while (tails.ShareOnce())
        {
            tails.StraightenJumps();
        }
    }

    private ILookup<Step?, Step> FindJumps() =>
        _code.Steps.Where(step => step is { IsGone: false, IsRelaxable: true }).ToLookup(step => step.Target);

    private bool ShareOnce()
    {
        _code.Place();
        _jumps = FindJumps();
        _landings.Clear();
        bool isAny = false;
        foreach (IGrouping<object, Tail> alike in _code.Steps.Select(TailAt).OfType<Tail>().ToLookup(tail => tail.Kind))
        {
            isAny |= Share([.. alike]);
        }

        return isAny;
    }

    /// <summary>What a step ends, if it is the last of something.</summary>
    private Tail? TailAt(Step step)
    {
        if (step.IsGone)
        {
            return null;
        }

        if (step.IsJump && step.Target is { } target)
        {
            return new Tail(step, target, Before(step), step);
        }

        if (step.IsEnd)
        {
            return new Tail(step, _returning, step, null);
        }

        Step? next = Next(step);
        return step.NeverReturns ? new Tail(step, (step.Function, step.Target), step, null)
            : next != null && IsTarget(next) ? new Tail(step, next, step, null) { FallsThrough = true }
            : null;
    }

    private bool Share(List<Tail> tails)
    {
        HashSet<Tail> staying = [];
        HashSet<Tail> shared = [];
        foreach (Tail tail in tails.Where(tail => !tail.FallsThrough))
        {
            if (!staying.Contains(tail) && !tail.IsGone)
            {
                Match? best = tails
                    .Where(other => other != tail && !shared.Contains(other) && !other.IsGone)
                    .Select(other => Compare(tail, other))
                    .OfType<Match>()
                    .MaxBy(match => match.Saved);
                if (best != null)
                {
                    Apply(tail, best);
                    shared.Add(tail);
                    staying.Add(best.Staying);
                }
            }
        }

        return shared.Count != 0;
    }

    /// <summary>The longest run of same steps before two ends that pays.</summary>
    private Match? Compare(Tail tail, Tail staying)
    {
        Step? one = tail.Jump is { } jump && IsTarget(jump) ? null : tail.Last;
        Step? other = staying.Last;
        int length = tail.Jump?.Length ?? 0;
        Step? first = null;
        Step? into = null;
        while (one != null && other != null && one != other && one.IsSameAs(other))
        {
            length += one.Length;
            (first, into) = (one, other);
            (one, other) = (IsTarget(one) ? null : Before(one), Before(other));
        }

        if (first == null)
        {
            return null;
        }

        int saved = length - Cost(first, into!);
        return saved >= (tail.Kind == _returning ? WorthAJump : 1) ? new Match(staying, first, into!, saved) : null;
    }

    // A jump in place of the tail; or, when only jumps lead there, what they grow to go to the other one themselves.
    private int Cost(Step first, Step into)
    {
        int jump = IsNear(first, into) ? Step.ShortJump : Step.LongJump;
        return _pinned.Contains(first) || Before(first) != null
            ? jump
            : Math.Min(jump, _jumps[first].Sum(from => Growth(from, into)));
    }

    private static int Growth(Step from, Step into) =>
        !from.IsShort || IsNear(from, into) ? 0 : (from.IsJump ? Step.LongJump : Step.LongJump + 1) - Step.ShortJump;

    private static bool IsNear(Step from, Step into) =>
        (long)into.NewAt - (long)from.NewAt is > sbyte.MinValue + Step.LongJump and < sbyte.MaxValue - Step.LongJump;

    private void Apply(Tail tail, Match match)
    {
        for (int index = match.First.Index; index <= tail.End.Index; index++)
        {
            _code.Steps[index].IsGone = true;
        }

        match.First.IsGone = false;
        match.First.BecomeJump(match.Into);
        _landings.Add(match.Into);
    }

    private void StraightenJumps()
    {
        _code.Place();
        foreach (Step jump in _code.Steps.Where(step => step is { IsGone: false, IsReplaced: true }))
        {
            Straighten(jump, jump.Target!);
        }
    }

    private void Straighten(Step jump, Step target)
    {
        _jumps = FindJumps();
        bool isOnlyJumpedTo = !_pinned.Contains(jump) && Before(jump) == null;
        bool pays = isOnlyJumpedTo && _jumps[jump].Sum(from => Growth(from, target)) <= jump.Length;
        foreach (Step from in _jumps[jump].Where(from => pays || Growth(from, target) == 0))
        {
            from.Target = target;
        }

        jump.IsGone = pays || (Next(jump) == target && !IsTarget(jump));
    }

    private bool IsTarget(Step step) =>
        _pinned.Contains(step) || _landings.Contains(step) || _jumps[step].Any(jump => !jump.IsGone);

    /// <summary>The step after which this one is executed without a jump.</summary>
    private Step? Before(Step step)
    {
        int index = step.Index - 1;
        while (index >= 0 && _code.Steps[index].IsGone)
        {
            index--;
        }

        return index >= 0 && _code.Steps[index] is { IsEnd: false, NeverReturns: false } before
            && before.Function == step.Function ? before : null;
    }

    private Step? Next(Step step)
    {
        int index = step.Index + 1;
        while (index < _code.Steps.Count && _code.Steps[index].IsGone)
        {
            index++;
        }

        Step? next = index < _code.Steps.Count ? _code.Steps[index] : null;
        return next?.Function == step.Function ? next : null;
    }

    /// <summary>Steps that end at <see cref="End"/>.</summary>
    /// <param name="End">Where.</param>
    /// <param name="Kind">What happens then: only tails with the same can be shared.</param>
    /// <param name="Last">The last step that is compared.</param>
    /// <param name="Jump">The one behind that, which is as good as the other's.</param>
    private sealed record Tail(Step End, object Kind, Step? Last, Step? Jump)
    {
        /// <summary>A label follows.</summary>
        internal bool FallsThrough { get; init; }

        internal bool IsGone => End.IsGone || Last is { IsGone: true };
    }

    private sealed record Match(Tail Staying, Step First, Step Into, int Saved);
}
