// Power: the seam to the machine's switch.

using System.Diagnostics.CodeAnalysis;

namespace Eros.Kernel.Machine;

/// <summary>Ends the machine's run.</summary>
public abstract class Power
{
    /// <summary>Stops the machine as it stands: what is not committed is gone, as in a power cut.</summary>
    [DoesNotReturn]
    public abstract void Off();
}
