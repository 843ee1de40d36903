// ReachabilitySearch: who can come to write where, after any sequence of operations by anybody. It knows nothing of
// how the kernel judges capabilities; it knows what each of them lets its holder do, as docs/capabilities.md says it.
//
// Sets only grow, so the end is a fixed point: whoever can do something once counts as having done it, and as still
// holding what he had. That finds all leaks, and some that no single history has (they would be found as "confined
// though it leaks", and none was).
//
//   What a process has, and what it can use without having it:
//     forwarder        what the forwarder's node holds, invoked and never fetched
//     client's facet   of a sealed constructor: a product, which is its client's, with the constituents
//     process          all that the other process has
//   What it can do:
//     fetch            node that is not opaque: what it holds, weakened if the capability is weak
//     store            node that is neither read-only nor opaque: what the process has
//     flags            space node that is not read-only: what it holds may become its keeper
//     talk             start, process, resume: each gets what the other has
//     fault            an address in a space with a keeper that no right hides: the keeper is told, and gets the node
//     build            builder's facet of an unsealed constructor: what the process has becomes a constituent
//
// The product in question does none of this to anybody: the first time that it could, it leaks.

using Eros.Persistence.Layout;

namespace Eros.Tests.Confinement;

/// <summary>Searches one graph at a time.</summary>
internal sealed class ReachabilitySearch
{
    private const int RightsCount = (int)GraphCapability.AllRights + 1;

    private readonly CapabilitySet[] _processes = NewSets(CapabilityGraph.Processes);
    private readonly CapabilitySet[] _nodes = NewSets(CapabilityGraph.Nodes);
    private readonly CapabilitySet[] _keepers = NewSets(CapabilityGraph.Nodes);
    private readonly CapabilitySet[] _constituents = NewSets(CapabilityGraph.Constructors);
    private readonly bool[] _isSealed = new bool[CapabilityGraph.Constructors];
    private readonly bool[] _hasOutsider = new bool[CapabilityGraph.Constructors];
    private readonly CapabilitySet _usable = new();
    private readonly CapabilitySet _product = new();
    private readonly bool[] _seen = new bool[CapabilityGraph.Nodes * RightsCount];

    /// <summary>
    /// True when a product of a constructor can come to write, or to tell, anything outside of itself and what its
    /// client gives it; <paramref name="through"/> is the capability by which.
    /// </summary>
    public bool Leaks(CapabilityGraph graph, int constructor, out GraphCapability through)
    {
        Begin(graph);
        while (Act())
        {
        }

        _product.Clear();
        _product.AddAll(_constituents[constructor]);
        while (Learn(_product))
        {
        }

        GatherUsable(_product);
        for (int number = 0; _usable.TryNext(ref number, out through);)
        {
            if (Writes(through))
            {
                return true;
            }
        }

        through = default;
        return false;
    }

    private void Begin(CapabilityGraph graph)
    {
        for (int node = 0; node < CapabilityGraph.Nodes; node++)
        {
            Fill(_nodes[node], graph.Held[node]);
            _keepers[node].Clear();
            if (graph.HasKeeper[node])
            {
                _keepers[node].Add(graph.Keepers[node]);
                _nodes[node].Add(graph.Keepers[node]);
            }
        }

        for (int process = 0; process < CapabilityGraph.Processes; process++)
        {
            Fill(_processes[process], graph.Registers[process]);
        }

        for (int constructor = 0; constructor < CapabilityGraph.Constructors; constructor++)
        {
            Fill(_constituents[constructor], graph.Built[constructor].Constituents);
            _isSealed[constructor] = graph.Built[constructor].IsSealed;
            _hasOutsider[constructor] = false;
        }
    }

    /// <summary>Everybody does all that he can, once. False: nothing is new.</summary>
    private bool Act()
    {
        bool isNew = false;
        foreach (CapabilitySet process in _processes)
        {
            isNew |= Learn(process);
            GatherUsable(process);
            for (int number = 0; _usable.TryNext(ref number, out GraphCapability capability);)
            {
                isNew |= Do(process, capability);
            }
        }

        return isNew;
    }

    /// <summary>A holder fetches all that it can.</summary>
    private bool Learn(CapabilitySet holder)
    {
        bool isNew = false;
        GatherUsable(holder);
        for (int number = 0; _usable.TryNext(ref number, out GraphCapability capability);)
        {
            if (capability.Kind == GraphKind.Node && !capability.Lacks(Rights.Opaque))
            {
                isNew |= Pass(_nodes[capability.Target], holder, capability.Lacks(Rights.Weak));
            }

            isNew |= Derive(holder, capability);
        }

        return isNew;
    }

    /// <summary>What a node's holder can make of it.</summary>
    private static bool Derive(CapabilitySet holder, GraphCapability capability) => capability.Kind switch
    {
        GraphKind.Node when CapabilityGraph.IsSpace(capability.Target) =>
            holder.Add(capability with { Kind = GraphKind.Space }),
        GraphKind.Node when CapabilityGraph.IsForwarder(capability.Target)
            && !capability.Lacks(Rights.Weak | Rights.Opaque) =>
            holder.Add(new GraphCapability(GraphKind.Forwarder, capability.Target - CapabilityGraph.FirstForwarder)),
        _ => false,
    };

