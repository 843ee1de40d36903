// CapabilityGraph: who holds what, in one random world. The distribution:
//
//   8 nodes with 0..4 capabilities each, 4 of them of spaces, each of which has a keeper three times in ten;
//   3 forwarders, three in ten of which lead to nothing; 4 pages; 3 processes with 0..4 capabilities each;
//   3 constructors with 0..3 constituents, made one after the other, four in five of them sealed.
//   A capability is of any kind (weights below); three in a hundred are of an object that is gone. One of a page, node
//   or space lacks each right with even chance; half of those of nodes and spaces lack all of read-only, weak and
//   no-call beside.

using Eros.Persistence.Layout;
using Eros.Tests.Crash;

namespace Eros.Tests.Confinement;

/// <summary>A constructor of a graph.</summary>
internal sealed class GraphConstructor
{
    public const int MaxConstituents = 3;

    public GraphCapability[] Constituents { get; } = new GraphCapability[MaxConstituents];

    public bool IsSealed { get; set; }
}

/// <summary>One world, made again and again in the same memory.</summary>
internal sealed class CapabilityGraph
{
    public const int PlainNodes = 4;
    public const int SpaceNodes = 4;
    public const int Forwarders = 3;
    public const int Pages = 4;
    public const int Processes = 3;
    public const int Constructors = 3;

    /// <summary>Nodes of all kinds: plain ones, those of spaces, and those of forwarders.</summary>
    public const int Nodes = PlainNodes + SpaceNodes + Forwarders;

    public const int FirstForwarder = PlainNodes + SpaceNodes;

    /// <summary>Slots that a node may have in use, the keeper's not among them.</summary>
    public const int MaxHeld = 4;

    private static readonly (GraphKind Kind, int Weight)[] _weights =
    [
        (GraphKind.Nothing, 3), (GraphKind.Number, 4), (GraphKind.Page, 14), (GraphKind.Node, 19),
        (GraphKind.Space, 14), (GraphKind.Forwarder, 4), (GraphKind.Start, 6), (GraphKind.Notification, 2),
        (GraphKind.Resume, 2), (GraphKind.FaultResume, 1), (GraphKind.Process, 2), (GraphKind.Builder, 4),
        (GraphKind.Client, 12), (GraphKind.Range, 1), (GraphKind.Checkpoint, 1), (GraphKind.ConsoleGrant, 1),
        (GraphKind.ConsoleSession, 1), (GraphKind.Schedule, 1), (GraphKind.Sleep, 1), (GraphKind.Discrim, 3),
        (GraphKind.ProcessTool, 1), (GraphKind.Gone, 3),
    ];

    private const int TotalWeight = 100;

    public GraphCapability[][] Held { get; } = NewRows(Nodes);

    /// <summary>What stands in the keeper slot of a space node; Nothing where it has no keeper.</summary>
    public GraphCapability[] Keepers { get; } = new GraphCapability[Nodes];

    public bool[] HasKeeper { get; } = new bool[Nodes];

    public GraphCapability[][] Registers { get; } = NewRows(Processes);

    public GraphConstructor[] Built { get; } = [new(), new(), new()];

    public static bool IsSpace(int node) => node is >= PlainNodes and < FirstForwarder;

    public static bool IsForwarder(int node) => node >= FirstForwarder;

    /// <summary>Makes another world.</summary>
    public void Make(SeededRandom random)
    {
        for (int node = 0; node < Nodes; node++)
        {
            Fill(random, Held[node], IsForwarder(node) ? random.Chance(70) ? 1 : 0 : random.Below(MaxHeld + 1));
            HasKeeper[node] = IsSpace(node) && random.Chance(30);
            Keepers[node] = HasKeeper[node] ? Any(random) : default;
        }

        foreach (GraphCapability[] registers in Registers)
        {
            Fill(random, registers, random.Below(MaxHeld + 1));
        }

        foreach (GraphConstructor constructor in Built)
        {
            Fill(random, constructor.Constituents, random.Below(GraphConstructor.MaxConstituents + 1));
            constructor.IsSealed = random.Chance(80);
        }
    }

    private static void Fill(SeededRandom random, GraphCapability[] row, int count)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = i < count ? Any(random) : default;
        }
    }

    private static GraphCapability Any(SeededRandom random)
    {
        GraphKind kind = AnyKind(random);
        int targets = kind switch
        {
            GraphKind.Page => Pages,
            GraphKind.Node => Nodes,
            GraphKind.Space => SpaceNodes,
            GraphKind.Forwarder => Forwarders,
            GraphKind.Start or GraphKind.Notification or GraphKind.Resume or GraphKind.FaultResume
                or GraphKind.Process => Processes,
            GraphKind.Builder or GraphKind.Client => Constructors,
            _ => 1,
        };
        int target = random.Below(targets);
        target += kind == GraphKind.Space ? PlainNodes : 0;
        return new GraphCapability(kind, target, AnyRights(random, kind));
    }

    private static GraphKind AnyKind(SeededRandom random)
    {
        int rest = random.Below(TotalWeight);
        foreach ((GraphKind kind, int weight) in _weights)
        {
            rest -= weight;
            if (rest < 0)
            {
                return kind;
            }
        }

        return GraphKind.Nothing;
    }

    private static Rights AnyRights(SeededRandom random, GraphKind kind)
    {
        if (kind is not (GraphKind.Page or GraphKind.Node or GraphKind.Space))
        {
            return Rights.None;
        }

        Rights any = (Rights)random.Below((int)GraphCapability.AllRights + 1);
        return kind == GraphKind.Page
            ? any & (Rights.ReadOnly | Rights.Weak)
            : random.Chance(50) ? any | Rights.ReadOnly | Rights.Weak | Rights.NoCall : any;
    }

    private static GraphCapability[][] NewRows(int count)
    {
        var rows = new GraphCapability[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new GraphCapability[MaxHeld];
        }

        return rows;
    }
}
