// Bystanders: pages, nodes and a process that a crowd may look at, or reach in some way, and must not change. The crowd
// holds capabilities of them, each of which lacks something; the true ones are here, and so is what they must still be.
//
// The nodes are bought from the crowd's own bank, in turn with its own: each is the next in its pot to one that members
// may change. All else belongs to a bank of this domain's.
//
//   opaque node, weak node   hold everything with all rights: pages, nodes, spaces, a process and ways to call it, a
//                            forwarder, a bank
//   read-only node           holds only what a member may have anyhow
//   kept leaf                pages, and the process as keeper: never reached but through no-call or weak
//   leaf                     pages
//   process                  waits for messages, and cannot run: one message would show

using System;
using System.Runtime.InteropServices;
using Eros.Domains.CrowdMember;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Crowd;

/// <summary>What nobody of a crowd may change.</summary>
/// <param name="crowds">The crowd's bank.</param>
/// <param name="above">This domain's.</param>
/// <param name="discrim">Compares capabilities.</param>
internal sealed class Bystanders(ISpaceBank crowds, ISpaceBank above, IDiscrim discrim)
{
    private const ulong Limit = 40;
    private const int Pages = 6;
    private const uint LeafPages = 4;
    private const uint Brand = 77;
    private const int RegistersBytes = 160;

    // Slots of the node of true capabilities: pages first. The crowd's wares are made from these.
    private const uint ShownPage = 0;
    private const uint KeptPage = 1;
    private const uint HiddenPage = 2;
    private const uint InnerPage = 3;
    private const uint PassedPage = 4;
    private const uint GatedPage = 5;
    private const uint FirstNode = 8;
    private const uint ReadOnlyNode = FirstNode;
    private const uint WeakNode = FirstNode + 1;
    private const uint KeptLeaf = FirstNode + 2;
    private const uint Leaf = FirstNode + 3;
    private const uint InnerNode = FirstNode + 4;
    private const uint Gate = FirstNode + 5;
    private const uint Pass = FirstNode + 6;
    private const int Nodes = 7;
    private const uint FirstImage = 16;
    private const uint Process = 24;

    private static readonly string[] _pageNames =
        ["shown page", "page of a kept leaf", "hidden page", "page of an inner node", "passed page", "gated page"];

    private static readonly string[] _nodeNames =
        ["read-only node", "weak and opaque node", "kept leaf", "leaf", "inner node", "gate", "forwarder"];

    private readonly ISpaceBank _crowds = crowds;
    private readonly ISpaceBank _above = above;
    private readonly IDiscrim _discrim = discrim;
    private readonly byte[] _bytes = new byte[MappedPage.SizeInBytes];
    private readonly byte[] _processRegisters = new byte[RegistersBytes];
    private readonly ulong[] _descriptions = new ulong[Nodes];
    private ISpaceBank _bank = SpaceBankClient.Void;
    private INode _true = NodeClient.Void;
    private ulong _used;
    private uint _neighbours;

    /// <summary>Buys what it needs for itself.</summary>
    public Result Open()
    {
        Result result = _above.CreateChild(Limit, out _bank);
        result = result == Result.Ok ? _bank.BuyNode(out _true) : result;
        for (uint i = 0; i < Pages && result == Result.Ok; i++)
        {
            result = _bank.BuyPage(out IPage page);
            Array.Fill(_bytes, Content(i));
            page.Write(0, _bytes);
            Put(i, page);
        }

        for (uint i = 0; i < Nodes && result == Result.Ok; i++)
        {
            result = _bank.BuyNode(out INode image);
            Put(FirstImage + i, image);
        }

        return result == Result.Ok ? MakeProcess() : result;
    }

