using System.Diagnostics;

namespace Eros.Domains.Runtime;

/// <summary>Stands in for the processor's time-stamp counter.</summary>
public static class Timestamp
{
    /// <summary>Ticks of the host's clock.</summary>
    public static ulong Read() => (ulong)Stopwatch.GetTimestamp();
}
