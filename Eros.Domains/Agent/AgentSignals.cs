using System;

namespace Eros.Domains.Agent;

/// <summary>The session agent's notifications.</summary>
[Flags]
public enum AgentSignals : uint
{
    /// <summary>Something was typed.</summary>
    Typed = 1,

    /// <summary>A session is there to be taken.</summary>
    Seated = 2,

    /// <summary>The courier has delivered a request.</summary>
    Delivered = 4,

    /// <summary>The courier has; every other courier tells it with this.</summary>
    OtherDelivered = 8,
}
