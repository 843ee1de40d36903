// Trial: a program that is to take the place of a domain's, in a process and a bank of its own, with the capabilities
// that the domain has by name. It is asked about the estate there: it cannot spoil the domain's process or memory, but
// it can do whatever the named capabilities let the domain do. What it has made of the estate by the time it agrees is
// moved into the domain's process as it stands.
//
// The pages of the offer are copied: the next offer is written over them when no trial is being made (OfferWriter).

using System;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Upgrader;

/// <param name="bank">What all of it is bought from.</param>
/// <param name="copies">Makes its space.</param>
/// <param name="sleep">Until the disk is tried again.</param>
internal sealed class Trial(ISpaceBank bank, IVirtualCopies copies, ISleep sleep)
{
    // Where zeros appear: as in a constructor's product (ProductMaker).
    private const uint GrowingRegions = (1u << SpaceLayout.StackRegionNumber)
        | (((1u << (SpaceLayout.HeapRegion + 1)) - 1) & ~((1u << SpaceLayout.OwnRegion) - 1));

    private const uint SlotMask = NodeSlot.Count - 1;
    private const Rights OfImage = Rights.ReadOnly | Rights.Weak | Rights.NoCall;

    private readonly ISpaceBank _bank = bank;
    private readonly IVirtualCopies _copies = copies;
    private readonly ISleep _sleep = sleep;
    private IProcess _process = ProcessClient.Void;

    /// <summary>Makes the process and has it run; not Ok: the bank's end takes back what was bought.</summary>
    /// <param name="record">The offer.</param>
    /// <param name="offer">The node that the record's page is in.</param>
    /// <param name="place">The process whose place it is to be.</param>
    /// <param name="succession">What the program reports to.</param>
    /// <param name="keeper">Who is told of its faults.</param>
    public Result Begin(
        OfferRecord record, INode offer, IProcess place, ICapability succession, ICapability keeper)
    {
        Result result = MakeImage(record, offer, out INode image);
        if (result != Result.Ok)
        {
            return result;
        }

        result = _copies.Make(
            _bank, image, GrowingRegions, SpaceOptions.Open, out ISpace space, out INode root);
        Capabilities.Release(image);
        result = result == Result.Ok ? _bank.BuyProcess(out _process) : result;
        if (result != Result.Ok)
        {
            return result;
        }

        Capabilities.Keep(_process);
        result = place.FetchSlot(ProcessSlot.Schedule, out ICapability schedule);
        result = result == Result.Ok ? _process.PutSlot(ProcessSlot.Schedule, schedule) : result;
        result = result == Result.Ok ? _process.PutSlot(ProcessSlot.Space, space) : result;
        result = result == Result.Ok ? _process.PutSlot(ProcessSlot.Keeper, keeper) : result;
        result = result == Result.Ok ? _process.PutRegister(CapabilityRegisters.Bank, _bank) : result;
        result = result == Result.Ok ? _process.PutRegister(CapabilityRegisters.Space, root) : result;
        result = result == Result.Ok ? _process.PutRegister(CapabilityRegisters.Reply, succession) : result;
        Capabilities.Release(schedule);
        Capabilities.Release(space);
        Capabilities.Release(root);
        for (uint i = CapabilityRegisters.FirstNamed; i <= CapabilityRegisters.LastNamed && result == Result.Ok; i++)
        {
            result = Copy(place, _process, i);
        }

        if (result != Result.Ok)
        {
            return result;
        }

        ProcessRegisters registers = new()
        {
            Rip = record.Entry,
            Rsp = SpaceLayout.StackTop - sizeof(ulong),
            Rdi = SpaceLayout.ProductHeapPages,
            Rsi = 1,
        };
        result = WriteRegisters(_process, registers);
        return result == Result.Ok ? _process.Run() : result;
    }

    /// <summary>Has the program's process read from the disk, if it is there only: BadObject where that cannot be done.
    /// </summary>
    public Result Load() => Load(_process);

    /// <summary>Has any process read from the disk.</summary>
    public static Result Load(IProcess process) => ReadRegisters(process, out _);

    /// <summary>
    /// Moves the program, which waits for an answer, into the process whose place it is to take, which waits for one
    /// too: there it goes on as if the answer had been Ok. Its own process ends. Half of that would be neither program:
    /// what the disk cannot read meanwhile is tried until it can.
    /// </summary>
    public void MoveInto(IProcess place)
    {
        ProcessRegisters registers;
        while (_sleep.PauseIfUnread(ReadRegisters(_process, out registers)))
        {
        }

        registers.Rax = 0;
        registers.Rdi = (ulong)Result.Ok;
        registers.Rsi = 0;
        registers.Rdx = 0;
        registers.R8 = 0;
        registers.R10 = 0;
        while (_sleep.PauseIfUnread(CopySpace(_process, place)))
        {
        }

        for (uint i = 1; i < CapabilityRegisters.Count; i++)
        {
            bool isNamed = i is >= CapabilityRegisters.FirstNamed and <= CapabilityRegisters.LastNamed;
            while (!isNamed && _sleep.PauseIfUnread(Copy(_process, place, i)))
            {
            }
        }

        while (_sleep.PauseIfUnread(WriteRegisters(place, registers)))
        {
        }

        _bank.Free(_process);
        while (_sleep.PauseIfUnread(place.Run()))
        {
        }
    }

