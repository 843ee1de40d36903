// Weakening: what becomes of a capability that is fetched or stored through a weak one. The only place that knows.
//
// A weak capability lets its holder read whatever can be reached and write none of it (EROS's "diminish-take"). So what
// comes through it keeps only reading: memory loses writing and passes weakness on, keepers below it are not called (a
// keeper acts on the reader's behalf), and everything that could act becomes void.

using System.Runtime.CompilerServices;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>The weak form of capabilities.</summary>
public static class Weakening
{
    /// <summary>What weakening takes from a node or space.</summary>
    public const Rights Sensory = Rights.ReadOnly | Rights.Weak | Rights.NoCall;

    /// <summary>
    /// <paramref name="capability"/> as it passes through a capability with <paramref name="rights"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Capability Through(Rights rights, in Capability capability) =>
        (rights & Rights.Weak) == 0 ? capability : Weaken(capability);

    private static Capability Weaken(in Capability capability) => capability.Type switch
    {
        CapabilityType.Number or CapabilityType.Discrim => capability,
        CapabilityType.Page => capability.Less(Rights.ReadOnly),
        CapabilityType.Node or CapabilityType.Space => capability.Less(Sensory),
        _ => Capability.Void,
    };
}
