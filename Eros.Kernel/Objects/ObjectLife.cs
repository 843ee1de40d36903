// ObjectLife: how objects begin and end, as seen by everything that the kernel derives from them.
//
// The frame table keeps the rules of versions; here whatever hangs on the old object goes first: entries of page
// tables, the activity of a process, those who wait for a process or at a forwarder's gate (they try again, and find a
// void capability).

using System;
using System.Runtime.CompilerServices;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Objects;

/// <summary>Begins and ends objects. Their frames have been made dirty.</summary>
public sealed class ObjectLife(Kernel kernel)
{
    private readonly Kernel _kernel = kernel;

    /// <summary>Makes an object, which FrameTable.CheckCreate has allowed, out of whatever was there.</summary>
    public void Begin(int entry, FrameKind kind, int index, NodeKind nodeKind, byte slotLog2)
    {
        if (_kernel.Frames[entry].Kind == kind)
        {
            Forget(entry, index);
        }
        else
        {
            for (int i = 0; HasObject(entry, (ulong)i); i++)
            {
                Forget(entry, i);
            }

            _kernel.Spaces.FrameGone(entry);
        }

        _kernel.Frames.Create(entry, kind, index);
        if (kind == FrameKind.Pot)
        {
            ref Node node = ref _kernel.Objects.Node(entry, index);
            node.Kind = nodeKind;
            node.SlotLog2 = slotLog2;
        }
        else if (kind == FrameKind.Process)
        {
            SetVectorState(_kernel.Frames.Bytes(entry)[ProcessFrame.VectorStateOffset..]);
        }
    }

    /// <summary>
    /// Ends an object. A process's frame becomes free, so that it does not count among the processes.
    /// </summary>
    public void End(int entry, int index)
    {
        Forget(entry, index);
        _kernel.Frames.Rescind(entry, index);
        if (_kernel.Frames[entry].Kind == FrameKind.Process)
        {
            _kernel.Frames.Retype(entry, FrameKind.Free);
        }
    }

    /// <summary>True when the frame has an object of that index.</summary>
    public bool HasObject(int entry, ulong index) => _kernel.Frames[entry].Kind switch
    {
        FrameKind.Page or FrameKind.Process => index == 0,
        FrameKind.Pot => index < NodePot.NodeCount,
        _ => false,
    };

    /// <summary>The RangeKind of an object.</summary>
    public uint KindOf(int entry, int index) => _kernel.Frames[entry].Kind switch
    {
        FrameKind.Page => RangeKind.Page,
        FrameKind.Process => RangeKind.Process,
        _ => RangeKind.PlainNode + (uint)_kernel.Objects.Node(entry, index).Kind,
    };

    /// <summary>The capability of an object, with all rights.</summary>
    public Capability CapabilityOf(int entry, int index)
    {
        ref FrameEntry frame = ref _kernel.Frames[entry];
        Oid oid = Oid.Of(frame.Frame, index);
        uint version = _kernel.Frames.VersionOf(entry, index);
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
    private void Forget(int entry, int index)
    {
        ulong frame = _kernel.Frames[entry].Frame;
        if (_kernel.Frames[entry].Kind == FrameKind.Process)
        {
            _kernel.Processes.Detach(entry);
            _kernel.Stalls.WakeAll(StallReason.Available, frame);
        }
        else
        {
            _kernel.Spaces.ObjectGone(entry, index);
            _kernel.Stalls.WakeAll(StallReason.Gate, Oid.Of(frame, index).Value);
        }
    }
}
