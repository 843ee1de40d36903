// Foreground: the request that somebody at the terminal waits for, and may give up.
//
// A program may be busy, and may never answer. So a courier takes the request to it, with the resume capability of
// the caller, of which a copy stays here: whoever answers first ends the call, and the other's answer is void.
//
//   Starting ── it has begun ──▶ Free ── Take ──▶ Away ── it has delivered ──▶ Free
//      ▲                                           │
//      └──────────── GiveUp: started again ────────┘

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Agent;

/// <param name="courier">Who takes requests to programs.</param>
/// <param name="restart">Has the courier started again, whatever it is doing.</param>
internal sealed class Foreground(IForeground courier, INotification restart)
{
    private readonly IForeground _courier = courier;
    private readonly INotification _restart = restart;
    private CourierState _state;
    private DeferredReply _caller;
    private uint _badge;
    private IProgram? _program;
    private string _arguments = "";

    private enum CourierState
    {
        Starting,
        Free,
        Away,
    }

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
        AgentSignals expected = _state == CourierState.Starting
            ? AgentSignals.CourierStarted
            : AgentSignals.CourierDelivered;
        if ((signals & expected) != 0)
        {
            _state = CourierState.Free;
            Send();
        }
    }

    /// <summary>The caller waits no longer.</summary>
    public void GiveUp()
    {
        if (_state == CourierState.Away)
        {
            _state = CourierState.Starting;
            _restart.Notify();
        }

        Forget();
        ForegroundServer.ReplyRun(_caller, Result.Cancelled, "");
        _caller = default;
    }

    private void Send()
    {
        if (_state != CourierState.Free || _program is null)
        {
            return;
        }

        int program = CapabilityClient.RegisterOf(_program);
        MessageRegisters request = default;
        request.Order = ProgramOrder.Run;
        request.SendText(_arguments);
        request.Send(
            CapabilityClient.RegisterOf(_courier), InvocationWord.Registers(program, 0, 0, _caller.Register));
        _state = CourierState.Away;
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
