// Wares: where a crowd's keeper has what it gives, by number; two nodes, and the second is held by the first.

using Eros.Domains.CrowdMember;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Crowd;

/// <summary>Capabilities by number, of which no member holds the nodes that they are in.</summary>
internal sealed class Wares
{
    private INode _first = NodeClient.Void;

    public Result Open(ISpaceBank bank)
    {
        INode second = NodeClient.Void;
        Result result = bank.BuyNode(out _first);
        result = result == Result.Ok ? bank.BuyNode(out second) : result;
        _first.Put(0, second);
        Capabilities.Release(second);
        return result;
    }

    /// <summary>Stores a ware, whose capability is given up.</summary>
    public void Give(int ware, ICapability thing)
    {
        Copy(ware, thing);
        Capabilities.Release(thing);
    }

    /// <summary>Stores a ware.</summary>
    public void Copy(int ware, ICapability thing)
    {
        INode node = NodeOf(ware);
        node.Put((uint)ware % NodeSlot.Count, thing);
        Leave(node);
    }

    public ICapability Take(int ware)
    {
        INode node = NodeOf(ware);
        node.Fetch((uint)ware % NodeSlot.Count, out ICapability thing);
        Leave(node);
        return thing;
    }

    public void Close() => Capabilities.Release(_first);

    private INode NodeOf(int ware)
    {
        if (ware < NodeSlot.Count)
        {
            return _first;
        }

        _first.Fetch(0, out ICapability second);
        return NodeClient.Of(second);
    }

    private void Leave(INode node)
    {
        if (node != _first)
        {
            Capabilities.Release(node);
        }
    }
}