    private bool Do(CapabilitySet process, GraphCapability capability)
    {
        int target = capability.Target;
        switch (capability.Kind)
        {
            case GraphKind.Node when !capability.Lacks(Rights.ReadOnly):
                bool isNew = !capability.Lacks(Rights.Opaque)
                    && Pass(process, _nodes[target], capability.Lacks(Rights.Weak));
                isNew |= CapabilityGraph.IsSpace(target) && _keepers[target].AddAll(_nodes[target]);
                return isNew | Fault(process, capability);
            case GraphKind.Node or GraphKind.Space:
                return Fault(process, capability);
            case GraphKind.Start or GraphKind.Process or GraphKind.Resume or GraphKind.FaultResume:
                return _processes[target].AddAll(process) | process.AddAll(_processes[target]);
            case GraphKind.Builder or GraphKind.Client:
                _hasOutsider[target] = true;
                return capability.Kind == GraphKind.Builder && !_isSealed[target]
                    && _constituents[target].AddAll(process);
            case GraphKind.Range:
                return TakeAll(process);
            default:
                return false;
        }
    }

    /// <summary>A process uses a space, and has keepers told of its faults.</summary>
    private bool Fault(CapabilitySet process, GraphCapability space)
    {
        bool isNew = false;
        System.Array.Clear(_seen);
        Visit(space.Target, space.Taken, (node, taken) =>
        {
            if ((taken & (Rights.NoCall | Rights.Weak)) == 0)
            {
                for (int number = 0; _keepers[node].TryNext(ref number, out GraphCapability keeper);)
                {
                    if (keeper.Kind == GraphKind.Start)
                    {
                        CapabilitySet told = _processes[keeper.Target];
                        isNew |= told.Add(new GraphCapability(GraphKind.Node, node)) | told.AddAll(process);
                    }
                }
            }

            return false;
        });
        return isNew;
    }

    /// <summary>Who holds a range holds everything.</summary>
    private static bool TakeAll(CapabilitySet process)
    {
        bool isNew = false;
        for (int node = 0; node < CapabilityGraph.Nodes; node++)
        {
            isNew |= process.Add(new GraphCapability(GraphKind.Node, node));
        }

        for (int other = 0; other < CapabilityGraph.Processes; other++)
        {
            isNew |= process.Add(new GraphCapability(GraphKind.Process, other));
        }

        return isNew;
    }

    /// <summary>What a holder can use: what it has, and what stands behind that.</summary>
    private void GatherUsable(CapabilitySet holder)
    {
        _usable.Clear();
        _usable.AddAll(holder);
        bool isNew = true;
        while (isNew)
        {
            isNew = false;
            for (int number = 0; _usable.TryNext(ref number, out GraphCapability capability);)
            {
                isNew |= capability.Kind switch
                {
                    GraphKind.Forwarder =>
                        _usable.AddAll(_nodes[CapabilityGraph.FirstForwarder + capability.Target]),
                    GraphKind.Client => _usable.AddAll(_constituents[capability.Target]),
                    GraphKind.Process => _usable.AddAll(_processes[capability.Target]),
                    _ => false,
                };
            }
        }
    }

    /// <summary>True when using the capability changes something that is not the user's, or tells somebody.</summary>
    private bool Writes(GraphCapability capability)
    {
        switch (capability.Kind)
        {
            case GraphKind.Page:
                return !capability.Lacks(Rights.ReadOnly | Rights.Weak);
            case GraphKind.Node or GraphKind.Space:
                System.Array.Clear(_seen);
                return (capability.Kind == GraphKind.Node && !capability.Lacks(Rights.ReadOnly))
                    || Visit(capability.Target, capability.Taken, WritesBelow);
            case GraphKind.Start or GraphKind.Notification or GraphKind.Resume or GraphKind.FaultResume
                or GraphKind.Process or GraphKind.Range or GraphKind.Checkpoint or GraphKind.ConsoleGrant
                or GraphKind.ConsoleSession:
                return true;
            case GraphKind.Builder:
                return !_isSealed[capability.Target] && _hasOutsider[capability.Target];
            default:
                return false;
        }
    }

    /// <summary>A node of a space has a page that can be written, or a keeper that can be told.</summary>
    private bool WritesBelow(int node, Rights taken)
    {
        for (int number = 0; _nodes[node].TryNext(ref number, out GraphCapability held);)
        {
            if (held.Kind == GraphKind.Page && ((held.Taken | taken) & (Rights.ReadOnly | Rights.Weak)) == 0)
            {
                return true;
            }
        }

        for (int number = 0; _keepers[node].TryNext(ref number, out GraphCapability keeper);)
        {
            if (keeper.Kind is GraphKind.Start or GraphKind.Forwarder
                && (taken & (Rights.NoCall | Rights.Weak)) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Each node of a space, with the rights taken away on some way to it; until one will do.</summary>
    private bool Visit(int node, Rights taken, System.Func<int, Rights, bool> isFound)
    {
        int place = (node * RightsCount) + (int)taken;
        if (_seen[place])
        {
            return false;
        }

        _seen[place] = true;
        if (isFound(node, taken))
        {
            return true;
        }

        for (int number = 0; _nodes[node].TryNext(ref number, out GraphCapability held);)
        {
            if (held.IsNode && Visit(held.Target, taken | held.Taken, isFound))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Pass(CapabilitySet from, CapabilitySet to, bool isWeak)
    {
        if (!isWeak)
        {
            return to.AddAll(from);
        }

        bool isNew = false;
        for (int number = 0; from.TryNext(ref number, out GraphCapability capability);)
        {
            isNew |= to.Add(capability.Weakened());
        }

        return isNew;
    }

    private static void Fill(CapabilitySet set, GraphCapability[] capabilities)
    {
        set.Clear();
        foreach (GraphCapability capability in capabilities)
        {
            set.Add(capability);
        }
    }

    private static CapabilitySet[] NewSets(int count)
    {
        var sets = new CapabilitySet[count];
        for (int i = 0; i < count; i++)
        {
            sets[i] = new CapabilitySet();
        }

        return sets;
    }
}
