using System;
using Eros.Build.Volume;
using Eros.Persistence.Base;

namespace Eros.Tests.Crash;

/// <summary>
/// Demands that the gate is opened as often as it is closed. Where it opens, something more urgent may come in between.
/// </summary>
public sealed class CrashGate : Gate
{
    /// <summary>How many times it is closed.</summary>
    public int Depth { get; private set; }

    /// <summary>Called when the gate has been opened.</summary>
    public Action? OnOpen { get; set; }

    /// <summary>Called once, when the gate is closed next.</summary>
    public Action? OnClose { get; set; }

    public override void Close()
    {
        Depth++;
        Action? onClose = OnClose;
        OnClose = null;
        onClose?.Invoke();
    }

    public override void Open()
    {
        if (--Depth < 0)
        {
            throw new InvariantException("gate opened more often than closed", 0);
        }

        if (Depth == 0)
        {
            OnOpen?.Invoke();
        }
    }

    /// <summary>Power on: it is open, and nobody comes.</summary>
    public void Reset()
    {
        Depth = 0;
        OnOpen = null;
        OnClose = null;
    }
}
