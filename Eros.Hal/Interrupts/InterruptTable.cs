// InterruptTable: which event a device's interrupt sets. Handlers do nothing else; the driver's thread does the work.

using Eros.Kernel.Threads;

namespace Eros.Hal.Interrupts;

/// <summary>The events of the devices' vectors.</summary>
public sealed class InterruptTable
{
    private readonly Event?[] _events = new Event?[Vector.FirstLine - Vector.FirstDevice];
    private int _count;

    /// <summary>Gives the next free vector to an event; 0 when there is none.</summary>
    public int Add(Event onInterrupt)
    {
        if (_count == _events.Length)
        {
            return 0;
        }

        _events[_count] = onInterrupt;
        return Vector.FirstDevice + _count++;
    }

    /// <summary>A device has interrupted. Gate closed. False: nobody waits for that vector.</summary>
    public bool Signal(int vector)
    {
        uint index = (uint)(vector - Vector.FirstDevice);
        if (index >= (uint)_count)
        {
            return false;
        }

        _events[index]!.Signal();
        return true;
    }
}
