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
        node = rangeKind switch
        {
            RangeKind.SpaceNode => NodeKind.Space,
            RangeKind.ForwarderNode => NodeKind.Forwarder,
            _ => NodeKind.Plain,
        };
        frame = rangeKind switch
        {
            RangeKind.Page => FrameKind.Page,
            RangeKind.PlainNode or RangeKind.SpaceNode or RangeKind.ForwarderNode => FrameKind.Pot,
            RangeKind.Process => FrameKind.Process,
            _ => FrameKind.Free,
        };
        bool hasSize = node == NodeKind.Space
            ? slotLog2 is >= Guard.PageLog2 and < Guard.AddressLog2 && (slotLog2 - Guard.PageLog2) % Guard.NodeLog2 == 0
            : slotLog2 == 0;
        return frame != FrameKind.Free && hasSize;
    }
}