    /// <summary>Buys the next node, to be told after each that was bought for the crowd.</summary>
    public void BuyNeighbour()
    {
        INode node = NodeClient.Void;
        switch (FirstNode + _neighbours)
        {
            case KeptLeaf or Leaf:
                _crowds.BuySpaceNode(Guard.PageLog2, out node);
                break;
            case Gate or Pass:
                _crowds.BuyForwarder(out node);
                break;
            default:
                _crowds.BuyNode(out node);
                break;
        }

        Put(FirstNode + _neighbours++, node);
    }

    /// <summary>Fills the nodes, gives the crowd what it may have, and notes how everything is.</summary>
    public Result Settle(Wares wares)
    {
        while (_neighbours < Nodes)
        {
            BuyNeighbour();
        }

        FillLeaf(KeptLeaf, ShownPage, KeptPage);
        Node(KeptLeaf, leaf =>
        {
            PutInto(leaf, NodeSlot.Keeper, Start(0));
            leaf.SetFlags((ulong)NodeFlags.Keeper);
        });
        FillLeaf(Leaf, ShownPage, HiddenPage);
        FillForwarder(Pass, PassedPage, NodeFlags.None);
        FillForwarder(Gate, GatedPage, NodeFlags.Blocked);
        FillNodes();
        GivePages(wares);
        GiveNodes(wares);
        GiveForwarders(wares);
        for (uint i = 0; i < Nodes; i++)
        {
            _descriptions[i] = Describe(i);
            INode image = NodeClient.Of(True(FirstImage + i));
            Node(FirstNode + i, node => image.CopyFrom(node));
            Capabilities.Release(image);
        }

        _bank.Account(out _used, out _, out _);
        return _used > 0 ? Result.Ok : Result.LimitReached;
    }

    /// <summary>The first that is not as it was; null when all are.</summary>
    public string? Changed()
    {
        _bank.Account(out ulong used, out ulong limit, out _);
        if (used != _used || limit != Limit)
        {
            return "account";
        }

        for (uint i = 0; i < Pages; i++)
        {
            if (!IsPageSame(i))
            {
                return _pageNames[i];
            }
        }

        for (uint i = 0; i < Nodes; i++)
        {
            if (!IsNodeSame(i))
            {
                return _nodeNames[i];
            }
        }

        return IsProcessSame() ? null : "process";
    }

    public void Remove()
    {
        _bank.Destroy();
        Capabilities.Release(_bank);
        Capabilities.Release(_true);
    }

    private static byte Content(uint number) => (byte)(0xA0 + number);

    private Result MakeProcess()
    {
        Result result = _bank.BuyProcess(out IProcess process);
        if (result == Result.Ok)
        {
            process.MakeStart(Brand, out ICapability brand);
            process.PutSlot(ProcessSlot.Brand, brand);
            Capabilities.Release(brand);
            ICapability page = True(HiddenPage);
            for (uint register = 1; register < CrowdWares.Registers; register++)
            {
                process.PutRegister(register, page);
            }

            Capabilities.Release(page);
            process.MakeAvailable();
            process.ReadRegisters(_processRegisters, out _);
        }

        Put(Process, process);
        return result;
    }

    private void FillLeaf(uint number, uint even, uint odd) => Node(number, leaf =>
    {
        for (uint slot = 0; slot < LeafPages; slot++)
        {
            PutInto(leaf, slot, True(slot % 2 == 0 ? even : odd));
        }
    });

    private void FillForwarder(uint number, uint page, NodeFlags flags) => Node(number, node =>
    {
        PutInto(node, 0, True(page));
        node.SetFlags((ulong)flags);
    });

    private void FillNodes()
    {
        Node(InnerNode, node =>
        {
            for (uint slot = 0; slot < NodeSlot.Count; slot++)
            {
                PutInto(node, slot, True(slot % 2 == 0 ? InnerPage : Process));
            }
        });
        Node(WeakNode, node =>
        {
            for (uint slot = 0; slot < NodeSlot.Count; slot++)
            {
                PutInto(node, slot, Authority(slot % 11));
            }
        });
        Node(ReadOnlyNode, node =>
        {
            ICapability weak = Reduced(WeakNode, CrowdWares.TheirWeakNode);
            IPage page = PageClient.Of(True(ShownPage));
            page.Reduce((ulong)Rights.ReadOnly, out IPage readOnly);
            for (uint slot = 0; slot < NodeSlot.Count; slot++)
            {
                node.Put(slot, slot % 2 == 0 ? readOnly : weak);
            }

            Capabilities.Release(weak);
            Capabilities.Release(page);
            Capabilities.Release(readOnly);
        });
    }

