// ObjectLife: how objects begin and end, as seen by everything that the kernel derives from them.
//
// The frame table keeps the rules of versions; here whatever hangs on the old object goes first: entries of page
// tables, the activity of a process, those who wait for a process, at a forwarder's gate or for a page to be in the
// journal (they try again, and find a void capability).

using System;
using System.Runtime.CompilerServices;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Objects;

/// <summary>Begins and ends objects, whose frames have been made dirty. Keeps nothing.</summary>
public static class ObjectLife
{
    /// <summary>Makes an object, which FrameTable.CheckCreate has allowed, out of whatever was there.</summary>
    public static void Begin(Kernel kernel, int entry, FrameKind kind, int index, NodeKind nodeKind, byte slotLog2)
    {
        if (kernel.Frames[entry].Kind == kind)
        {
            Forget(kernel, entry, index);
        }
        else
        {
            for (int i = 0; FrameTable.HasIndex(kernel.Frames[entry].Kind, (ulong)i); i++)
            {
                Forget(kernel, entry, i);
            }

            kernel.Spaces.FrameGone(entry);
        }

        kernel.Frames.Create(entry, kind, index);
        if (kind == FrameKind.Pot)
        {
            ref Node node = ref kernel.Objects.Node(entry, index);
            node.Kind = nodeKind;
            node.SlotLog2 = slotLog2;
        }
        else if (kind == FrameKind.Process)
        {
            SetVectorState(kernel.Frames.Bytes(entry)[ProcessFrame.VectorStateOffset..]);
        }
    }

    /// <summary>
    /// Ends an object. A process's frame becomes free, so that it does not count among the processes.
    /// </summary>
    /// <param name="keepsContents">What is in a page or node stays, for who gets it next.</param>
    public static void End(Kernel kernel, int entry, int index, bool keepsContents)
    {
        Forget(kernel, entry, index);
        kernel.Frames.Rescind(entry, index, keepsContents);
        if (kernel.Frames[entry].Kind == FrameKind.Process)
        {
            kernel.Frames.Retype(entry, FrameKind.Free);
        }
    }

    /// <summary>The RangeKind of an object.</summary>
    public static uint KindOf(Kernel kernel, int entry, int index) => kernel.Frames[entry].Kind switch
    {
        FrameKind.Page => RangeKind.Page,
        FrameKind.Process => RangeKind.Process,
        _ => RangeKind.PlainNode + (uint)kernel.Objects.Node(entry, index).Kind,
    };

    /// <summary>The capability of an object, with all rights.</summary>
    public static Capability CapabilityOf(Kernel kernel, int entry, int index)
    {
        ref FrameEntry frame = ref kernel.Frames[entry];
        Oid oid = Oid.Of(frame.Frame, index);
        uint version = kernel.Frames.VersionOf(entry, index);
        CapabilityType type = frame.Kind switch
        {
            FrameKind.Page => CapabilityType.Page,
            FrameKind.Process => CapabilityType.Process,
            _ => CapabilityType.Node,
        };
        return new Capability(type, oid, version, type == CapabilityType.Page ? Guard.At0(Guard.PageLog2).Value : 0);
    }

    /// <summary>
    /// XRSTOR takes MXCSR from memory even where the image says "initial": all exceptions are masked (SDM volume 1,
    /// 13.8).
    /// </summary>
    private static void SetVectorState(Span<byte> image) =>
        Unsafe.As<byte, uint>(ref image[ProcessFrame.MxcsrOffset]) = ProcessFrame.InitialMxcsr;

    /// <summary>Drops what hangs on an object.</summary>
    private static void Forget(Kernel kernel, int entry, int index)
    {
        ulong frame = kernel.Frames[entry].Frame;
        FrameKind kind = kernel.Frames[entry].Kind;
        kernel.Spaces.ObjectGone(entry, index);
        if (kind == FrameKind.Page)
        {
            // Else the next owner's page would be journalled for who had the last one.
            kernel.Stalls.WakeAll(StallReason.Journal, frame);
        }
        else if (kind == FrameKind.Process)
        {
            ProcessControl.Detach(kernel, entry);
            kernel.Stalls.WakeAll(StallReason.Available, frame);
        }
        else
        {
            kernel.Stalls.WakeAll(StallReason.Gate, Oid.Of(frame, index).Value);
        }
    }
}
