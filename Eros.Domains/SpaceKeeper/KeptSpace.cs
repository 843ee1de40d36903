// KeptSpace: what stands where in the node above a space that this keeper keeps. The node spans 4 GB in slots of 128
// MB, of which the first is memory; in the others addresses fault, so they are the keeper's own.
//
//   slot 0    the root, with a guard: all nodes below it carry guards too, so that the keeper can go down
//   slot 27   the root again, unrestricted, unless it was handed out
//   slot 28   the root if it was handed out
//   slot 29   the bank that pages are bought from
//   slot 30   the image (background), which can only be read
//   slot 31   this keeper
//
// Nobody but the keeper ever holds the node: others have a space capability of it. So whatever is in these slots, the
// keeper has put there. What is below the root, an open space's holder may have put there, and it is never invoked.

using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.SpaceKeeper;

/// <summary>Slots and sizes.</summary>
internal static class KeptSpace
{
    public const uint Memory = 0;
    public const uint Root = 27;
    public const uint HandedOut = 28;
    public const uint Bank = 29;
    public const uint Image = NodeSlot.Background;
    public const uint Keeper = NodeSlot.Keeper;

    /// <summary>log2 of the bytes of a slot of the root.</summary>
    public const int RootSlotLog2 = SpaceLayout.RegionLog2;

    /// <summary>log2 of the bytes of a slot of the node above it.</summary>
    public const int SlotLog2 = RootSlotLog2 + Guard.NodeLog2;

    /// <summary>log2 of all that the node spans.</summary>
    public const int Log2 = SlotLog2 + Guard.NodeLog2;

    /// <summary>What an image's capability has less than the node's.</summary>
    public const Rights Sensory = Rights.ReadOnly | Rights.Weak | Rights.NoCall;
}
