using System;
using System.Collections.Generic;

namespace Eros.Tests.Crash;

/// <summary>
/// Makes a list that leads to a failure short: leaves out ever smaller stretches of it (Zeller and Hildebrandt,
/// "Simplifying and isolating failure-inducing input", 2002), then any two items, of which neither can go alone.
/// </summary>
public static class ListShrinker
{
    /// <param name="list">It fails.</param>
    /// <param name="fewItems">Of a longer list two items would take too many tries.</param>
    /// <param name="fails">What of a list has a part in its failure; null: it does not fail.</param>
    public static List<T> Shrink<T>(List<T> list, int fewItems, Func<List<T>, List<T>?> fails)
    {
        List<T> least = list;
        int before;
        do
        {
            before = least.Count;
            for (int stretch = Math.Max(1, least.Count / 2); ; stretch /= 2)
            {
                least = LeaveOut(least, stretch, fails);
                if (stretch <= 1)
                {
                    break;
                }
            }

            least = least.Count <= fewItems ? LeaveOutTwo(least, fails) : least;
        }
        while (least.Count < before);

        return least;
    }

    private static List<T> LeaveOut<T>(List<T> list, int stretch, Func<List<T>, List<T>?> fails)
    {
        for (int from = list.Count - stretch; from > -stretch; from -= stretch)
        {
            int first = Math.Max(0, from);
            int end = Math.Min(list.Count, from + stretch);
            if (first < end)
            {
                list = fails([.. list[..first], .. list[end..]]) ?? list;
            }
        }

        return list;
    }

    private static List<T> LeaveOutTwo<T>(List<T> list, Func<List<T>, List<T>?> fails)
    {
        for (int second = list.Count - 1; second > 0; second--)
        {
            for (int first = second - 1; first >= 0; first--)
            {
                List<T> shorter = [.. list[..first], .. list[(first + 1)..second], .. list[(second + 1)..]];
                if (fails(shorter) is { } least)
                {
                    return least;
                }
            }
        }

        return list;
    }
}
