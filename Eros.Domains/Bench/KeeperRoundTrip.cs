using System;
using System.Runtime.CompilerServices;
using Eros.Domains.BenchKeeper;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>
/// From an undefined instruction of a process until its keeper runs, and from the keeper's answer until the process is
/// behind the instruction. What the keeper does in between is not in it.
/// </summary>
internal sealed unsafe class KeeperRoundTrip(
    ChildMaker children, IKeeper keeper, IBenchKeeper bench, MappedPage stamps)
    : Measurement("fault to a keeper and back")
{
    private readonly ChildMaker _children = children;
    private readonly IKeeper _keeper = keeper;
    private readonly IBenchKeeper _bench = bench;
    private readonly MappedPage _stamps = stamps;
    private IProcess _process = ProcessClient.Void;
    private ICapability _child = CapabilityClient.At(0);

    public override void Begin()
    {
        _process = _children.Make(Child.Fault);
        _process.SwapSlot(ProcessSlot.Keeper, _keeper, out ICapability nothing);
        _process.MakeStart(0, out _child);
        _bench.Keep(_process);
        Capabilities.Release(nothing);
    }

    public override ulong Once()
    {
        MessageRegisters message = default;
        message.Call(CapabilityClient.RegisterOf(_child), 0, 0);
        ref readonly KeeperStamps stamps = ref Unsafe.AsRef<KeeperStamps>(_stamps.Address);
        ulong mending = stamps.Mended - stamps.Arrived;
        return message.Word2 - message.Word1 - mending;
    }

    public override void End()
    {
        _children.End(_process);
        Capabilities.Release(_child);
    }
}
