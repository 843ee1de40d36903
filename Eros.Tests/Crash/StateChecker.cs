using System;
using System.Linq;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Reading;

namespace Eros.Tests.Crash;

/// <summary>Compares a machine that has just mounted with the model.</summary>
public static class StateChecker
{
    /// <summary>
    /// Null when the machine came back to the acknowledged generation, or to <paramref name="possible"/>, and
    /// everything is as it was then or was journalled since; else what is wrong. The model learns what became of a page
    /// whose journalling was under way.
    /// </summary>
    public static string? Check(
        SimulatedMachine machine, in RecoveryResult result, StoreModel model, ulong possible, ObjectChanger changer)
    {
        if (!result.IsMounted)
        {
            return $"refused: {result.Refusal} ({result.First}, {result.Second})";
        }

        if (result.Generation != model.Acknowledged && result.Generation != possible)
        {
            return $"came back to generation {result.Generation}, not to {model.Acknowledged} or {possible}";
        }

        if (model.UnderWay is var (frame, page) && result.Generation == model.Acknowledged && Has(machine, frame, page))
        {
            model.Journal(frame, page);
        }

        ModelState state = model.At(result.Generation)!;
        return CheckRoot(machine, result, state)
            ?? CheckFrames(machine, state, changer, null)
            ?? CheckReading(machine, result, changer)
            ?? CheckReports(machine);
    }

    /// <summary>
    /// As <see cref="Check"/>, on a volume that was damaged: no frame may be wrong; where <paramref name="mayMiss"/>,
    /// one may be missing if it was reported.
    /// </summary>
    public static string? CheckDamaged(
        SimulatedMachine machine, in RecoveryResult result, StoreModel model, bool mayMiss, ObjectChanger changer)
    {
        ModelState? state = model.At(result.Generation);
        if (state == null)
        {
            return $"came back to generation {result.Generation}, which is none";
        }

        if (result.Generation != model.Acknowledged
            && !HasReport(machine, StoreMessage.OlderGeneration, null)
            && !HasReport(machine, StoreMessage.HeaderCopyBad, null))
        {
            return $"came back to generation {result.Generation} without a word";
        }

        return CheckRoot(machine, result, state)
            ?? CheckFrames(machine, state, changer, mayMiss ? IsReported : null)
            ?? CheckReading(machine, result, changer);
    }

    /// <summary>Null when the second reader finds the same as the machine, or refuses it for the same
    /// reason.</summary>
    public static string? CheckReading(SimulatedMachine machine, in RecoveryResult result, ObjectChanger changer)
    {
        if (machine.Second != null)
        {
            // What it would read of either disk is not what both together are.
            return null;
        }

        VolumeReader reader = machine.ReadAgain();
        string? error = ReaderComparison.CheckRoot(machine.Store, machine.Frames, result, reader);
        return error ?? (result.IsMounted ? ReaderComparison.CheckFrames(machine, changer, reader) : null);
    }

    private static bool Has(SimulatedMachine machine, ulong frame, FrameModel page)
    {
        int entry = machine.Entry(frame);
        if (entry == FrameTable.None)
        {
            return false;
        }

        FrameEntry there = machine.Frames[entry];
        return page.Compare(there.Kind, there.Version, frame, machine.Words(entry)) == null;
    }

    /// <summary>Compares all but the frames.</summary>
    internal static string? CheckRoot(SimulatedMachine machine, in RecoveryResult result, ModelState state)
    {
        if (result.TimeNs != state.TimeNs || result.BootEpoch != state.BootEpoch + 1)
        {
            return $"time {result.TimeNs} or epoch {result.BootEpoch} is wrong";
        }

        int processFrames = state.Frames.Values.Count(frame => frame.Kind == FrameKind.Process);
        if (machine.Frames.ProcessFrames != processFrames)
        {
            return $"{machine.Frames.ProcessFrames} frames count as processes, not {processFrames}";
        }

        int pinned = state.Frames.Values.Count(frame => frame.IsPinned);
        if (machine.Frames.PinnedFrames != pinned)
        {
            return $"{machine.Frames.PinnedFrames} frames count as pinned, not {pinned}";
        }

        ReadOnlySpan<ulong> processes = machine.Store.RecoveredProcesses;
        int next = 0;
        foreach (ulong frame in state.Running)
        {
            if (next >= processes.Length || new Oid(processes[next]).Frame != frame)
            {
                return $"process list: entry {next} is not frame {frame}";
            }

            next++;
        }

        return next == processes.Length ? null : $"process list has {processes.Length} entries, not {next}";
    }

    /// <summary>
    /// Compares all frames; <paramref name="mayMiss"/> says of one that cannot be loaded whether that is right.
    /// </summary>
    public static string? CheckFrames(
        SimulatedMachine machine, ModelState state, ObjectChanger changer, Func<SimulatedMachine, ulong, bool>? mayMiss)
    {
        foreach (ulong frame in changer.Frames)
        {
            int entry = machine.Entry(frame);
            if (entry == FrameTable.None)
            {
                if (mayMiss == null || !mayMiss(machine, frame))
                {
                    return $"frame {frame} cannot be loaded";
                }

                continue;
            }

            ref FrameEntry e = ref machine.Frames[entry];
            string? difference = state[frame].Compare(e.Kind, e.Version, frame, machine.Words(entry));
            if (difference != null || machine.Frames.IsPinned(entry) != state[frame].IsPinned)
            {
                return difference ?? $"frame {frame}: pinned should be {state[frame].IsPinned}";
            }
        }

        return null;
    }

    /// <summary>Torn copies of headers are told; nothing else is to be told without damage to the disk.</summary>
    public static string? CheckReports(SimulatedMachine machine)
    {
        foreach ((StoreMessage message, ulong first, ulong second) in machine.Reports)
        {
            if (message is not (StoreMessage.HeaderCopyBad or StoreMessage.MarkCopyBad) && !IsOfMirror(message))
            {
                return $"reported {message} ({first}, {second})";
            }
        }

        return null;
    }

    /// <summary>Disks come and go; a record can be torn like a header.</summary>
    private static bool IsOfMirror(StoreMessage message) => message is StoreMessage.MirrorLost
        or StoreMessage.MirrorBack or StoreMessage.MirrorInStep or StoreMessage.MirrorRecordBad;

    /// <summary>True when it was told that a frame is damaged or cannot be read.</summary>
    internal static bool IsReported(SimulatedMachine machine, ulong frame)
    {
        ulong firstOfCluster = frame / TagBlock.FramesPerCluster * TagBlock.FramesPerCluster;
        return HasReport(machine, StoreMessage.ObjectBad, Oid.Of(frame).Value)
            || HasReport(machine, StoreMessage.ObjectUnreadable, Oid.Of(frame).Value)
            || HasReport(machine, StoreMessage.ObjectUnreadable, Oid.Of(firstOfCluster).Value)
            || HasReport(machine, StoreMessage.TagBlockBad, Oid.Of(firstOfCluster).Value);
    }

    private static bool HasReport(SimulatedMachine machine, StoreMessage message, ulong? oid)
    {
        foreach ((StoreMessage reported, ulong first, _) in machine.Reports)
        {
            if (reported == message && (oid == null || first == oid))
            {
                return true;
            }
        }

        return false;
    }
}
