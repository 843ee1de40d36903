// StepList: steps of a run as a person reads and types them: 3,7.2-5,9.1.4. Each stands for itself and for those that
// hold it; 7.2-5 is 7.2, 7.3, 7.4, 7.5. "none" is no step but those that are never left out.

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Eros.Tests.Crash;

/// <summary>Writes and reads lists of steps.</summary>
public static class StepList
{
    private const string Nothing = "none";

    /// <summary>The shortest list that stands for these steps, which are in their order.</summary>
    public static string Write(IReadOnlyCollection<RunStep> steps)
    {
        HashSet<RunStep> holders = [];
        foreach (RunStep step in steps)
        {
            for (RunStep? holder = step.Holder; holder != null; holder = holder.Holder)
            {
                holders.Add(holder);
            }
        }

        List<RunStep> named = [.. steps.Where(step => !holders.Contains(step))];
        StringBuilder text = new();
        for (int first = 0, next; first < named.Count; first = next)
        {
            next = first + 1;
            while (next < named.Count && named[next].Holder == named[first].Holder
                && named[next].Number == named[next - 1].Number + 1)
            {
                next++;
            }

            text.Append(first == 0 ? "" : ",").Append(named[first]);
            text.Append(next - first > 1 ? $"-{named[next - 1].Number}" : "");
        }

        return text.Length == 0 ? Nothing : text.ToString();
    }

    /// <summary>False when it is no such list, or one of the steps is not among <paramref name="all"/>.</summary>
    public static bool TryRead(string text, IEnumerable<RunStep> all, out List<RunStep> steps)
    {
        steps = [];
        if (text == Nothing)
        {
            return true;
        }

        Dictionary<string, RunStep> byName = all.ToDictionary(step => step.ToString());
        foreach (string range in text.Split(','))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || !byName.TryGetValue(ends[0], out RunStep? step))
            {
                return false;
            }

            int last = step.Number;
            bool isRead = ends.Length == 1 || int.TryParse(ends[1], CultureInfo.InvariantCulture, out last);
            if (!isRead || last < step.Number)
            {
                return false;
            }

            string holder = ends[0][..(ends[0].LastIndexOf('.') + 1)];
            for (int number = step.Number; number <= last; number++)
            {
                if (!byName.TryGetValue($"{holder}{number}", out RunStep? one))
                {
                    return false;
                }

                steps.Add(one);
            }
        }

        return true;
    }

    /// <summary>A line for a step: its number, if it can be left out, and what it did.</summary>
    internal static string Tell(RunStep step)
    {
        string indent = new(' ', 2 * step.Depth);
        string number = step.IsNeeded ? "-" : step.ToString();
        return $"{indent}{number}  {step.What}".TrimEnd();
    }
}
