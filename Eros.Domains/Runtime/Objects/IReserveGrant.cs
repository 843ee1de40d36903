using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// The lasting right to promise the processor's time: for the reserve manager. What is promised through it is gone
/// after a restart, until it is installed again.
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
}
