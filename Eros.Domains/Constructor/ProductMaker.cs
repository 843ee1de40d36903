// ProductMaker: the yield. A process with a space of its own, whose pages are the image's until it writes them; its
// registers are what the run time of a domain expects (CapabilityRegisters, Entry).
//
// Everything is bought from the client's bank, which has been vouched for. What fails leaves nothing behind.

using System;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Constructor;

internal sealed class ProductMaker(IProcessCreator creator, IVirtualCopies copies)
{
    // Where zeros appear: the stack, the domain's own regions, and the first of the heap, which grows by itself then.
    private const uint GrowingRegions = (1u << SpaceLayout.StackRegionNumber)
        | (((1u << (SpaceLayout.HeapRegion + 1)) - 1) & ~((1u << SpaceLayout.OwnRegion) - 1));

    private readonly IProcessCreator _creator = creator;
    private readonly IVirtualCopies _copies = copies;

    /// <summary>Makes a product, and has it run; gives a start capability of it.</summary>
    public Result Make(
        Blueprint blueprint,
        INode materials,
        ISpaceBank bank,
        ISchedule schedule,
        ICapability argument,
        out ICapability product)
    {
        product = CapabilityClient.At(0);
        Result result = _creator.Create(bank, out IProcess process);
        if (result != Result.Ok)
        {
            return result;
        }

        materials.Fetch(Materials.Image, out ICapability image);
        result = _copies.Make(
            bank, NodeClient.Of(image), GrowingRegions, SpaceOptions.Open, out ISpace space, out INode root);
        if (result != Result.Ok)
        {
            bank.Free(process);
            return result;
        }

        process.PutSlot(ProcessSlot.Schedule, schedule);
        process.PutSlot(ProcessSlot.Space, space);
        process.PutRegister(CapabilityRegisters.Bank, bank);
        process.PutRegister(CapabilityRegisters.Space, root);
        Hand(blueprint, materials, argument, process);
        Start(blueprint, process);
        result = process.MakeStart(blueprint.Payload, out product);
        process.Run();
        return result;
    }

    private static void Hand(Blueprint blueprint, INode materials, ICapability argument, IProcess process)
    {
        for (uint number = 0; blueprint.Constituents >> (int)number != 0; number++)
        {
            if (((blueprint.Constituents >> (int)number) & 1) == 0)
            {
                continue;
            }

            materials.Fetch(number, out ICapability constituent);
            if (number == Materials.Keeper)
            {
                process.PutSlot(ProcessSlot.Keeper, constituent);
            }
            else
            {
                process.PutRegister(CapabilityRegisters.FirstNamed + number, constituent);
            }

            Capabilities.Release(constituent);
        }

        if (blueprint.Argument < Blueprint.None)
        {
            process.PutRegister(CapabilityRegisters.FirstNamed + blueprint.Argument, argument);
        }

        // Authority over itself lets nobody reach anything else.
        if (blueprint.Self < Blueprint.None)
        {
            process.SwapRegister(CapabilityRegisters.FirstNamed + blueprint.Self, process, out _);
        }
    }

    private static void Start(Blueprint blueprint, IProcess process)
    {
        ProcessRegisters registers = new()
        {
            Rip = blueprint.Entry,
            Rsp = blueprint.StackTop,
            Rdi = SpaceLayout.ProductHeapPages,
        };
        process.WriteRegisters(MemoryMarshal.AsBytes(new ReadOnlySpan<ProcessRegisters>(in registers)));
    }
}
