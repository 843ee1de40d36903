// Materials: where the capabilities of a constructor stand.
//
//   in a node of its own, its builder's bank's          in this process's store, from 3 * number on
//   slot 0..15   constituents                           0  that node
//   slot 16      keeper of a product's process          1  node of the builder's forwarder
//   slot 17      image of the program                   2  node of the clients' forwarder
//
// A bank that is destroyed ends its objects one after the other, in an order that its owner can see to. So a number is
// given to another constructor only when all three are void: with one forwarder left, its holder would have the other
// constructor's facet.

using Eros.Domains.Runtime;

namespace Eros.Domains.Constructor;

/// <summary>Slots and numbers.</summary>
public static class Materials
{
    public const uint Keeper = Constructors.KeeperBit;
    public const uint Image = Keeper + 1;

    /// <summary>Places in the store that a constructor has.</summary>
    public const int Places = 3;

    /// <summary>Constructors that there is room for.</summary>
    public const int Limit = CapabilityStore.Limit / Places;

    /// <summary>Where a constructor's node stands in the store.</summary>
    public static int Node(int number) => number * Places;

    /// <summary>Where the node of a forwarder of <see cref="Facets"/> stands.</summary>
    public static int Forwarder(int number, int facet) => Node(number) + facet;
}
