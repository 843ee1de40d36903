// WideSpace: a space for many pages. This domain's own is 128 MB and full of windows; here it stands in the first slot
// of a larger one, so that a process which runs in it has this domain's text, and pages above.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Bench;

/// <summary>Grows by pages that are bought, and never shrinks.</summary>
internal sealed class WideSpace
{
    /// <summary>The address of the first page.</summary>
    public const ulong First = 1UL << SpaceLayout.SpaceLog2;

    private const uint SlotMask = NodeSlot.Count - 1;
    private const int Log2 = SpaceLayout.SpaceLog2 + Guard.NodeLog2;

    private readonly ISpaceBank _bank;
    private readonly INode _root;
    private int _pages;

    /// <param name="bank">Sells nodes and pages.</param>
    /// <param name="own">Of 128 MB.</param>
    public WideSpace(ISpaceBank bank, ISpace own)
    {
        _bank = bank;
        Demand(bank.BuySpaceNode(SpaceLayout.SpaceLog2, out _root));
        Demand(_root.Put(0, own));
    }

    /// <summary>A capability for all of it, for processes.</summary>
    public ISpace Whole()
    {
        Demand(_root.MakeSpace(Guard.At0(Log2).Value, 0, out ISpace whole));
        return whole;
    }

    /// <summary>Buys pages until there are so many.</summary>
    /// <exception cref="InvalidOperationException">The bank sells no more.</exception>
    public void GrowTo(int pages)
    {
        while (_pages < pages)
        {
            INode leaf = LeafOf(AddressOf(_pages));
            do
            {
                Demand(_bank.BuyPage(out IPage page));
                Demand(leaf.Put(SlotOf(AddressOf(_pages++), SpaceLayout.PageLog2), page));
                Capabilities.Release(page);
            }
            while (_pages < pages && SlotOf(AddressOf(_pages), SpaceLayout.PageLog2) != 0);
            Capabilities.Release(leaf);
        }
    }

    /// <summary>The node of the smallest size around an address; there are more nodes than registers.</summary>
    private INode LeafOf(ulong address)
    {
        INode above = _root;
        for (int log2 = SpaceLayout.SpaceLog2; log2 >= SpaceLayout.LeafLog2; log2 -= Guard.NodeLog2)
        {
            bool isFirst = address << (64 - log2) == 0;
            INode below = isFirst ? MakeLevel(above, address, log2) : Fetch(above, address, log2);
            if (above != _root)
            {
                Capabilities.Release(above);
            }

            above = below;
        }

        return above;
    }

    private INode MakeLevel(INode above, ulong address, int log2)
    {
        Demand(_bank.BuySpaceNode((uint)(log2 - Guard.NodeLog2), out INode node));
        Demand(node.WithGuard(Guard.At0(log2).Value, 0, out INode level));
        Demand(above.Put(SlotOf(address, log2), level));
        Capabilities.Release(level);
        return node;
    }

    private static INode Fetch(INode above, ulong address, int log2)
    {
        Demand(above.Fetch(SlotOf(address, log2), out ICapability level));
        return NodeClient.Of(level);
    }

    private static ulong AddressOf(int page) => First + ((ulong)page << SpaceLayout.PageLog2);

    private static uint SlotOf(ulong address, int log2) => (uint)(address >> log2) & SlotMask;

    private static void Demand(Result result)
    {
        if (result != Result.Ok)
        {
            throw new InvalidOperationException($"no room for pages: {ResultText.Of(result)}");
        }
    }
}
