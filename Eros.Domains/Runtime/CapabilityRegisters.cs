// CapabilityRegisters: who uses which of the 32 registers of this process.
//
//   0        void, for ever
//   1..5     the run time: bank, root of the own space, two nodes of the growing heap, one to pass things through
//   6..22    the domain's named capabilities, bound by the composition
//   then     pool, up to 30: what calls and messages bring
//   31       the resume capability of the message being served
//
// Invariant: a register of the pool is free, or temporary (given back when the message being served is answered), or
// kept. A register that is given back still holds its capability until the next one arrives there; nothing can reach
// it by name.

using System;
using System.Numerics;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Runtime;

public sealed class CapabilityRegisters
{
    public const int Count = 32;
    public const int Bank = 1;
    public const int Space = 2;
    public const int GrowingRegion = 3;
    public const int GrowingLeaf = 4;
    public const int Passing = 5;
    public const int FirstNamed = 6;
    public const int LastNamed = 22;
    public const int Reply = 31;

    private readonly uint _pool;
    private uint _free;
    private uint _kept;

    /// <param name="named">How many registers from <see cref="FirstNamed"/> the composition has bound.</param>
    public CapabilityRegisters(int named)
    {
        _pool = ~0U << (FirstNamed + named);
        _free = _pool;
    }

    /// <summary>This domain's.</summary>
    public static CapabilityRegisters Current => DomainState.Current.Registers;

    /// <summary>The registers of the pool that are kept, as bits.</summary>
    internal uint Kept => _kept;

    /// <summary>Those that are free.</summary>
    internal uint Free
    {
        get => _free;
        set => _free = value;
    }

    /// <summary>A register for a capability that is about to arrive. None left ends the domain.</summary>
    public int Allocate()
    {
        uint free = _free & ~(1U << Reply);
        if (free == 0)
        {
            throw new InvalidOperationException("no capability register is free");
        }

        int register = BitOperations.TrailingZeroCount(free);
        _free &= ~(1U << register);
        return register;
    }

    /// <summary>A register for the next message's resume capability: <see cref="Reply"/> unless that is kept.</summary>
    public int AllocateReply()
    {
        if ((_free & (1U << Reply)) == 0)
        {
            return Allocate();
        }

        _free &= ~(1U << Reply);
        return Reply;
    }

    /// <summary>The register may be used for something else. Registers outside the pool stay as they are.</summary>
    public void Release(int register)
    {
        uint bit = _pool & (1U << register);
        _free |= bit;
        _kept &= ~bit;
    }

    /// <summary>The capability stays when the message being served is answered.</summary>
    public void Keep(int register) => _kept |= _pool & (1U << register);

    /// <summary>Gives back everything that is not kept.</summary>
    public void ReleaseTemporaries() => _free = _pool & ~_kept;
}

/// <summary>How long capabilities that have arrived are held.</summary>
public static class Capabilities
{
    /// <summary>Holds on to a capability beyond the answer to the message that brought it.</summary>
    public static void Keep(ICapability capability) =>
        CapabilityRegisters.Current.Keep(CapabilityClient.RegisterOf(capability));

    /// <summary>Gives up a capability that arrived. Domains that serve need it only for what they kept.</summary>
    public static void Release(ICapability capability) =>
        CapabilityRegisters.Current.Release(CapabilityClient.RegisterOf(capability));

    /// <summary>
    /// True for a capability that is void, or whose object is gone. What cannot be read just now is neither.
    /// </summary>
    public static bool IsVoid(ICapability capability)
    {
        AskType(capability, out Result result);
        return result == Result.VoidCapability;
    }

    /// <summary>
    /// What a capability says that it is. A program answers that it is a start capability, or what it likes.
    /// </summary>
    public static CapabilityType TypeOf(ICapability capability)
    {
        ulong type = AskType(capability, out Result result);
        return result == Result.Ok ? (CapabilityType)type : CapabilityType.Void;
    }

    private static ulong AskType(ICapability capability, out Result result)
    {
        MessageRegisters message = default;
        message.Order = CommonOrder.TypeOf;
        message.Call(CapabilityClient.RegisterOf(capability), 0, 0);
        result = message.Result;
        return message.Word1;
    }
}
