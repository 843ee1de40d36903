// Couriers: the courier at hand, and how to be rid of it. A courier that waits for a program may wait for ever: then it
// is ended with its bank, and the next request is given to another. The two say so by different signals, or a word of
// the first would be taken for the second's.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Agent;

/// <param name="constructor">Of couriers.</param>
/// <param name="schedule">Theirs: more urgent than the agent.</param>
/// <param name="self">The agent's process: it makes what couriers tell it with.</param>
internal sealed class Couriers(IConstructor constructor, ISchedule schedule, IProcess self)
{
    private const ulong StorageLimit = 64;

    private readonly IConstructor _constructor = constructor;
    private readonly ISchedule _schedule = schedule;
    private readonly IProcess _self = self;
    private ISpaceBank _bank = SpaceBankClient.Void;
    private IForeground _courier = ForegroundClient.Void;
    private bool _isThere;

    /// <summary>What the courier at hand tells the agent with.</summary>
    public AgentSignals Signal { get; private set; } = AgentSignals.OtherDelivered;

    /// <summary>A courier that does nothing just now; what the bank answers when there is no room for one.</summary>
    public Result Get(out IForeground courier)
    {
        Result result = _isThere ? Result.Ok : Make();
        courier = _courier;
        return result;
    }

    /// <summary>Ends the courier, whatever it is doing.</summary>
    public void End()
    {
        _bank.Destroy();
        Forget();
    }

    private Result Make()
    {
        Result result = SpaceBankClient.At(CapabilityRegisters.Bank).CreateAccount(
            StorageLimit, out _bank, out ISpaceBank account);
        if (result != Result.Ok)
        {
            return result;
        }

        Capabilities.Keep(_bank);
        AgentSignals signal = Signal == AgentSignals.Delivered ? AgentSignals.OtherDelivered : AgentSignals.Delivered;
        _self.MakeNotification((uint)signal, out INotification delivered);
        result = _constructor.Request(account, _schedule, delivered, out ICapability product);
        Capabilities.Release(delivered);
        Capabilities.Release(account);
        Capabilities.Keep(product);
        _courier = ForegroundClient.Of(product);
        _isThere = true;
        if (result == Result.Ok)
        {
            Signal = signal;
        }
        else
        {
            End();
        }

        return result;
    }

    private void Forget()
    {
        Capabilities.Release(_bank);
        Capabilities.Release(_courier);
        _bank = SpaceBankClient.Void;
        _courier = ForegroundClient.Void;
        _isThere = false;
    }
}
