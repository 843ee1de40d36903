using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// The lasting right to promise the processor's time, and memory: for the reserve manager. Time that is promised
/// through it is gone after a restart, until it is installed again; what is pinned stays so.
/// </summary>
public interface IReserveGrant : ICapability
{
    /// <summary>
    /// Installs a reserve in the place of what its number stood for. <paramref name="name"/>: its number, the priority
    /// beside it (from bit 8 on) and its version (the upper half).
    /// </summary>
    [Order(ReserveGrantOrder.Install)]
    Result Install(ulong name, ulong periodNs, ulong durationNs, out ISchedule schedule);

    [Order(ReserveGrantOrder.Remove)]
    Result Remove(uint number);

    /// <summary>A period of 0: none is installed.</summary>
    [Order(ReserveGrantOrder.Describe)]
    Result Describe(uint number, out ulong periodNs, out ulong durationNs, out ulong usedNs);

    /// <summary>
    /// Pins the frame that an object is in: once in memory it stays there, until that is taken back or an object of the
    /// frame ends. Frames that are pinned, and the most that may be. LimitReached: as many are.
    /// </summary>
    [Order(ReserveGrantOrder.Pin)]
    Result Pin(ICapability thing, out ulong pinned, out ulong limit);

    /// <inheritdoc cref="Pin"/>
    [Order(ReserveGrantOrder.Unpin)]
    Result Unpin(ICapability thing, out ulong pinned, out ulong limit);
}