    /// <summary>Gives up what is held of it here.</summary>
    public void Forget()
    {
        Capabilities.Release(_process);
        Capabilities.Release(_bank);
    }

    private static Result ReadRegisters(IProcess process, out ProcessRegisters registers)
    {
        registers = default;
        return process.ReadRegisters(MemoryMarshal.AsBytes(new Span<ProcessRegisters>(ref registers)), out _);
    }

    private static Result WriteRegisters(IProcess process, in ProcessRegisters registers) =>
        process.WriteRegisters(MemoryMarshal.AsBytes(new ReadOnlySpan<ProcessRegisters>(in registers)));

    private static Result CopySpace(IProcess from, IProcess to)
    {
        Result result = from.FetchSlot(ProcessSlot.Space, out ICapability space);
        result = result == Result.Ok ? to.PutSlot(ProcessSlot.Space, space) : result;
        Capabilities.Release(space);
        return result;
    }

    private static Result Copy(IProcess from, IProcess to, uint register)
    {
        Result result = from.FetchRegister(register, out ICapability capability);
        result = result == Result.Ok ? to.PutRegister(register, capability) : result;
        Capabilities.Release(capability);
        return result;
    }

    private Result MakeImage(OfferRecord record, INode offer, out INode image)
    {
        INode region = NodeClient.Void;
        INode leaf = NodeClient.Void;
        image = NodeClient.Void;
        Result result = _bank.BuySpaceNode(SpaceLayout.RegionLog2, out INode root);
        result = result == Result.Ok
            ? Hang(root, SpaceLayout.Program >> SpaceLayout.RegionLog2, SpaceLayout.LeafLog2, out region)
            : result;
        ulong at = ulong.MaxValue;
        for (int i = 0; i < record.Count && result == Result.Ok; i++)
        {
            ulong number = (record.AddressOf(i) - SpaceLayout.Program) >> SpaceLayout.PageLog2;
            if (number >> (2 * Guard.NodeLog2) != 0)
            {
                result = Result.BadArgument;
            }
            else if (number >> Guard.NodeLog2 != at)
            {
                Capabilities.Release(leaf);
                at = number >> Guard.NodeLog2;
                result = Hang(region, at, SpaceLayout.PageLog2, out leaf);
            }

            result = result == Result.Ok
                ? CopyPage(offer, i, leaf, (uint)number & SlotMask, record.RightsOf(i) | Rights.ReadOnly)
                : result;
        }

        Capabilities.Release(leaf);
        Capabilities.Release(region);
        result = result == Result.Ok
            ? root.WithGuard(Guard.At0(SpaceLayout.SpaceLog2).Value, (ulong)OfImage, out image)
            : result;
        Capabilities.Release(root);
        return result;
    }

    // A level of a space: addresses pass through it, and who keeps the space can get at it.
    private Result Hang(INode above, ulong slot, int slotLog2, out INode node)
    {
        Result result = _bank.BuySpaceNode((uint)slotLog2, out node);
        if (result != Result.Ok)
        {
            return result;
        }

        result = node.WithGuard(Guard.At0(slotLog2 + Guard.NodeLog2).Value, 0, out INode level);
        result = result == Result.Ok ? above.Put((uint)slot, level) : result;
        Capabilities.Release(level);
        return result;
    }

    private Result CopyPage(INode offer, int number, INode leaf, uint slot, Rights rights)
    {
        offer.Fetch(1 + (uint)(number >> Guard.NodeLog2), out ICapability part);
        NodeClient.Of(part).Fetch((uint)number & SlotMask, out ICapability source);
        Capabilities.Release(part);
        Result result = _bank.BuyPage(out IPage page);
        result = result == Result.Ok ? page.CopyFrom(PageClient.Of(source)) : result;
        Capabilities.Release(source);
        if (result != Result.Ok)
        {
            return result;
        }

        result = page.Reduce((ulong)rights, out IPage reduced);
        result = result == Result.Ok ? leaf.Put(slot, reduced) : result;
        Capabilities.Release(page);
        Capabilities.Release(reduced);
        return result;
    }
}
