// DeviceLines: who is told of which interrupt line. There are few places; a line has one while somebody listens to it.
//
// A line that has interrupted is closed until its driver acknowledges: so it interrupts once for each time that the
// driver has looked at its device, however often the device would. The pager tells the listener, which it may have to
// load first. Nothing here outlives a restart.

using System.Numerics;
using Eros.Kernel.Machine;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Processes;

/// <summary>Interrupt lines of devices that domains drive. All of it with the gate closed.</summary>
public sealed class DeviceLines(Devices devices, Services services)
{
    private const int None = -1;

    private readonly Devices _devices = devices;
    private readonly Services _services = services;
    private readonly Capability[] _listeners = new Capability[Limits.DeviceLines];
    private readonly uint[] _lines = new uint[Limits.DeviceLines];

    // The places whose listener must be told.
    private uint _due;

    public bool MustTell => _due != 0;

    /// <summary>Who must be told first.</summary>
    public ref readonly Capability Due => ref _listeners[BitOperations.TrailingZeroCount(_due)];

    /// <summary>That one has been told.</summary>
    public void Told() => _due &= _due - 1;

    /// <summary>The place of a line, or a free one; -1 when there is none.</summary>
    public int PlaceFor(uint line)
    {
        int free = None;
        for (int i = 0; i < Limits.DeviceLines; i++)
        {
            if (_listeners[i].Type == CapabilityType.Void)
            {
                free = i;
            }
            else if (_lines[i] == line)
            {
                return i;
            }
        }

        return free;
    }

    /// <summary>Sets who is told; nobody, and the place is free, when <paramref name="listener"/> is void.</summary>
    public void Listen(int place, uint line, in Capability listener)
    {
        _lines[place] = line;
        _listeners[place] = listener;
        _due &= ~(1u << place);
        _devices.SetLine(place, line, listener.Type != CapabilityType.Void);
    }

    /// <summary>Lets a line that somebody listens to interrupt again.</summary>
    public void Acknowledge(uint line)
    {
        int place = PlaceFor(line);
        if (place != None && _listeners[place].Type != CapabilityType.Void)
        {
            _devices.SetLine(place, line, true);
        }
    }

    /// <summary>The line at a place has interrupted.</summary>
    public void Raised(int place)
    {
        _devices.SetLine(place, _lines[place], false);
        if (_listeners[place].Type != CapabilityType.Void)
        {
            _due |= 1u << place;
            _services.LoadDue.Signal();
        }
    }
}
