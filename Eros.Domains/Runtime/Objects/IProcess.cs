using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Total authority over one process.</summary>
public interface IProcess : ICapability
{
    [Order(ProcessOrder.FetchRegister)]
    Result FetchRegister(uint register, out ICapability capability);

    [Order(ProcessOrder.SwapRegister)]
    Result SwapRegister(uint register, ICapability capability, out ICapability previous);

    [Order(ProcessOrder.FetchSlot)]
    Result FetchSlot(uint slot, out ICapability capability);

    [Order(ProcessOrder.SwapSlot)]
    Result SwapSlot(uint slot, ICapability capability, out ICapability previous);

    /// <summary>The registers as <see cref="ProcessRegisters"/> has them.</summary>
    [Order(ProcessOrder.ReadRegisters)]
    Result ReadRegisters(Span<byte> registers, out int stored);

    /// <summary>Reads memory as the process would, 4096 bytes at most; stops where there is none.</summary>
    [Order(ProcessOrder.ReadMemory)]
    Result ReadMemory(ulong address, ulong length, Span<byte> bytes, out int stored);

    [Order(ProcessOrder.WriteRegisters)]
    Result WriteRegisters(ReadOnlySpan<byte> registers);

    /// <summary>A start capability; servers of this run time read the payload as facet and badge.</summary>
    [Order(ProcessOrder.MakeStart)]
    Result MakeStart(uint payload, out ICapability start);

    /// <summary>The same, for the target of forwarders: their word takes the place of the payload.</summary>
    [Order(ProcessOrder.MakeOpenStart)]
    Result MakeOpenStart(uint payload, out ICapability start);

    /// <summary>A capability that sets bits of the process's pending notifications.</summary>
    [Order(ProcessOrder.MakeNotification)]
    Result MakeNotification(uint mask, out INotification notification);

    /// <summary>Has it run from its rip, whatever it was doing.</summary>
    [Order(ProcessOrder.Run)]
    Result Run();

    /// <summary>Has it wait for messages; what it waited for is given up.</summary>
    [Order(ProcessOrder.MakeAvailable)]
    Result MakeAvailable();

    [Order(ProcessOrder.Describe)]
    Result Describe(out ulong runState, out ulong faultCode, out ulong faultAddress);
}

/// <summary>Whoever is told of a process's faults.</summary>
public interface IKeeper : ICapability
{
    /// <summary>
    /// A process has a fault. Ok: the fault is mended and the process repeats the instruction. Anything else: its own
    /// keeper is told next, or it stays as it is.
    /// </summary>
    [Order(InvocationWord.FaultOrder)]
    Result Fault(ulong code, ulong address, ulong info);
}

/// <summary>Whoever is told of an address that a space does not answer; one process can keep any number of spaces.
/// </summary>
public interface ISpaceKeeper : ICapability
{
    /// <summary>
    /// Nothing is at <paramref name="offset"/> in what <paramref name="node"/> spans, or not with the right.
    /// <paramref name="way"/>: what was wanted (0 read, 1 write, 2 execute) and, from bit 8 on, the rights taken away
    /// before the node was reached: what those forbid, no change of the node can allow. Ok: the process repeats the
    /// instruction. Anything else: its own keeper is told.
    /// </summary>
    [Order(InvocationWord.FaultOrder)]
    Result Fault(ulong code, ulong offset, ulong way, INode node);
}

/// <summary>
/// Bits that are set in a process's pending notifications; it is told when it next waits for messages.
/// </summary>
public interface INotification : ICapability
{
    [Order(0)]
    [OneWay]
    void Notify();
}

/// <summary>Notifications that have to come.</summary>
public static class Notifications
{
    /// <summary>Sets the bits, and says whether that was done: BadObject where the disk cannot read the process.
    /// </summary>
    public static Result Deliver(this INotification notification)
    {
        MessageRegisters message = default;
        message.Call(CapabilityClient.RegisterOf(notification), 0, 0);
        return (Result)message.Order;
    }
}

/// <summary>A priority, and perhaps a reserve: who holds it can have a process run by it.</summary>
public interface ISchedule : ICapability;

/// <summary>What schedules say.</summary>
public static class Schedules
{
    /// <summary>The priority of what is known to be a schedule.</summary>
    public static uint PriorityOf(ICapability schedule)
    {
        MessageRegisters message = default;
        message.Order = CommonOrder.TypeOf;
        message.Call(CapabilityClient.RegisterOf(schedule), 0, 0);
        return (byte)message.Word3;
    }
}

/// <summary>What needs no register for an answer.</summary>
public static class Processes
{
    /// <summary>Stores into a capability register, in the place of what was there.</summary>
    public static Result PutRegister(this IProcess process, uint register, ICapability capability)
    {
        Result result = process.SwapRegister(register, capability, out ICapability previous);
        Capabilities.Release(previous);
        return result;
    }

    /// <summary>Stores into a ProcessSlot, in the place of what was there.</summary>
    public static Result PutSlot(this IProcess process, uint slot, ICapability capability)
    {
        Result result = process.SwapSlot(slot, capability, out ICapability previous);
        Capabilities.Release(previous);
        return result;
    }
}
