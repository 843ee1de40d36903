using System;

namespace Eros.Domains.Agent;

/// <summary>The session agent's notifications.</summary>
[Flags]
public enum AgentSignals : uint
{
    /// <summary>Something was typed.</summary>
    Typed = 1,

    /// <summary>The courier has begun.</summary>
    CourierStarted = 2,

    /// <summary>The courier has delivered a request.</summary>
    CourierDelivered = 4,

    /// <summary>The attention key was pressed: the session is void.</summary>
    Attention = 8,
}
