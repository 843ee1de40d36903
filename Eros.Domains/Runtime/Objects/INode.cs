using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>32 capabilities: a plain store of them, a level of an address space, or a forwarder.</summary>
public interface INode : ICapability
{
    [Order(NodeOrder.Fetch)]
    Result Fetch(uint slot, out ICapability capability);

    /// <summary>Stores a capability in a slot; what was there comes back.</summary>
    [Order(NodeOrder.Swap)]
    Result Swap(uint slot, ICapability capability, out ICapability previous);

    [Order(NodeOrder.Reduce)]
    Result Reduce(ulong take, out INode reduced);

    /// <summary>Space nodes: a capability that addresses pass through, with a guard.</summary>
    [Order(NodeOrder.MakeSpace)]
    Result MakeSpace(ulong guard, ulong take, out ISpace space);

    /// <summary>
    /// Space nodes: the node's capability with a guard, to stand in a space where whoever keeps it can get at it.
    /// </summary>
    [Order(NodeOrder.WithGuard)]
    Result WithGuard(ulong guard, ulong take, out INode guarded);

    [Order(NodeOrder.CopyFrom)]
    Result CopyFrom(INode source);

    [Order(NodeOrder.Clear)]
    Result Clear();

    [Order(NodeOrder.SetFlags)]
    Result SetFlags(ulong flags);

    /// <summary>Forwarders: the payload that replaces the target's.</summary>
    [Order(NodeOrder.SetWord)]
    Result SetWord(uint word);

    /// <summary>Forwarders: a capability that can only be invoked.</summary>
    [Order(NodeOrder.MakeForwarder)]
    Result MakeForwarder(out ICapability forwarder);

    /// <summary>
    /// Space nodes: goes down to the last node on the way to an offset; what its slot <paramref name="slot"/> holds is
    /// of <paramref name="type"/>.
    /// </summary>
    [Order(NodeOrder.Locate)]
    Result Locate(
        ulong offset, out ulong slot, out ulong slotLog2, out ulong type, out ICapability held, out INode holder);

    [Order(NodeOrder.Describe)]
    Result Describe(out ulong kind, out ulong slotLog2, out ulong flags);
}

/// <summary>A node that only addresses pass through.</summary>
public interface ISpace : ICapability
{
    [Order(SpaceOrder.Reduce)]
    Result Reduce(ulong take, ulong guard, out ISpace reduced);
}

/// <summary>What needs no register for an answer.</summary>
public static class Nodes
{
    /// <summary>Stores a capability in a slot, in the place of what was there.</summary>
    public static Result Put(this INode node, uint slot, ICapability capability)
    {
        Result result = node.Swap(slot, capability, out ICapability previous);
        Capabilities.Release(previous);
        return result;
    }
}
