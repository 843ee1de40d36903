// Materials: what stands in the node of a constructor.
//
//   slot 0..15   constituents
//   slot 16      keeper of a product's process
//   slot 17      image of the program
//   slot 18, 19  nodes of the forwarders: the builder's, the clients'

using Eros.Domains.Runtime;

namespace Eros.Domains.Constructor;

/// <summary>Slots.</summary>
public static class Materials
{
    public const uint Keeper = Constructors.KeeperBit;
    public const uint Image = Keeper + 1;
    public const uint BuilderForwarder = Image + 1;
    public const uint ClientForwarder = BuilderForwarder + 1;
}
