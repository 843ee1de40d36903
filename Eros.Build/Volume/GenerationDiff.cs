// GenerationDiff: what changed from one generation of a volume to another, by object. Both are looked at as a machine
// would come back to them, on layers over the disk.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>An object that is not as it was.</summary>
/// <param name="Oid">The object.</param>
/// <param name="What">What it is, or was: "page", "node", "process", with its label if it has one.</param>
/// <param name="Change">In words.</param>
public readonly record struct ObjectChange(ulong Oid, string What, string Change);

/// <summary>Compares two generations.</summary>
public sealed class GenerationDiff
{
    private readonly VolumeReport _older;
    private readonly VolumeReport _newer;
    private readonly List<ObjectChange> _changes = [];

    private GenerationDiff(VolumeReport older, VolumeReport newer)
    {
        _older = older;
        _newer = newer;
    }

    /// <summary>The objects that changed, by OID. <see cref="GenerationException"/> where one of the generations cannot
    /// be booted, <see cref="IOException"/> and its kin where the file cannot be read.</summary>
    public static IReadOnlyList<ObjectChange> Compare(string path, ulong older, ulong newer)
    {
        var diff = new GenerationDiff(Look(path, older), Look(path, newer));
        diff.Run();
        return diff._changes;
    }

    private static VolumeReport Look(string path, ulong generation)
    {
        VolumeReport report = VolumeInspector.Inspect(path, verify: false, VolumeFile.ViewOf(path, generation));
        return report.Refusal is { } refusal
            ? throw new GenerationException($"generation {generation}: {refusal}")
            : report;
    }

    private void Run()
    {
        Dictionary<ulong, Node> oldNodes = Nodes(_older);
        Dictionary<ulong, Node> newNodes = Nodes(_newer);
        Dictionary<ulong, ProcessReport> oldProcesses = _older.Processes.ToDictionary(process => process.Oid);
        Dictionary<ulong, ProcessReport> newProcesses = _newer.Processes.ToDictionary(process => process.Oid);
        foreach (ulong frame in _older.Tags.Keys.Union(_newer.Tags.Keys).Order())
        {
            Tag was = _older.Tags.GetValueOrDefault(frame);
            Tag now = _newer.Tags.GetValueOrDefault(frame);
            ulong oid = Oid.Of(frame).Value;
            if (was.Kind == now.Kind && ((was.Flags ^ now.Flags) & TagFlags.Pinned) != 0)
            {
                Add(oid, now.Kind, newProcesses, (now.Flags & TagFlags.Pinned) != 0 ? "pinned" : "no longer pinned");
                was.Flags ^= TagFlags.Pinned;
            }

            if (was.Equals(now))
            {
                continue;
            }

            if (was.Kind == FrameKind.Pot && now.Kind == FrameKind.Pot)
            {
                CompareNodes(frame, oldNodes, newNodes);
            }
            else if (was.Kind == now.Kind)
            {
                Add(oid, now.Kind, newProcesses, was.Version == now.Version
                    ? Contents(oid, oldProcesses, newProcesses)
                    : $"another one: version {was.Version}, now {now.Version}");
            }
            else
            {
                if (was.Kind != FrameKind.Free)
                {
                    Add(oid, was.Kind, oldProcesses, "gone");
                }

                if (now.Kind != FrameKind.Free)
                {
                    Add(oid, now.Kind, newProcesses, "made");
                }
            }
        }
    }

    private static Dictionary<ulong, Node> Nodes(VolumeReport report) =>
        report.Nodes.ToDictionary(node => node.Oid, node => node.Node);

    private void Add(ulong oid, FrameKind kind, Dictionary<ulong, ProcessReport> processes, string change)
    {
        string label = processes.GetValueOrDefault(oid)?.Label ?? string.Empty;
        string name = kind == FrameKind.Pot ? "pot of nodes" : CapabilityText.Name(kind);
        _changes.Add(new ObjectChange(oid, label.Length == 0 ? name : $"{name} {label}", change));
    }

    private static string Contents(
        ulong oid, Dictionary<ulong, ProcessReport> older, Dictionary<ulong, ProcessReport> newer)
    {
        if (!older.TryGetValue(oid, out ProcessReport? was) || !newer.TryGetValue(oid, out ProcessReport? now))
        {
            return "changed";
        }

        ProcessFrame before = was.Frame;
        ProcessFrame after = now.Frame;
        string state = before.RunState == after.RunState
            ? CapabilityText.Name(after.RunState)
            : $"{CapabilityText.Name(before.RunState)}, now {CapabilityText.Name(after.RunState)}";
        return $"{state}{Slots(before.Registers, after.Registers)}";
    }

    private void CompareNodes(ulong frame, Dictionary<ulong, Node> older, Dictionary<ulong, Node> newer)
    {
        for (int i = 0; i < NodePot.NodeCount; i++)
        {
            ulong oid = Oid.Of(frame, i).Value;
            Node was = older.GetValueOrDefault(oid);
            Node now = newer.GetValueOrDefault(oid);
            bool isSame = MemoryMarshal.AsBytes(new ReadOnlySpan<Node>(in was))
                .SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<Node>(in now)));
            if (!isSame)
            {
                _changes.Add(new ObjectChange(oid, "node", $"changed{Slots(was.Slots, now.Slots)}"));
            }
        }
    }

    private static string Slots(CapabilitySlots older, CapabilitySlots newer)
    {
        string list = string.Join(", ", Enumerable.Range(0, Node.SlotCount).Where(i => !older[i].Equals(newer[i])));
        return list.Length == 0 ? string.Empty : $"; slots {list}";
    }
}