    // One of each kind, with all rights: what must not come through a weak capability as it is.
    private ICapability Authority(uint number) => number switch
    {
        0 => True(HiddenPage),
        1 => True(InnerNode),
        2 => True(Leaf),
        3 => SpaceOf(Leaf, Rights.None),
        4 => True(Process),
        5 => Start(number),
        6 => Notification(),
        7 => Forwarder(Pass),
        8 => Bank(),
        9 => SpaceOf(KeptLeaf, Rights.None),
        _ => True(KeptLeaf),
    };

    private void GivePages(Wares wares)
    {
        foreach (int ware in (ReadOnlySpan<int>)[CrowdWares.TheirReadOnlyPage, CrowdWares.TheirWeakPage])
        {
            IPage page = PageClient.Of(True(ShownPage));
            page.Reduce((ulong)CrowdWares.RightsOf(ware), out IPage less);
            Capabilities.Release(page);
            wares.Give(ware, less);
        }
    }

    private void GiveNodes(Wares wares)
    {
        wares.Give(CrowdWares.TheirReadOnlyNode, Reduced(ReadOnlyNode, CrowdWares.TheirReadOnlyNode));
        wares.Give(CrowdWares.TheirWeakNode, Reduced(WeakNode, CrowdWares.TheirWeakNode));
        wares.Give(CrowdWares.TheirOpaqueNode, Reduced(WeakNode, CrowdWares.TheirOpaqueNode));
        wares.Give(CrowdWares.TheirWeakLeaf, Guarded(KeptLeaf, CrowdWares.TheirWeakLeaf));
        wares.Give(CrowdWares.TheirOpaqueLeaf, Guarded(Leaf, CrowdWares.TheirOpaqueLeaf));
        foreach (int ware in (ReadOnlySpan<int>)
            [CrowdWares.TheirReadOnlySpace, CrowdWares.TheirNoCallSpace, CrowdWares.TheirWeakSpace])
        {
            uint leaf = ware == CrowdWares.TheirReadOnlySpace ? Leaf : KeptLeaf;
            wares.Give(ware, SpaceOf(leaf, CrowdWares.RightsOf(ware)));
        }
    }

    private void GiveForwarders(Wares wares)
    {
        wares.Give(CrowdWares.TheirBlockedForwarder, Forwarder(Gate));

        // A forwarder of the crowd's own to what it may only read.
        _crowds.BuyForwarder(out INode node);
        IPage page = PageClient.Of(True(ShownPage));
        page.Reduce((ulong)Rights.ReadOnly, out IPage readOnly);
        Capabilities.Release(page);
        PutInto(node, 0, readOnly);
        node.MakeForwarder(out ICapability forwarder);
        Capabilities.Release(node);
        wares.Give(CrowdWares.TheirForwarder, forwarder);
    }

    private ICapability Reduced(uint number, int ware)
    {
        INode node = NodeClient.Of(True(number));
        node.Reduce((ulong)CrowdWares.RightsOf(ware), out INode less);
        Capabilities.Release(node);
        return less;
    }

    private ICapability Guarded(uint number, int ware)
    {
        INode node = NodeClient.Of(True(number));
        node.WithGuard(LeafGuard, (ulong)CrowdWares.RightsOf(ware), out INode less);
        Capabilities.Release(node);
        return less;
    }

    private ICapability SpaceOf(uint number, Rights taken)
    {
        INode node = NodeClient.Of(True(number));
        node.MakeSpace(LeafGuard, (ulong)taken, out ISpace space);
        Capabilities.Release(node);
        return space;
    }

