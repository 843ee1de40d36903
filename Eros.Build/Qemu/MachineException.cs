using System;

namespace Eros.Build.Qemu;

/// <summary>A machine did not do what was expected of it. The message ends with the last lines of its
/// console.</summary>
public sealed class MachineException : Exception
{
    public MachineException(string message)
        : base(message)
    {
    }
}
