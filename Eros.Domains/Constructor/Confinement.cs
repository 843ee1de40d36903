// Confinement: when a constituent is safe to give to a product that shall tell nobody anything.
//
//   discreet        the kernel says so: it lets its holder read at most, and act on nothing
//   a constructor   of this process, a client's facet, sealed and without holes: what it makes is confined too, and
//                   belongs to the product that asks for it
//
// All else is a hole. Both stay as they are: rights in a capability never grow, and a sealed constructor never
// changes. (The builder's facet of a constructor is a hole, and so is one that is not sealed: something could be put
// in there, for other clients of it to find.)

using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Constructor;

/// <summary>The rule.</summary>
internal sealed class Confinement(IDiscrim discrim, IProcessTool tool, ICapability brand, List<Blueprint> blueprints)
{
    private readonly IDiscrim _discrim = discrim;
    private readonly IProcessTool _tool = tool;
    private readonly ICapability _brand = brand;
    private readonly List<Blueprint> _blueprints = blueprints;

    /// <summary>Whether a capability, which is not invoked, can do no harm in a product's hands.</summary>
    public Result Judge(ICapability constituent, out bool isSafe)
    {
        Result result = _discrim.VerifyDiscreet(constituent, out isSafe);
        if (result == Result.Ok && !isSafe)
        {
            isSafe = IsConfinedConstructor(constituent);
        }

        return result;
    }

    private bool IsConfinedConstructor(ICapability constituent) => IsOwn(constituent, out uint payload)
        && Facets.IsClient(payload, out int number)
        && number < _blueprints.Count
        && _blueprints[number] is { IsSealed: true, Holes: 0 };

    // The registers are given back at once: when the composition's constructors are judged, no message is answered that
    // would do so.
    private bool IsOwn(ICapability constituent, out uint payload)
    {
        Result result = _tool.AmplifyForwarder(constituent, _brand, out payload, out INode forwarder);
        Capabilities.Release(forwarder);
        if (result != Result.Ok)
        {
            result = _tool.AmplifyStart(constituent, _brand, out payload, out IProcess process);
            Capabilities.Release(process);
        }

        return result == Result.Ok;
    }
}
