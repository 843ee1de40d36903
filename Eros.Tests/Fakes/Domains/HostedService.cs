using System;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fakes.Domains;

/// <summary>An object that a test describes with one function.</summary>
internal sealed record HostedService(Action<HostedMessage> Answer) : HostedObject
{
    public override void Obey(HostedMessage message) => Answer(message);
}

/// <summary>The machine's persistence, without a disk.</summary>
internal sealed record HostedCheckpoint : HostedObject
{
    /// <summary>The newest generation on disk.</summary>
    public ulong Committed { get; private set; } = 1;

    /// <summary>Goes up when the test restarts the machine.</summary>
    public ulong BootEpoch { get; set; } = 1;

    /// <summary>Runs when a checkpoint is waited for: a power cut may fall here.</summary>
    public Action? OnWait { get; set; }

    public bool IsOff { get; private set; }

    /// <summary>Pages that were journalled.</summary>
    public int Journalled { get; private set; }

    public override void Obey(HostedMessage message)
    {
        switch ((uint)message.Order)
        {
            case CheckpointOrder.Take:
                message.Answer(Result.Ok, ++Committed);
                break;
            case CheckpointOrder.WaitCommitted:
                OnWait?.Invoke();
                message.Answer(Result.Ok);
                break;
            case CheckpointOrder.Generation:
                message.Answer(Result.Ok, Committed, Committed + 1, 30_000);
                break;
            case CheckpointOrder.Counters:
                KernelCounters counters = new() { BootEpoch = BootEpoch };
                message.Answer(Result.Ok);
                message.Text = System.Runtime.InteropServices.MemoryMarshal.AsBytes([counters]).ToArray();
                break;
            case CheckpointOrder.JournalPage:
                Journalled++;
                message.Answer(Result.Ok);
                break;
            case CheckpointOrder.PowerOff:
                IsOff = true;
                message.Answer(Result.Ok);
                break;
            default:
                message.Answer(Result.UnknownOrder);
                break;
        }
    }
}
