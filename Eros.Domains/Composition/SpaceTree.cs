// SpaceTree: a domain's address space as it begins (SpaceLayout.cs): a root of 32 regions of 4 MB, regions of 32
// leaves of 128 KB, leaves of 32 pages. Nodes come into being where a page needs them.

using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

/// <summary>
/// A space that pages are put into. Its levels stand in it as nodes, so that who has the root finds the pages again: a
/// heap that gives some back, the keeper of spaces (SpaceKeeper).
/// </summary>
/// <param name="objects">Where its nodes come from.</param>
internal sealed class SpaceTree(ImageObjects objects)
{
    private const int SlotMask = Node.SlotCount - 1;

    private readonly ImageObjects _objects = objects;
    private readonly Dictionary<ulong, ImageNode> _regions = [];
    private readonly Dictionary<ulong, ImageNode> _leaves = [];

    public ImageNode Root { get; } = objects.NewSpaceNode(SpaceLayout.RegionLog2);

    /// <summary>The node of 4 MB around an address.</summary>
    public ImageNode Region(ulong address)
    {
        ulong number = address >> SpaceLayout.RegionLog2;
        if (!_regions.TryGetValue(number, out ImageNode? region))
        {
            region = _objects.NewSpaceNode(SpaceLayout.LeafLog2);
            _regions.Add(number, region);
            Root.Slots[number] = region.AsLevel();
        }

        return region;
    }

    /// <summary>The node of 128 KB around an address.</summary>
    public ImageNode Leaf(ulong address)
    {
        ulong number = address >> SpaceLayout.LeafLog2;
        if (!_leaves.TryGetValue(number, out ImageNode? leaf))
        {
            leaf = _objects.NewSpaceNode(SpaceLayout.PageLog2);
            _leaves.Add(number, leaf);
            Region(address).Slots[number & SlotMask] = leaf.AsLevel();
        }

        return leaf;
    }

    /// <summary>Puts a page at an address.</summary>
    public void Put(ulong address, ImageCapability page) =>
        Leaf(address).Slots[(address >> SpaceLayout.PageLog2) & SlotMask] = page;
}
