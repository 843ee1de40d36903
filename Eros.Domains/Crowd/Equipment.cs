using Eros.Domains.CrowdMember;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Crowd;

/// <summary>What is a crowd's own, with a bystander's node next to each of its nodes; and what anybody may have.
/// </summary>
internal sealed class Equipment(ISpaceBank bank, Wares wares, Bystanders bystanders)
{
    private readonly ISpaceBank _bank = bank;
    private readonly Wares _wares = wares;
    private readonly Bystanders _bystanders = bystanders;

    public void Make(ISchedule schedule, ISleep sleep, IDiscrim discrim, IProcessTool processTool)
    {
        _wares.Copy(CrowdWares.Schedule, schedule);
        _wares.Copy(CrowdWares.Sleep, sleep);
        _wares.Copy(CrowdWares.Discrim, discrim);
        _wares.Copy(CrowdWares.ProcessTool, processTool);
        MakePages();
        MakeNodes();
        MakeSpaces();
        MakeForwarders();
    }

    private void MakePages()
    {
        _bank.BuyPage(out IPage page);
        _wares.Copy(CrowdWares.Page, page);
        page.Reduce((ulong)Rights.ReadOnly, out IPage readOnly);
        _wares.Give(CrowdWares.ReadOnlyPage, readOnly);
        page.Reduce((ulong)Rights.Weak, out IPage weak);
        _wares.Give(CrowdWares.WeakPage, weak);
        Capabilities.Release(page);
    }

    // It holds itself.
    private void MakeNodes()
    {
        _bank.BuyNode(out INode node);
        _bystanders.BuyNeighbour();
        node.Put(0, node);
        ICapability page = _wares.Take(CrowdWares.Page);
        node.Put(1, page);
        Capabilities.Release(page);
        node.Reduce((ulong)Rights.Weak, out INode weak);
        _wares.Give(CrowdWares.Node, node);
        _wares.Give(CrowdWares.WeakNode, weak);
    }

    // A level with pages; one that holds itself, with a keeper that is none.
    private void MakeSpaces()
    {
        _bank.BuySpaceNode(Guard.PageLog2, out INode leaf);
        _bystanders.BuyNeighbour();
        ICapability page = _wares.Take(CrowdWares.Page);
        leaf.Put(0, page);
        leaf.Put(NodeSlot.Count - 1, page);
        leaf.SetFlags((ulong)NodeFlags.Keeper);
        Capabilities.Release(page);
        leaf.MakeSpace(Guard.At0(Guard.PageLog2 + Guard.NodeLog2).Value, 0, out ISpace space);
        _bank.BuySpaceNode(Guard.PageLog2 + Guard.NodeLog2, out INode region);
        _bystanders.BuyNeighbour();
        region.MakeSpace(Guard.At0(Guard.PageLog2 + (2 * Guard.NodeLog2)).Value, 0, out ISpace tangled);
        region.Put(0, space);
        region.Put(1, tangled);
        region.Put(2, leaf);
        _wares.Give(CrowdWares.Leaf, leaf);
        _wares.Give(CrowdWares.Region, region);
        _wares.Give(CrowdWares.Space, space);
        _wares.Give(CrowdWares.TangledSpace, tangled);
    }

    private void MakeForwarders()
    {
        _bank.BuyForwarder(out INode node);
        _bystanders.BuyNeighbour();
        node.MakeForwarder(out ICapability forwarder);
        _bank.BuyForwarder(out INode gate);
        _bystanders.BuyNeighbour();
        gate.Put(0, forwarder);
        gate.SetFlags((ulong)NodeFlags.Blocked);
        gate.MakeForwarder(out ICapability blocked);
        _wares.Give(CrowdWares.ForwarderNode, node);
        _wares.Give(CrowdWares.Forwarder, forwarder);
        _wares.Give(CrowdWares.BlockedForwarder, blocked);
        Capabilities.Release(gate);
    }
}
