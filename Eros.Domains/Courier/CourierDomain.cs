// CourierDomain: takes a request to a program, and waits for one that is busy; the session agent itself can't wait.
// The program's answer goes straight to the caller. When a request is given up, the agent ends the courier, whatever it
// was doing, and has another made.
//
// It is more urgent than the agent: when that has something to say about it, it waits and is not in mid-computation.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Courier;

/// <summary>Serves the session agent alone.</summary>
[Domain]
public sealed partial class CourierDomain : Domain, IForeground
{
    /// <summary>Tells the agent that the program has the request.</summary>
    [Capability]
    internal partial INotification Delivered { get; }

    protected override int MaxString => ProgramOrder.MaxString;

    /// <inheritdoc/>
    public Result Run(IProgram program, string arguments, out string output)
    {
        output = "";
        DeferredReply caller = Defer();
        MessageRegisters request = default;
        request.Order = ProgramOrder.Run;
        request.SendText(arguments);
        request.Send(CapabilityClient.RegisterOf(program), InvocationWord.Registers(0, 0, 0, caller.Register));
        caller.GiveUp();
        Delivered.Notify();
        return Result.Ok;
    }
}
