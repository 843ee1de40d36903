// PciBus: every function behind the host bridge, in order of address. The firmware has numbered the buses and given
// out addresses.
//
// Bus 0 is walked, and as many further buses as the bridges met on the way say lie behind them.

namespace Eros.Hal.Bus;

/// <summary>Walks the functions that exist.</summary>
public struct PciBus(PciConfig config)
{
    private const int FunctionsPerBus = PciAddress.DevicesPerBus * PciAddress.FunctionsPerDevice;

    private readonly PciConfig _config = config;
    private int _end = FunctionsPerBus;
    private int _next;

    /// <summary>The function that <see cref="MoveNext"/> found.</summary>
    public PciFunction Current { get; private set; }

    /// <summary>Goes on to the next function that exists. False: there is none.</summary>
    public bool MoveNext()
    {
        while (_next < _end)
        {
            PciAddress address = new(_next);
            Current = new PciFunction(_config, address);
            bool exists = Current.Exists;
            bool isLast = address.Function == 0 && (!exists || !Current.IsMultiFunction);
            _next += isLast ? PciAddress.FunctionsPerDevice : 1;
            if (exists)
            {
                int end = (Current.LastBusBehind + 1) * FunctionsPerBus;
                _end = end > _end ? end : _end;
                return true;
            }
        }

        return false;
    }
}
