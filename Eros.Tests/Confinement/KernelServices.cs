// KernelServices: discrim and process tool of a simulated machine, as a domain's code calls them.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;

namespace Eros.Tests.Confinement;

/// <summary>A capability in the hands of code that runs on the host.</summary>
internal sealed record Shown(Capability Bits) : ICapability;

/// <summary>Arguments go through register 1 and 2 of a process, answers come to 11 (SimulatedDomain).</summary>
internal abstract class KernelService(SimulatedDomain caller, CapabilityType type)
{
    private readonly Capability _service = new(type, default, 0);

    protected SimulatedDomain Caller { get; } = caller;

    protected Result Call(uint order, ICapability first, ICapability second)
    {
        Caller[1] = ((Shown)first).Bits;
        Caller[2] = ((Shown)second).Bits;
        return Caller.Call(_service, order);
    }
}

internal sealed class KernelDiscrim(SimulatedDomain caller) : KernelService(caller, CapabilityType.Discrim), IDiscrim
{
    public Result Classify(ICapability thing, out uint found, out ulong rights)
    {
        Result result = Call(DiscrimOrder.Classify, thing, thing);
        found = (uint)Caller.Frame.Rsi;
        rights = Caller.Frame.Rdx;
        return result;
    }

    public Result VerifyDiscreet(ICapability thing, out bool isDiscreet)
    {
        Result result = Call(DiscrimOrder.VerifyDiscreet, thing, thing);
        isDiscreet = Caller.Frame.Rsi != 0;
        return result;
    }

    public Result Compare(ICapability one, ICapability other, out uint comparison)
    {
        Result result = Call(DiscrimOrder.Compare, one, other);
        comparison = (uint)Caller.Frame.Rsi;
        return result;
    }
}

/// <summary>The orders that the constructor's rule needs.</summary>
internal sealed class KernelProcessTool(SimulatedDomain caller)
    : KernelService(caller, CapabilityType.ProcessTool), IProcessTool
{
    public Result AmplifyStart(ICapability start, ICapability brand, out uint payload, out IProcess process)
    {
        process = null!;
        return Amplify(ProcessToolOrder.AmplifyStart, start, brand, out payload);
    }

    public Result AmplifyForwarder(ICapability forwarder, ICapability brand, out uint word, out INode node)
    {
        node = null!;
        return Amplify(ProcessToolOrder.AmplifyForwarder, forwarder, brand, out word);
    }

    public Result AmplifySpace(ICapability space, ICapability brand, out INode node) =>
        throw new NotSupportedException();

    public Result SameBrand(ICapability one, ICapability other, out bool isSame) => throw new NotSupportedException();

    private Result Amplify(uint order, ICapability thing, ICapability brand, out uint word)
    {
        Result result = Call(order, thing, brand);
        word = (uint)Caller.Frame.Rsi;
        return result;
    }
}
