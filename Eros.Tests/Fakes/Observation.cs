using System.Collections.Generic;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fakes;

/// <summary>What became of one Call of a capability.</summary>
public sealed class Observation(CapabilityType type, ulong order)
{
    private const int FirstReplyRegister = 11;

    public CapabilityType Type { get; } = type;

    public ulong Order { get; } = order;

    /// <summary>The answer; null when there was none at once.</summary>
    public Result? Result { get; private set; }

    /// <summary>True when the caller waits for something that is not memory or room to change it.</summary>
    public bool Waits { get; private set; }

    /// <summary>The places of the answer that are not 0 or void: w1..w3, a0..a2, string.</summary>
    public HashSet<string> Outs { get; } = [];

    /// <summary>Looks at the caller after the Call, if it is still there. A process that was answered runs on.
    /// </summary>
    internal void Read(SimulatedDomain caller, bool isRepeated)
    {
        if (caller.Machine.Frames[caller.Entry].Kind != FrameKind.Process)
        {
            return;
        }

        if (isRepeated)
        {
            int activity = caller.Machine.Kernel.Activities.FindByFrame(caller.Frame.Frame);
            Waits = caller.Machine.Kernel.Activities[activity].Reason is not (StallReason.Load or StallReason.Space);
        }
        else if (caller.State == RunState.Running && caller.Frame.Rdi != InvocationWord.NotificationOrder)
        {
            Result = caller.Result;
            ReadOuts(caller);
        }
        else
        {
            Waits = caller.State == RunState.KernelWait;
        }
    }

    private void ReadOuts(SimulatedDomain caller)
    {
        ulong[] words = [caller.Frame.Rsi, caller.Frame.Rdx, caller.Frame.R8];
        for (int i = 0; i < words.Length; i++)
        {
            Note(words[i] != 0, $"w{i + 1}");
            Note(!caller[FirstReplyRegister + i].SameAs(Capability.Void), $"a{i}");
        }

        Note(caller.Stored != 0, "string");
    }

    private void Note(bool isThere, string place)
    {
        if (isThere)
        {
            Outs.Add(place);
        }
    }
}
