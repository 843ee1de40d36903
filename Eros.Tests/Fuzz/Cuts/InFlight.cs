using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;
using Eros.Tests.Fuzz.Model;

namespace Eros.Tests.Fuzz.Cuts;

/// <summary>How much of what was unfinished in saved worlds that machines came back to.</summary>
public sealed class InFlight
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>By what it is, in words.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Add(InFlight other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((string what, long count) in other._counts)
        {
            Add(what, count);
        }
    }

    public override string ToString() => string.Join(", ", _counts.Select(one => $"{one.Key} {one.Value}"));

    internal static InFlight Of(ModelWorld world)
    {
        var inFlight = new InFlight();
        foreach (ModelFrame frame in world.Frames)
        {
            if (frame.Kind == FrameKind.Process)
            {
                inFlight.AddProcess(world, frame);
            }
            else if (frame.Kind == FrameKind.Pot)
            {
                foreach (ref Node node in frame.Nodes)
                {
                    inFlight.AddResumes(world, node.Slots);
                }
            }
        }

        return inFlight;
    }

    private void AddProcess(ModelWorld world, ModelFrame frame)
    {
        ref ProcessFrame process = ref frame.Process;
        Add("waiting for an answer", process.RunState == RunState.Waiting ? 1 : 0);
        Add("waiting in the kernel", process.RunState == RunState.KernelWait ? 1 : 0);
        Add("notified and not told", process.Notifications != 0 ? 1 : 0);
        Add("faulted, its keeper told", (process.Flags & ProcessFlags.KeeperTold) != 0 ? 1 : 0);
        Add($"stalled for {frame.Reason}", frame.State == ActivityState.Stalled ? 1 : 0);
        AddResumes(world, process.Registers);
    }

    private void AddResumes(ModelWorld world, ReadOnlySpan<Capability> slots)
    {
        foreach (ref readonly Capability slot in slots)
        {
            bool isResume = slot.Type is CapabilityType.Resume or CapabilityType.FaultResume;
            Add("resume capabilities that count", isResume && world.Find(slot, out _) == Found.Object ? 1 : 0);
        }
    }

    private void Add(string what, long count)
    {
        if (count > 0)
        {
            _counts[what] = _counts.GetValueOrDefault(what) + count;
        }
    }
}
