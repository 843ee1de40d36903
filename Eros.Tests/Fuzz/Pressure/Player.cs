using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Pressure;

/// <summary>A domain of a machine under pressure, and what its memory must hold.</summary>
/// <param name="pages">The pages of its space, from <see cref="Fakes.SimulatedDomain.Window"/> on.</param>
internal sealed class Player(ulong frame, Capability[] pages, Player? server)
{
    public ulong Frame { get; } = frame;

    public Capability[] Pages { get; } = pages;

    /// <summary>Whom it calls; null: it is a server.</summary>
    public Player? Server { get; } = server;

    /// <summary>Whom it serves; null: it is a client.</summary>
    public Player? Client { get; private set; }

    public byte[] Memory { get; } = new byte[pages.Length * PhysicalMemory.FrameBytes];

    /// <summary>It has made an invocation, of which it does not know the end yet.</summary>
    public bool IsInvoking { get; set; } = server == null;

    /// <summary>The string that it has sent.</summary>
    public (int At, int Length) Sent { get; set; }

    /// <summary>The access that it is at: null when there is none.</summary>
    public (int At, bool IsWrite, ulong Value)? Access { get; set; }

    /// <summary>Accesses to be made before the next invocation.</summary>
    public int AccessesLeft { get; set; }

    public int Actions { get; set; }

    /// <summary>It reads and writes without end, or computes without end once it has had a page: nobody else may wait
    /// for that.</summary>
    public bool IsEndless { get; set; }

    /// <summary>The run goes on until it has done all that it was to do.</summary>
    public bool IsAwaited => Server != null && !IsOver && !IsEndless;

    /// <summary>A client has done all that it was to do.</summary>
    public bool IsOver { get; set; }

    /// <summary>Makes this the client of its server.</summary>
    public Player Join()
    {
        Server!.Client = this;
        return this;
    }

    /// <summary>What was stored of a string of another's.</summary>
    public void Receive(Player from, int at, int stored) =>
        from.Memory.AsSpan(from.Sent.At, stored).CopyTo(Memory.AsSpan(at));
}
