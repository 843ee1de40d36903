// The measurements of invocation, faults and processes.

using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>A kernel object is asked for its type.</summary>
internal sealed class NullInvocation(ICapability target) : Measurement("null invocation")
{
    private readonly int _target = CapabilityClient.RegisterOf(target);

    public override ulong Once()
    {
        MessageRegisters message = default;
        message.Order = CommonOrder.TypeOf;
        ulong start = Timestamp.Read();
        message.Call(_target, 0, 0);
        return Timestamp.Read() - start;
    }
}

/// <summary>Order and three words to another domain and back, with generated stub and dispatcher.</summary>
internal sealed class CallAndReturn(IBenchPeer peer, string how) : Measurement("call and return" + how)
{
    private readonly IBenchPeer _peer = peer;

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        _peer.Echo(1, 2, 3, out _, out _, out _);
        return Timestamp.Read() - start;
    }
}

/// <summary>The same with a string.</summary>
internal sealed class CallWithString(IBenchPeer peer, byte[] bytes)
    : Measurement($"call and return, {bytes.Length >> 10} KB")
{
    private readonly IBenchPeer _peer = peer;
    private readonly byte[] _bytes = bytes;

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        _peer.Sink(_bytes);
        return Timestamp.Read() - start;
    }
}

/// <summary>
/// From before a call to the first thing that the called domain does: another process, another space.
/// </summary>
internal sealed class ContextSwitch(IBenchPeer peer) : Measurement("context switch")
{
    private readonly IBenchPeer _peer = peer;

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        return _peer.Arrive() - start;
    }
}

/// <summary>
/// A page that is in memory, but whose page-table entry is gone: its slot of the space was stored anew.
/// </summary>
internal sealed unsafe class PageFault(INode leaf, IPage page) : Measurement("page fault")
{
    private readonly INode _leaf = leaf;
    private readonly IPage _page = page;
    private readonly byte* _address = OwnMemory.At(SpaceLayout.Own);

    public override void Prepare()
    {
        *_address = 1;
        _leaf.Swap(0, _page, out ICapability before);
        Capabilities.Release(before);
    }

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        Volatile.Write(ref *_address, 1);
        return Timestamp.Read() - start;
    }
}

/// <summary>
/// A process is bought, given a space, a schedule and registers, runs to its first instruction, answers, and is ended.
/// </summary>
internal sealed class ProcessLife(ChildMaker children) : Measurement("process, made and ended")
{
    private readonly ChildMaker _children = children;

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        IProcess process = _children.Make(Child.Answer);
        process.MakeStart(0, out ICapability child);
        MessageRegisters message = default;
        message.Call(CapabilityClient.RegisterOf(child), 0, 0);
        _children.End(process);
        ulong cycles = Timestamp.Read() - start;
        Capabilities.Release(child);
        return cycles;
    }
}
