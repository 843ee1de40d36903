// Void: the capability of nothing, and of types that this kernel has no objects of. Every order gets the same answer,
// which is also that of a capability whose object is gone.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;

namespace Eros.Kernel.Capabilities;

/// <summary>Answers for nothing.</summary>
public static class VoidCapability
{
    public static Result Invoke(Message message) => Result.VoidCapability;
}