    private ICapability Forwarder(uint number)
    {
        INode node = NodeClient.Of(True(number));
        node.MakeForwarder(out ICapability forwarder);
        Capabilities.Release(node);
        return forwarder;
    }

    private ICapability Start(uint payload)
    {
        IProcess process = ProcessClient.Of(True(Process));
        process.MakeStart(payload, out ICapability start);
        Capabilities.Release(process);
        return start;
    }

    private ICapability Notification()
    {
        IProcess process = ProcessClient.Of(True(Process));
        process.MakeNotification(1, out INotification notification);
        Capabilities.Release(process);
        return notification;
    }

    private ICapability Bank()
    {
        _bank.Preclude(BankRights.None, out ISpaceBank bank);
        return bank;
    }

    private static ulong LeafGuard => Guard.At0(Guard.PageLog2 + Guard.NodeLog2).Value;

    private bool IsPageSame(uint number)
    {
        IPage page = PageClient.Of(True(number));
        Result result = page.Read(0, (ulong)_bytes.Length, _bytes, out int stored);
        Capabilities.Release(page);
        ulong content = Content(number) * 0x0101_0101_0101_0101UL;
        bool isSame = result == Result.Ok && stored == _bytes.Length;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(_bytes))
        {
            isSame &= word == content;
        }

        return isSame;
    }

    private bool IsNodeSame(uint number)
    {
        INode node = NodeClient.Of(True(FirstNode + number));
        INode image = NodeClient.Of(True(FirstImage + number));
        bool isSame = Describe(number) == _descriptions[number];
        for (uint slot = 0; slot < NodeSlot.Count && isSame; slot++)
        {
            Result result = node.Fetch(slot, out ICapability found);
            image.Fetch(slot, out ICapability expected);
            _discrim.Compare(found, expected, out uint comparison);
            isSame = result == Result.Ok && comparison == DiscrimComparison.Same;
            Capabilities.Release(found);
            Capabilities.Release(expected);
        }

        Capabilities.Release(node);
        Capabilities.Release(image);
        return isSame;
    }

    private bool IsProcessSame()
    {
        IProcess process = ProcessClient.Of(True(Process));
        ICapability page = True(HiddenPage);
        Result result = process.Describe(out ulong state, out _, out _);
        bool isSame = result == Result.Ok && state == (ulong)RunState.Available;
        Span<byte> registers = _bytes.AsSpan(0, RegistersBytes);
        process.ReadRegisters(registers, out int stored);
        isSame &= stored == RegistersBytes && registers.SequenceEqual(_processRegisters);
        for (uint register = 1; register < CrowdWares.Registers && isSame; register++)
        {
            process.FetchRegister(register, out ICapability held);
            _discrim.Compare(held, page, out uint comparison);
            isSame = comparison == DiscrimComparison.Same;
            Capabilities.Release(held);
        }

        Capabilities.Release(process);
        Capabilities.Release(page);
        return isSame;
    }

    private ulong Describe(uint number)
    {
        INode node = NodeClient.Of(True(FirstNode + number));
        Result result = node.Describe(out ulong kind, out ulong slotLog2, out ulong flags);
        Capabilities.Release(node);
        return result == Result.Ok ? kind | (slotLog2 << 8) | (flags << 16) : ulong.MaxValue;
    }

    private ICapability True(uint slot)
    {
        _true.Fetch(slot, out ICapability thing);
        return thing;
    }

    private void Put(uint slot, ICapability thing) => PutInto(_true, slot, thing);

    private static void PutInto(INode node, uint slot, ICapability thing)
    {
        node.Put(slot, thing);
        Capabilities.Release(thing);
    }

    private void Node(uint number, Action<INode> act)
    {
        INode node = NodeClient.Of(True(number));
        act(node);
        Capabilities.Release(node);
    }
}
