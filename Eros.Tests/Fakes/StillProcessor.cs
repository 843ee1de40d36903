using System.Runtime.CompilerServices;
using Eros.Kernel.Machine;
using Eros.Kernel.Threads;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fakes;

/// <summary>
/// A processor that goes nowhere: every switch returns at once, and the test plays whoever is on it. For tests of what
/// the kernel does between two switches.
/// </summary>
public sealed class StillProcessor : Processor
{
    public override ProcessorState State { get; } = new();

    /// <summary>Cycles; a test may set them.</summary>
    public ulong Timestamp { get; set; }

    /// <summary>How often the gate is closed beyond the one time of the entry.</summary>
    public int Depth { get; private set; }

    public override ulong ReadTimestamp() => Timestamp;

    public override void Close() => Depth++;

    public override void Open() => Depth--;

    public override void Prepare(KernelThread thread)
    {
    }

    public override void SwitchTo(KernelThread? from, KernelThread to)
    {
    }

    public override unsafe void ResumeDomain(KernelThread? from, ref ProcessFrame frame) =>
        State.Trap.Frame = (ulong)Unsafe.AsPointer(ref frame);

    public override void Idle()
    {
    }
}
