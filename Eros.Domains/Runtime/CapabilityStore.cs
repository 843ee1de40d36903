// CapabilityStore: capabilities by number, for servers that have more of them than registers. A tree of plain nodes:
//
//   root: 32 slots → branches: 32 → leaves: 32
//
// The composition gives the root; the rest is bought from the domain's own bank as numbers go up, and is never given
// back. So the leaf that was used last is kept: whoever asks for its neighbours asks one node.

using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Runtime;

/// <summary>Numbers from 0 to <see cref="Limit"/> - 1.</summary>
public sealed class CapabilityStore(INode root, ISpaceBank bank)
{
    /// <summary>Capabilities that a store holds.</summary>
    public const int Limit = 1 << (3 * Guard.NodeLog2);

    private const int SlotMask = NodeSlot.Count - 1;

    private readonly INode _root = root;
    private readonly ISpaceBank _bank = bank;
    private INode _lastLeaf = NodeClient.Void;
    private int _lastLeafNumber = -1;

    /// <summary>What is stored under a number; VoidCapability where nothing was.</summary>
    public Result Get(int number, out ICapability capability)
    {
        Result result = Descend(number, isPut: false, out INode leaf);
        capability = CapabilityClient.At(0);
        result = result == Result.Ok ? leaf.Fetch((uint)(number & SlotMask), out capability) : result;
        Leave(leaf);
        return result;
    }

    /// <summary>
    /// Stores under a number, in the place of what was there. What the bank answers when it has no node for it.
    /// </summary>
    public Result Put(int number, ICapability capability)
    {
        Result result = Descend(number, isPut: true, out INode leaf);
        result = result == Result.Ok ? leaf.Put((uint)(number & SlotMask), capability) : result;
        Leave(leaf);
        return result;
    }

    private Result Descend(int number, bool isPut, out INode leaf)
    {
        leaf = _root;
        if ((uint)number >= Limit)
        {
            return Result.BadArgument;
        }

        int leafNumber = number >> Guard.NodeLog2;
        if (leafNumber == _lastLeafNumber)
        {
            leaf = _lastLeaf;
            return Result.Ok;
        }

        Result result = Result.Ok;
        for (int shift = 2 * Guard.NodeLog2; shift > 0 && result == Result.Ok; shift -= Guard.NodeLog2)
        {
            INode above = leaf;
            result = Enter(above, (uint)(number >> shift) & SlotMask, isPut, out leaf);
            Leave(above);
        }

        if (result == Result.Ok && Capabilities.TypeOf(leaf) != CapabilityType.Void)
        {
            Capabilities.Release(_lastLeaf);
            Capabilities.Keep(leaf);
            _lastLeaf = leaf;
            _lastLeafNumber = leafNumber;
        }

        return result;
    }

    // A slot that was never used is void, and answers so. A node that cannot be read is not replaced.
    private Result Enter(INode above, uint slot, bool isPut, out INode below)
    {
        Result result = above.Fetch(slot, out ICapability thing);
        below = NodeClient.Of(thing);
        if (!isPut || result != Result.Ok || !Capabilities.IsVoid(thing))
        {
            return result;
        }

        Capabilities.Release(thing);
        result = _bank.BuyNode(out below);
        return result == Result.Ok ? above.Put(slot, below) : result;
    }

    // A message that is being served has few registers; none is held longer than it is needed.
    private void Leave(INode node)
    {
        if (node != _root && node != _lastLeaf)
        {
            Capabilities.Release(node);
        }
    }
}
