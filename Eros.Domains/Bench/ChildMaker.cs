using System;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>Makes processes in this domain's own space, from nothing.</summary>
internal sealed class ChildMaker(ISpaceBank bank, ISpace space, ISchedule schedule)
{
    private static readonly uint _replyTo31 = InvocationWord.Registers(0, 0, 0, CapabilityRegisters.Reply);

    private readonly ISpaceBank _bank = bank;
    private readonly ISpace _space = space;
    private readonly ISchedule _schedule = schedule;

    /// <summary>A process that will begin at <paramref name="entry"/> with the registers given, and that waits for a
    /// message until it is told to run.</summary>
    public IProcess Make(ulong entry, ProcessRegisters registers = default)
    {
        registers.Rip = entry;
        registers.Rax = new InvocationWord(InvocationKind.Return, 0, 0, _replyTo31).Value;
        _bank.BuyProcess(out IProcess process);
        process.SwapSlot(ProcessSlot.Space, _space, out ICapability nothing);
        process.SwapSlot(ProcessSlot.Schedule, _schedule, out ICapability nothingElse);
        process.WriteRegisters(MemoryMarshal.AsBytes(new ReadOnlySpan<ProcessRegisters>(in registers)));
        Capabilities.Release(nothing);
        Capabilities.Release(nothingElse);
        return process;
    }

    public void End(IProcess process)
    {
        _bank.Free(process);
        Capabilities.Release(process);
    }
}
