// What callers do alike just before a call is done once, in front of the function:
//
//   mov rdi, rbx / call F                  call G
//   ...                                    ...
//   mov rdi, rbx / call F                  call G
//   F: ...                                 G: mov rdi, rbx
//                                          F: ...
//
// The processor executes the same instructions as before. What is not the most frequent thing to do goes in front of
// that, and jumps to F. G is no place that a debugger knows: to it, F begins there. So it must be a function that only
// calls in this code lead to. What looks at the stack stays where it is, for there is one more thing on it.

using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

internal sealed class SharedLeads
{
    /// <summary>Bytes of the jump that all but the first lead of a function need.</summary>
    private const int Jump = Step.ShortJump;

    private readonly MachineCode _code;
    private readonly InstructionInfoFactory _factory = new();
    private readonly HashSet<Step> _targets;
    private readonly HashSet<Step> _switched;

    // What goes in front of the function that is looked at, in its order.
    private List<Step> _leads = [];

    private SharedLeads(MachineCode code)
    {
        _code = code;
        _switched = [.. code.SwitchTargets];
        _targets = [.. code.Steps.Select(step => step.Target).OfType<Step>(), .. _switched];
    }

    internal static void Share(MachineCode code)
    {
        SharedLeads shared = new(code);
        HashSet<int> free = code.CalledOnly();
        foreach (IGrouping<int, Step> function in code.Steps
            .Where(step => free.Contains(step.Function)).GroupBy(step => step.Function).ToList())
        {
            shared.ShareBefore(function.First(), function.First(step => !step.IsGone));
        }

        code.Renumber();
        code.LeadOn();
    }

    private void ShareBefore(Step first, Step entry)
    {
        _leads = [entry];
        Extend(entry, [.. _code.Steps
            .Where(step => !step.IsGone && step.Target == entry && step.Code.FlowControl == FlowControl.Call)
            .Select(call => new Site(call, call))]);
        _leads.Remove(entry);
        first.Leads = _leads;
    }

    private void Extend(Step entry, List<Site> sites)
    {
        bool isFirst = true;
        foreach (List<Site> alike in sites
            .Where(site => Before(site) != null)
            .GroupBy(site => Convert.ToHexString(Before(site)!.Bytes))
            .Select(group => group.ToList())
            .OrderByDescending(Saved))
        {
            if (alike.Count > 1 && Saved(alike) > (isFirst ? 0 : Jump))
            {
                Step lead = Copy(Before(alike[0])!, entry.Function);
                if (isFirst)
                {
                    _leads.Insert(_leads.IndexOf(entry), lead);
                }
                else
                {
                    Step jump = Copy(alike[0].Call, entry.Function);
                    jump.BecomeJump(entry);
                    _leads.InsertRange(0, [lead, jump]);
                }

                Extend(lead, [.. alike.Select(site => Take(site, lead))]);
                isFirst = false;
            }
        }
    }

    private int Saved(List<Site> alike) => (alike.Count - 1) * Before(alike[0])!.Bytes.Length;

    private Site Take(Site site, Step lead)
    {
        Step taken = Before(site)!;
        taken.IsGone = true;
        site.Call.Target = lead;
        return new Site(site.Call, taken);
    }

    private static Step Copy(Step step, int function) => new()
    {
        Code = step.Code,
        Bytes = step.Bytes,
        Reference = null,
        Index = step.Index,
        Function = function,
        IsCopy = true,
    };

    /// <summary>The step that is always executed before what is taken so far, if it can be taken.</summary>
    private Step? Before(Site site)
    {
        int index = site.Start.Index - 1;
        while (index >= 0 && _code.Steps[index].IsGone)
        {
            index--;
        }

        return index >= 0 && !_targets.Contains(site.Start)
            && _code.Steps[index] is { Target: null, Reference: null, Code.FlowControl: FlowControl.Next } before
            && before.Function == site.Call.Function
            && !_switched.Contains(before)
            && !_factory.GetInfo(before.Code).GetUsedRegisters().Any(used => used.Register == Register.RSP)
            ? before : null;
    }

    /// <summary>A call.</summary>
    /// <param name="Call">It.</param>
    /// <param name="Start">The first step that is taken; the call itself when there is none.</param>
    private sealed record Site(Step Call, Step Start);
}
