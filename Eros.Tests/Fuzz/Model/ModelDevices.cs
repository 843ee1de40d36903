using System.Collections.Generic;
using Eros.Kernel;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>The simulated devices: ports and registers keep what is written to them; lines are told of once, until
/// their driver acknowledges.</summary>
internal sealed class ModelDevices(ModelWorld world)
{
    private readonly Capability[] _listeners = new Capability[Limits.DeviceLines];
    private readonly bool[] _isDue = new bool[Limits.DeviceLines];

    /// <summary>What is at ports and addresses, by number and size.</summary>
    public Dictionary<(ulong Address, int Bytes), ulong> Values { get; } = [];

    /// <summary>The line at each place, and whether it is open.</summary>
    public (uint Line, bool IsOpen)[] Lines { get; } = new (uint, bool)[Limits.DeviceLines];

    /// <summary>Where a line is listened to; if nowhere, the last place that is free; null when there is none.
    /// </summary>
    public int? PlaceFor(uint line)
    {
        int? free = null;
        for (int place = 0; place < Lines.Length; place++)
        {
            bool isTaken = _listeners[place].Type != CapabilityType.Void;
            if (isTaken && Lines[place].Line == line)
            {
                return place;
            }

            free = isTaken ? free : place;
        }

        return free;
    }

    public void Listen(int place, uint line, in Capability listener)
    {
        _listeners[place] = listener;
        _isDue[place] = false;
        Lines[place] = (line, listener.Type != CapabilityType.Void);
    }

    public void Acknowledge(uint line)
    {
        if (PlaceFor(line) is { } place && _listeners[place].Type != CapabilityType.Void)
        {
            Lines[place] = (line, true);
        }
    }

    /// <summary>The line at a place, which is open, interrupts.</summary>
    public void Raise(int place)
    {
        Lines[place].IsOpen = false;
        _isDue[place] = _listeners[place].Type != CapabilityType.Void;
    }

    /// <summary>The listeners are told, by their places, until one is on the disk.</summary>
    public void TellListeners()
    {
        for (int place = 0; place < Lines.Length; place++)
        {
            if (!_isDue[place])
            {
                continue;
            }

            Capability listener = _listeners[place];
            Found found = world.Find(listener, out ModelFrame? process);
            if (found == Found.Absent)
            {
                return;
            }

            _isDue[place] = false;
            if (found == Found.Object && world.Notify(process!, listener.Data))
            {
                world.Start(process!);
            }
        }
    }
}
