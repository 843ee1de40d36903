// ObjectTable: from a capability to the object that it names, if that is still the one it was made for.
//
// The frame table knows home frames; a node is found by its index in the frame's pot. An object is the capability's
// when
//   page                            frame kind Page, index 0, version = the entry's
//   node, space, forwarder          frame kind Pot, index 0..6, version = the node's, and the node's kind is the type's
//   process, start, notification    frame kind Process, index 0, version = the entry's
//   resume, fault-resume            frame kind Process, index 0, call count = the process's
// Everything else is void: there is no way to tell a rescinded capability from one that never named anything.
//
// Invariants
//  O1 Destroying an object raises its version, so every capability of it is void everywhere, without any of them being
//     visited.
//  O2 Version 2^32-1 is never given out: an object that has it is retired.
//  O3 Call counts never repeat in a frame: a process's count begins at version * 2^32, and the version of what follows
//     it exceeds its count's upper half.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Objects;

/// <summary>Looks objects up.</summary>
public sealed class ObjectTable(FrameTable frames, PhysicalMemory memory)
{
    private readonly FrameTable _frames = frames;
    private readonly PhysicalMemory _memory = memory;

    /// <summary>
    /// Finds the object that <paramref name="capability"/> names. NoObject: it is void. Absent: its frame must be
    /// loaded first.
    /// </summary>
    public Outcome Find(in Capability capability, out int entry)
    {
        Oid oid = capability.Oid;
        if (oid.Volume != 0)
        {
            entry = -1;
            return Outcome.NoObject;
        }

        Outcome outcome = _frames.Resident(oid.Frame, out entry);
        return outcome == Outcome.Ok && !Names(capability, entry) ? Outcome.NoObject : outcome;
    }

    /// <summary>The process in a frame of processes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ref ProcessFrame Process(int entry) => ref _memory.As<ProcessFrame>(_frames[entry].Pfn);

    /// <summary>A node of a pot, 0..6.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ref Node Node(int entry, int index) =>
        ref Unsafe.Add(ref Unsafe.As<PotNodes, Node>(ref _memory.As<NodePot>(_frames[entry].Pfn).Nodes), index);

    /// <summary>A slot of a node or a register of a process, 0..31.</summary>
    public static ref Capability Slot(ref CapabilitySlots slots, int slot) => ref Unsafe.Add(
        ref Unsafe.As<CapabilitySlots, Capability>(ref slots),
        slot & (Persistence.Layout.Node.SlotCount - 1));

    private bool Names(in Capability capability, int entry)
    {
        FrameKind kind = _frames[entry].Kind;
        int index = capability.Oid.Index;
        CapabilityType type = capability.Type;
        if (type is CapabilityType.Node or CapabilityType.Space or CapabilityType.Forwarder)
        {
            return kind == FrameKind.Pot && index < NodePot.NodeCount && IsNodeOf(entry, index, capability);
        }

        FrameKind wanted = type == CapabilityType.Page ? FrameKind.Page : FrameKind.Process;
        if (!capability.NamesObject || kind != wanted || index != 0)
        {
            return false;
        }

        return type is CapabilityType.Resume or CapabilityType.FaultResume
            ? Process(entry).CallCount == capability.Count
            : _frames[entry].Version == capability.Version;
    }

    private bool IsNodeOf(int entry, int index, in Capability capability)
    {
        ref Node node = ref Node(entry, index);
        return node.Version == capability.Version && capability.Type switch
        {
            CapabilityType.Space => node.Kind == NodeKind.Space,
            CapabilityType.Forwarder => node.Kind == NodeKind.Forwarder,
            _ => true,
        };
    }
}
