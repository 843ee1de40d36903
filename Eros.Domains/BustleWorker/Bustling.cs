using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.BustleWorker;

/// <summary>A task, round by round.</summary>
internal abstract class Bustling
{
    private Ledger? _ledger;
    private Dice? _dice;

    protected Ledger Ledger => _ledger!;

    protected Dice Dice => _dice!;

    public void RunForEver(Ledger ledger, Dice dice)
    {
        _ledger = ledger;
        _dice = dice;
        Begin();
        while (true)
        {
            Round();
            Ledger.EndRound();
        }
    }

    /// <summary>Before the first round.</summary>
    protected virtual void Begin()
    {
    }

    protected abstract void Round();

    protected void Succeed(Result result) => Ledger.Demand(result == Result.Ok, Claim.CallSucceeds);

    /// <summary>Gives a capability up that has become void.</summary>
    protected void ReleaseVoid(ICapability thing, Claim claim)
    {
        Ledger.Demand(Capabilities.TypeOf(thing) == CapabilityType.Void, claim);
        Capabilities.Release(thing);
    }

    protected static ulong UsedOf(ISpaceBank bank)
    {
        bank.Account(out ulong used, out _, out _);
        return used;
    }
}

/// <summary>Numbers as good as random (Marsaglia's xorshift), the same for the same worker.</summary>
internal sealed class Dice(uint number)
{
    private ulong _state = (number + 1) * 0x9E3779B97F4A7C15;

    public uint Below(uint limit)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (uint)((_state >> 32) % limit);
    }
}
