// The program behind the command's option: judges many graphs, and says what came of it.

using System;
using System.Diagnostics;
using System.Linq;
using Eros.Tests.Confinement;

if (args.Length != 2 || !int.TryParse(args[0], out int graphs) || graphs < 1
    || !ulong.TryParse(args[1], out ulong seed))
{
    Console.Error.WriteLine("usage: GRAPHS SEED, two numbers, the first at least 1");
    return 2;
}

var watch = Stopwatch.StartNew();
ConfinementStatistics found = ConfinementFuzz.Run(new ConfinementSettings { Seed = seed, Graphs = graphs });
Console.WriteLine($"{graphs} graphs from seed {seed} in {watch.Elapsed.TotalSeconds:0} s");
Console.WriteLine($"judged (the others are not sealed)      {found.Judged}");
Console.WriteLine($"confined, and nothing found that leaks  {found.Confined - found.Leaks.Count}");
Console.WriteLine($"with holes, and leaking                 {found.Caught}");
Console.WriteLine($"with holes, and not leaking             {found.Unfounded}");
foreach ((string hole, int count) in found.FalseAlarms.OrderByDescending(pair => pair.Value))
{
    Console.WriteLine($"  {hole,-42}{count}");
}

Console.WriteLine($"called confined, and leaking            {found.Leaks.Count}");
foreach (string leak in found.Leaks.Take(10))
{
    Console.WriteLine("  " + leak);
}

return found.Leaks.Count == 0 ? 0 : 1;
