// SpaceGrower: lengthens a run of pages in the domain's own space, one page at a time, with nodes for the levels
// above as they are needed; takes pages away again, and puts new ones in their places. It is what the heap and the
// bank's books grow by.
//
// root (register Space): 32 regions of 4 MB → region: 32 leaves of 128 KB → leaf: 32 pages
//
// Invariants: the pages 0..Pages-1 of the run are in the space, but those that were taken away. The run's two registers
// hold the nodes of the region _regionAt and the leaf _leafAt. Nodes stay. Nothing is allocated on the heap here: the
// heap's own growth comes through.

using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Runtime;

/// <summary>A growing run of pages. Whoever derives says where storage comes from.</summary>
public abstract class SpaceGrower
{
    private const int NodeLog2 = Guard.NodeLog2;
    private const int SlotMask = (1 << NodeLog2) - 1;

    private readonly int _firstRegion;
    private readonly int _endRegion;
    private readonly int _region;
    private readonly int _leaf;
    private int _leaves;
    private int _regions;
    private int _leafAt;
    private int _regionAt;

    /// <param name="firstRegion">Slot of the root where the run begins.</param>
    /// <param name="endRegion">The slot behind the last one that it may have.</param>
    /// <param name="pages">Pages that the composition has put there, with their nodes.</param>
    /// <param name="region">Register of the node of the last page's region.</param>
    /// <param name="leaf">Register of the node of the last page's leaf.</param>
    protected SpaceGrower(int firstRegion, int endRegion, int pages, int region, int leaf)
    {
        _firstRegion = firstRegion;
        _endRegion = endRegion;
        _region = region;
        _leaf = leaf;
        Pages = pages;
        _leaves = (pages + SlotMask) >> NodeLog2;
        _regions = (_leaves + SlotMask) >> NodeLog2;
        _leafAt = _leaves - 1;
        _regionAt = _regions - 1;
        if (pages > 0 && Capabilities.TypeOf(CapabilityClient.At(leaf)) == CapabilityType.Void)
        {
            FindNodes();
        }
    }

    /// <summary>Pages of the run, those that were taken away included.</summary>
    public int Pages { get; private set; }

    /// <summary>The address of the first byte of the run.</summary>
    public ulong Start => (ulong)_firstRegion << SpaceLayout.RegionLog2;

    /// <summary>The address behind the run.</summary>
    public ulong End => Start + ((ulong)Pages << SpaceLayout.PageLog2);

    /// <summary>Adds a page of zeros. Not Ok: nothing is added, and what was bought is used by the next try.</summary>
    public Result Grow()
    {
        int leaf = Pages >> NodeLog2;
        int region = leaf >> NodeLog2;
        if (_firstRegion + region >= _endRegion)
        {
            return Result.LimitReached;
        }

        Result result = Result.Ok;
        if (region == _regions)
        {
            result = AddNode(CapabilityRegisters.Space, _firstRegion + region, _region, SpaceLayout.LeafLog2);
            _regionAt = region;
            _regions += result == Result.Ok ? 1 : 0;
        }

        if (result == Result.Ok && leaf == _leaves)
        {
            SelectRegion(region);
            result = AddNode(_region, leaf & SlotMask, _leaf, SpaceLayout.PageLog2);
            _leafAt = leaf;
            _leaves += result == Result.Ok ? 1 : 0;
        }

        if (result == Result.Ok)
        {
            result = Put(Pages);
            Pages += result == Result.Ok ? 1 : 0;
        }

        return result;
    }

    /// <summary>Puts a page of zeros where there was one before.</summary>
    /// <param name="page">Its number in the run.</param>
    public Result Put(int page)
    {
        SelectLeaf(page >> NodeLog2);
        Result result = Buy(RangeKind.Page, 0, CapabilityRegisters.Passing);
        return result == Result.Ok ? Store(_leaf, page & SlotMask, CapabilityRegisters.Passing) : result;
    }

    /// <summary>Takes a page away; the passing register holds it then.</summary>
    /// <param name="page">Its number in the run.</param>
    protected Result Remove(int page)
    {
        SelectLeaf(page >> NodeLog2);
        return Store(_leaf, page & SlotMask, 0);
    }

    /// <summary>
    /// Buys an object of a <see cref="RangeKind"/>, a page or a space node, into a capability register.
    /// </summary>
    protected abstract Result Buy(uint kind, int slotLog2, int register);

    // The first pages of a constructor's product came with its space, and so did the nodes above them.
    private void FindNodes()
    {
        _leafAt = -1;
        _regionAt = -1;
        SelectLeaf((Pages - 1) >> NodeLog2);
    }

    private void SelectRegion(int region)
    {
        if (region != _regionAt)
        {
            Fetch(CapabilityRegisters.Space, _firstRegion + region, _region);
            _regionAt = region;
        }
    }

    private void SelectLeaf(int leaf)
    {
        if (leaf != _leafAt)
        {
            SelectRegion(leaf >> NodeLog2);
            Fetch(_region, leaf & SlotMask, _leaf);
            _leafAt = leaf;
        }
    }

    private static void Fetch(int node, int slot, int register)
    {
        MessageRegisters message = default;
        message.Order = NodeOrder.Fetch;
        message.Word1 = (ulong)slot;
        message.Call(node, 0, InvocationWord.Registers(register));
    }

    private Result AddNode(int upper, int slot, int register, int slotLog2)
    {
        Result result = Buy(RangeKind.SpaceNode, slotLog2, register);
        if (result != Result.Ok)
        {
            return result;
        }

        // As a node, so that it can be found again; what is below is data.
        MessageRegisters message = default;
        message.Order = NodeOrder.WithGuard;
        message.Word1 = Guard.At0(slotLog2 + NodeLog2).Value;
        message.Word2 = (ulong)Rights.NoExecute;
        message.Call(register, 0, InvocationWord.Registers(CapabilityRegisters.Passing));
        return message.Result == Result.Ok ? Store(upper, slot, CapabilityRegisters.Passing) : message.Result;
    }

    // Puts what is in a register into a node's slot; what was there is in the passing register then.
    private static Result Store(int node, int slot, int register)
    {
        MessageRegisters message = default;
        message.Order = NodeOrder.Swap;
        message.Word1 = (ulong)slot;
        message.Call(
            node, InvocationWord.Registers(register), InvocationWord.Registers(CapabilityRegisters.Passing));
        return message.Result;
    }
}
