// ObjectKind: a RangeKind, which programs name, in the terms of frames and nodes.

using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Objects;

/// <summary>Reads RangeKinds.</summary>
public static class ObjectKind
{
    /// <summary>
    /// False when there is no such kind, or slots of space nodes cannot have that size (2^12, 2^17 .. 2^42 bytes;
    /// others have 0).
    /// </summary>
    public static bool TryParse(ulong rangeKind, ulong slotLog2, out FrameKind frame, out NodeKind node)
    {
        // The kinds of nodes follow one another in both.
        ulong nodeKind = rangeKind - RangeKind.PlainNode;
        bool isNode = nodeKind <= (ulong)NodeKind.Forwarder;
        node = isNode ? (NodeKind)nodeKind : NodeKind.Plain;
        frame = isNode ? FrameKind.Pot
            : rangeKind == RangeKind.Page ? FrameKind.Page
            : rangeKind == RangeKind.Process ? FrameKind.Process
            : FrameKind.Free;
        bool hasSize = node == NodeKind.Space ? Guard.IsSlotSize(slotLog2) : slotLog2 == 0;
        return frame != FrameKind.Free && hasSize;
    }
}
