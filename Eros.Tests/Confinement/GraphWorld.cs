// GraphWorld: a graph in a simulated machine. Its capabilities are the kernel's, and so are the answers of discrim and
// process tool; the constructor's rule is the constructor's own (Eros.Domains/Constructor/Confinement.cs), asked in the
// order in which a builder would insert.

using System;
using System.Collections.Generic;
using Eros.Domains.Constructor;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using Rule = Eros.Domains.Constructor.Confinement;

namespace Eros.Tests.Confinement;

/// <summary>Judges the constructors of graphs.</summary>
internal sealed class GraphWorld : IDisposable
{
    private readonly SimulatedMachine _machine = new();
    private readonly Capability[] _nodes = new Capability[CapabilityGraph.Nodes];
    private readonly Capability[] _pages = new Capability[CapabilityGraph.Pages];
    private readonly SimulatedDomain[] _processes = new SimulatedDomain[CapabilityGraph.Processes];
    private readonly Capability[] _builders = new Capability[CapabilityGraph.Constructors];
    private readonly Capability[] _clients = new Capability[CapabilityGraph.Constructors];
    private readonly List<Blueprint> _blueprints = [];
    private readonly Capability _gone;
    private readonly Rule _rule;

    /// <param name="change">
    /// What a test puts between the rule and the kernel's discrim, to see that the search finds it out.
    /// </param>
    public GraphWorld(Func<IDiscrim, IDiscrim>? change = null)
    {
        for (int i = 0; i < CapabilityGraph.Nodes; i++)
        {
            _nodes[i] = CapabilityGraph.IsSpace(i) ? _machine.NewNode(NodeKind.Space, Guard.PageLog2)
                : CapabilityGraph.IsForwarder(i) ? _machine.NewNode(NodeKind.Forwarder)
                : _machine.NewNode();
        }

        for (int i = 0; i < CapabilityGraph.Pages; i++)
        {
            _pages[i] = _machine.NewPage();
        }

        for (int i = 0; i < CapabilityGraph.Processes; i++)
        {
            _processes[i] = _machine.NewDomain();
            _processes[i].Frame.RunState = RunState.Waiting;
        }

        Capability brand = _machine.NewNode();
        SimulatedDomain constructor = _machine.NewDomain();
        constructor.Frame.Brand = brand;
        for (int i = 0; i < CapabilityGraph.Constructors; i++)
        {
            _builders[i] = NewFacet(constructor, Facets.Of(Facets.Builder, i));
            _clients[i] = NewFacet(constructor, Facets.Of(Facets.Client, i));
        }

        SimulatedDomain gone = _machine.NewDomain();
        _gone = new Capability(CapabilityType.Start, gone.Oid, gone.Frame.Version + 1, 0, Rights.FixedPayload);
        SimulatedDomain judge = _machine.NewRunning(pages: 0);
        _machine.Dispatch();
        IDiscrim discrim = new KernelDiscrim(judge);
        _rule = new Rule(
            change == null ? discrim : change(discrim), new KernelProcessTool(judge), new Shown(brand), _blueprints);
    }

    /// <summary>Puts the graph into the machine, builds its constructors, and tells what the last one's holes are:
    /// constituents, a bit each. Null: it is not sealed.</summary>
    public uint? Judge(CapabilityGraph graph)
    {
        Store(graph);
        _blueprints.Clear();
        foreach (GraphConstructor built in graph.Built)
        {
            var blueprint = new Blueprint();
            for (int i = 0; i < built.Constituents.Length; i++)
            {
                Result result = _rule.Judge(new Shown(Bits(built.Constituents[i])), out bool isSafe);
                if (result != Result.Ok)
                {
                    throw new InvalidOperationException($"{built.Constituents[i]} cannot be judged: {result}");
                }

                blueprint.Set(i, isSafe);
            }

            blueprint.IsSealed = built.IsSealed;
            _blueprints.Add(blueprint);
        }

        Blueprint last = _blueprints[^1];
        return last.IsSealed ? last.Holes : null;
    }

    public void Dispose() => _machine.Dispose();

    private Capability NewFacet(SimulatedDomain constructor, uint payload)
    {
        Capability forwarder = _machine.NewNode(NodeKind.Forwarder);
        _machine.NodeOf(forwarder).Slots[0] = new Capability(CapabilityType.Start, constructor.Oid, 1);
        _machine.NodeOf(forwarder).Word = payload;
        return forwarder.WithType(CapabilityType.Forwarder).Less(Rights.Opaque);
    }

    private void Store(CapabilityGraph graph)
    {
        for (int i = 0; i < CapabilityGraph.Nodes; i++)
        {
            ref Node node = ref _machine.NodeOf(_nodes[i]);
            for (int slot = 0; slot < CapabilityGraph.MaxHeld; slot++)
            {
                node.Slots[slot] = Bits(graph.Held[i][slot]);
            }

            if (CapabilityGraph.IsSpace(i))
            {
                node.Flags = graph.HasKeeper[i] ? NodeFlags.Keeper : NodeFlags.None;
                node.Slots[NodeSlot.Keeper] = Bits(graph.Keepers[i]);
            }
        }
    }

    private Capability Bits(GraphCapability capability)
    {
        int target = capability.Target;
        Rights taken = capability.Taken;
        return capability.Kind switch
        {
            GraphKind.Number => Capability.Number(42),
            GraphKind.Page => _pages[target].Less(taken),
            GraphKind.Node => _nodes[target].Less(taken),
            GraphKind.Space => _nodes[target].WithType(CapabilityType.Space).WithData(
                Guard.At0(Guard.PageLog2 + Guard.NodeLog2).Value).Less(taken),
            GraphKind.Forwarder =>
                _nodes[CapabilityGraph.FirstForwarder + target].WithType(CapabilityType.Forwarder).Less(Rights.Opaque),
            GraphKind.Start => _processes[target].Start().Less(Rights.FixedPayload),
            GraphKind.Notification => _processes[target].Notification(1),
            GraphKind.Resume => Capability.Resume(_processes[target].Oid, _processes[target].Frame.CallCount),
            GraphKind.FaultResume => Capability.Resume(
                _processes[target].Oid, _processes[target].Frame.CallCount, CapabilityType.FaultResume),
            GraphKind.Process => _processes[target].Process,
            GraphKind.Builder => _builders[target],
            GraphKind.Client => _clients[target],
            GraphKind.Range => Capability.Range(0, SimulatedMachine.HomeFrames),
            GraphKind.Checkpoint => new Capability(CapabilityType.Checkpoint, default, 0),
            GraphKind.ConsoleGrant => new Capability(CapabilityType.ConsoleGrant, default, 0),
            GraphKind.ConsoleSession => new Capability(
                CapabilityType.ConsoleSession, default, (uint)_machine.Counters.Values.BootEpoch),
            GraphKind.Schedule => new Capability(CapabilityType.Schedule, default, 0, 8),
            GraphKind.Sleep => new Capability(CapabilityType.Sleep, default, 0),
            GraphKind.Discrim => new Capability(CapabilityType.Discrim, default, 0),
            GraphKind.ProcessTool => new Capability(CapabilityType.ProcessTool, default, 0),
            GraphKind.Gone => _gone,
            _ => Capability.Void,
        };
    }
}
