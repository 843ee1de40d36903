using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BenchKeeper;

/// <summary>Has a process that executes an undefined instruction go on behind it, in a space of its own.</summary>
[Domain]
public sealed unsafe partial class BenchKeeperDomain : Domain, IKeeper, IBenchKeeper
{
    private const int UndefinedBytes = 2;

    private IProcess _kept = ProcessClient.Void;

    [Capability]
    internal partial MappedPage Stamps { get; }

    private ref KeeperStamps Published => ref Unsafe.AsRef<KeeperStamps>(Stamps.Address);

    /// <inheritdoc/>
    public Result Fault(ulong code, ulong address, ulong info)
    {
        Published.Arrived = Timestamp.Read();
        ProcessRegisters registers = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<ProcessRegisters>(ref registers));
        _kept.ReadRegisters(bytes, out _);
        registers.Rip += UndefinedBytes;
        Result result = _kept.WriteRegisters(bytes);
        Published.Mended = Timestamp.Read();
        return result;
    }

    /// <inheritdoc/>
    public Result Keep(IProcess process)
    {
        Capabilities.Release(_kept);
        Capabilities.Keep(process);
        _kept = process;
        return Result.Ok;
    }
}
