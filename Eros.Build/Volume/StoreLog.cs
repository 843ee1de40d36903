using System;
using System.Collections.Generic;
using System.Text;
using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Build.Volume;

/// <summary>The observer of a store on the host: keeps what is reported, and says which processes run.</summary>
public class StoreLog : StoreObserver
{
    /// <summary>What the store had to say.</summary>
    public List<StoreNotice> Notices { get; } = [];

    /// <summary>The OIDs that a checkpoint lists.</summary>
    public List<ulong> Processes { get; } = [];

    /// <summary>The time that a checkpoint records, nanoseconds since the volume was made.</summary>
    public ulong Now { get; set; }

    public override void Protect()
    {
    }

    public override int CollectProcesses(Span<ulong> oids)
    {
        Processes.CopyTo(oids);
        return Processes.Count;
    }

    public override ulong TimeNs() => Now;

    public override void SpaceLow()
    {
    }

    public override void MemoryLow()
    {
    }

    public override void SpaceFreed()
    {
    }

    public override void Loaded(ulong frame, Outcome outcome)
    {
    }

    public override void Phase(StorePhase phase)
    {
    }

    public override void Committed(ulong generation)
    {
    }

    public override void Settled(ulong generation)
    {
    }

    public override void Report(StoreMessage message, ulong first, ulong second) =>
        Notices.Add(new StoreNotice(message, first, second));
}

/// <summary>One thing that the store reported. The text is the line that the kernel would print.</summary>
public readonly record struct StoreNotice(StoreMessage Message, ulong First, ulong Second)
{
    public string Text
    {
        get
        {
            Span<byte> line = stackalloc byte[StoreText.LineBytes];
            return Encoding.ASCII.GetString(line[..StoreText.Format(Message, First, Second, line)]);
        }
    }
}
