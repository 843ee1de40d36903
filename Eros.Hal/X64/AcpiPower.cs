// AcpiPower: switches the machine off through the port that the ACPI tables name (Firmware/Fadt.cs).

using System.Diagnostics.CodeAnalysis;
using Eros.Hal.Firmware;
using Eros.Kernel.Machine;

namespace Eros.Hal.X64;

/// <summary>The power switch. Where the tables do not name one, the machine halts.</summary>
public sealed class AcpiPower(Fadt fadt) : Power
{
    private readonly Fadt _fadt = fadt;

    [DoesNotReturn]
    public override void Off()
    {
        if (_fadt.ControlPort != 0)
        {
            Native.Out16(_fadt.ControlPort, _fadt.SoftOff);
        }

        while (true)
        {
            Native.Halt();
        }
    }
}
