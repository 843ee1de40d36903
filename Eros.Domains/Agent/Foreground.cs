// Foreground: the request that somebody at the terminal waits for, and may give up.
//
// A program may be busy, and may never answer. So a courier takes the request to it, with the resume capability of
// the caller, of which a copy stays here: whoever answers first ends the call, and the other's answer is void.
//
//   Free ── Begin ──▶ Away ── it has delivered ──▶ Free
//    ▲                 │
//    └─ GiveUp: ended ─┘

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Agent;

/// <param name="couriers">Who takes requests to programs.</param>
internal sealed class Foreground(Couriers couriers)
{
    private readonly Couriers _couriers = couriers;
    private bool _isAway;
    private DeferredReply _caller;
    private uint _badge;
    private IProgram? _program;
    private string _arguments = "";

    /// <summary>True while somebody may be waiting for a program.</summary>
    public bool IsPending => _caller.IsPending;

    /// <summary>A request still waits for the courier.</summary>
    public bool IsBusy => _program is not null;

    /// <summary>Has a program run; it answers the caller.</summary>
    public void Begin(uint badge, DeferredReply caller, IProgram program, string arguments)
    {
        Return(_badge);
        _badge = badge;
        _caller = caller;
        _program = program;
        _arguments = arguments;
        Capabilities.Keep(program);
        Send();
    }

    /// <summary>Whoever has this badge asks for something else, so it has its answer.</summary>
    public void Return(uint badge)
    {
        if (badge == _badge)
        {
            _caller.GiveUp();
            _caller = default;
        }
    }

    /// <summary>News of the courier.</summary>
    public void Hear(AgentSignals signals)
    {
        if ((signals & _couriers.Signal) != 0)
        {
            _isAway = false;
            Send();
        }
    }

    /// <summary>The caller waits no longer.</summary>
    public void GiveUp()
    {
        if (_isAway)
        {
            _couriers.End();
            _isAway = false;
        }

        Answer(Result.Cancelled);
    }

    private void Answer(Result result)
    {
        Forget();
        ForegroundServer.ReplyRun(_caller, result, "");
        _caller = default;
    }

    private void Send()
    {
        if (_isAway || _program is null)
        {
            return;
        }

        Result result = _couriers.Get(out IForeground courier);
        if (result != Result.Ok)
        {
            Answer(result);
            return;
        }

        int program = CapabilityClient.RegisterOf(_program);
        MessageRegisters request = default;
        request.Order = ProgramOrder.Run;
        request.SendText(_arguments);
        request.Send(
            CapabilityClient.RegisterOf(courier), InvocationWord.Registers(program, 0, 0, _caller.Register));
        _isAway = true;
        Forget();
    }

    private void Forget()
    {
        if (_program is not null)
        {
            Capabilities.Release(_program);
            _program = null;
        }
    }
}
