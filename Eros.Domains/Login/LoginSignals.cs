using System;

namespace Eros.Domains.Login;

/// <summary>The login agent's notifications.</summary>
[Flags]
internal enum LoginSignals : uint
{
    /// <summary>Something was typed at a prompt.</summary>
    Typed = 1,

    /// <summary>The attention key was pressed: every session is void.</summary>
    Attention = 2,
}
