// ConfinementFuzz: random graphs, the last constructor of each judged by the constructor's rule and by the search.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Eros.Domains.Runtime;
using Eros.Tests.Crash;

namespace Eros.Tests.Confinement;

/// <summary>How many graphs, from which seed.</summary>
public sealed record ConfinementSettings
{
    public ulong Seed { get; init; } = 1;

    public int Graphs { get; init; } = 1_000_000;

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Told how many graphs are done, from time to time.</summary>
    public Action<int> Progress { get; init; } = _ => { };
}

/// <summary>What came of it.</summary>
public sealed class ConfinementStatistics
{
    /// <summary>Graphs whose constructor is sealed: the others are not judged.</summary>
    public int Judged { get; set; }

    public int Confined { get; set; }

    /// <summary>Found leaking, and found to have holes.</summary>
    public int Caught { get; set; }

    /// <summary>Called confined, and found leaking: the seed of each, and what leaks.</summary>
    public List<string> Leaks { get; } = [];

    /// <summary>Found to have holes though nothing leaks: false alarms.</summary>
    public int Unfounded { get; set; }

    /// <summary>In how many of them something of a kind is a hole.</summary>
    public SortedDictionary<string, int> FalseAlarms { get; } = [];

    /// <summary>Adds what another worker found.</summary>
    public void Add(ConfinementStatistics other)
    {
        Judged += other.Judged;
        Confined += other.Confined;
        Caught += other.Caught;
        Unfounded += other.Unfounded;
        Leaks.AddRange(other.Leaks);
        foreach ((string holes, int count) in other.FalseAlarms)
        {
            FalseAlarms[holes] = FalseAlarms.GetValueOrDefault(holes) + count;
        }
    }
}

/// <summary>The comparison.</summary>
public static class ConfinementFuzz
{
    private const int ProgressStep = 4096;

    public static ConfinementStatistics Run(ConfinementSettings settings) => Run(settings, null);

    /// <summary>With a rule that a test has broken.</summary>
    internal static ConfinementStatistics Run(ConfinementSettings settings, Func<IDiscrim, IDiscrim>? change)
    {
        var all = new ConfinementStatistics();
        Parallel.For(0, settings.Workers, worker =>
        {
            ConfinementStatistics own = RunPart(settings, worker, change);
            lock (all)
            {
                all.Add(own);
            }
        });
        return all;
    }

    private static ConfinementStatistics RunPart(
        ConfinementSettings settings, int worker, Func<IDiscrim, IDiscrim>? change)
    {
        var statistics = new ConfinementStatistics();
        var graph = new CapabilityGraph();
        var search = new ReachabilitySearch();
        using var world = new GraphWorld(change);
        for (int i = worker; i < settings.Graphs; i += settings.Workers)
        {
            ulong seed = settings.Seed + (ulong)i;
            graph.Make(new SeededRandom(seed));
            uint? holes = world.Judge(graph);
            if (holes != null)
            {
                bool leaks = search.Leaks(graph, CapabilityGraph.Constructors - 1, out GraphCapability through);
                Count(statistics, graph, seed, holes.Value, leaks ? through : null);
            }

            if (i % ProgressStep == 0)
            {
                settings.Progress(i);
            }
        }

        return statistics;
    }

    private static void Count(
        ConfinementStatistics statistics, CapabilityGraph graph, ulong seed, uint holes, GraphCapability? leak)
    {
        statistics.Judged++;
        statistics.Confined += holes == 0 ? 1 : 0;
        if (leak != null && holes != 0)
        {
            statistics.Caught++;
        }
        else if (leak != null)
        {
            statistics.Leaks.Add($"seed {seed}: called confined, but can use {leak}");
        }
        else if (holes != 0)
        {
            statistics.Unfounded++;
            GraphCapability[] constituents = graph.Built[^1].Constituents;
            foreach (string hole in constituents.Where((_, i) => ((holes >> i) & 1) != 0).Select(Name).Distinct())
            {
                statistics.FalseAlarms[hole] = statistics.FalseAlarms.GetValueOrDefault(hole) + 1;
            }
        }

        string Name(GraphCapability hole) => hole.Kind switch
        {
            GraphKind.Client => graph.Built[hole.Target].IsSealed ? "constructor with such holes" : "open constructor",
            GraphKind.Builder => graph.Built[hole.Target].IsSealed ? "sealed builder" : "builder that nobody else has",
            GraphKind.Forwarder => "forwarder that leads to nothing that acts",
            GraphKind.Node => "node with nothing to write below",
            GraphKind.Space => "space with nothing to write below",
            _ => hole.Kind.ToString().ToLowerInvariant(),
        };
    }
}
