using Eros.Domains.CrowdMember;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Crowd;

/// <summary>What a crowd is given, by register: objects of its own bank, and the kernel's own that anybody may have.
/// </summary>
internal sealed class Equipment(ISpaceBank bank, INode equipment)
{
    private readonly ISpaceBank _bank = bank;
    private readonly INode _equipment = equipment;

    public void Make(ISchedule schedule, ISleep sleep, IDiscrim discrim, IProcessTool processTool)
    {
        _equipment.Put(CrowdTypes.Schedule, schedule);
        _equipment.Put(CrowdTypes.Sleep, sleep);
        _equipment.Put(CrowdTypes.Discrim, discrim);
        _equipment.Put(CrowdTypes.ProcessTool, processTool);
        MakePages();
        MakeNodes();
        MakeSpaces();
        MakeForwarders();
    }

    private void MakePages()
    {
        _bank.BuyPage(out IPage page);
        _equipment.Put(CrowdTypes.Page, page);
        page.Reduce((ulong)Rights.ReadOnly, out IPage readOnly);
        Put(CrowdTypes.ReadOnlyPage, readOnly);
        page.Reduce((ulong)Rights.Weak, out IPage weak);
        Put(CrowdTypes.WeakPage, weak);
        Capabilities.Release(page);
    }

    private void MakeNodes()
    {
        _bank.BuyNode(out INode node);
        node.Put(0, _equipment);
        node.Reduce((ulong)Rights.Weak, out INode weak);
        Put(CrowdTypes.Node, node);
        Put(CrowdTypes.WeakNode, weak);
    }

    // A level with pages; one that holds itself, with a keeper that is none.
    private void MakeSpaces()
    {
        _bank.BuySpaceNode(Guard.PageLog2, out INode leaf);
        _equipment.Fetch(CrowdTypes.Page, out ICapability page);
        leaf.Put(0, page);
        leaf.Put(NodeSlot.Count - 1, page);
        leaf.SetFlags((ulong)NodeFlags.Keeper);
        Capabilities.Release(page);
        leaf.MakeSpace(Guard.At0(Guard.PageLog2 + Guard.NodeLog2).Value, 0, out ISpace space);
        _bank.BuySpaceNode(Guard.PageLog2 + Guard.NodeLog2, out INode region);
        region.MakeSpace(Guard.At0(Guard.PageLog2 + (2 * Guard.NodeLog2)).Value, 0, out ISpace tangled);
        region.Put(0, space);
        region.Put(1, tangled);
        region.Put(2, leaf);
        Put(CrowdTypes.Leaf, leaf);
        Put(CrowdTypes.Region, region);
        Put(CrowdTypes.Space, space);
        Put(CrowdTypes.TangledSpace, tangled);
    }

    private void MakeForwarders()
    {
        _bank.BuyForwarder(out INode node);
        node.MakeForwarder(out ICapability forwarder);
        _bank.BuyForwarder(out INode gate);
        gate.Put(0, forwarder);
        gate.SetFlags((ulong)NodeFlags.Blocked);
        gate.MakeForwarder(out ICapability blocked);
        Put(CrowdTypes.ForwarderNode, node);
        Put(CrowdTypes.Forwarder, forwarder);
        Put(CrowdTypes.BlockedForwarder, blocked);
        Capabilities.Release(gate);
    }

    private void Put(int register, ICapability thing)
    {
        _equipment.Put((uint)register, thing);
        Capabilities.Release(thing);
    }
}
