// Reduction: the same capability with less to it. Rights only accumulate, so this needs no object and no dirtying.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Makes copies of the invoked capability with fewer rights.</summary>
public static class Reduction
{
    private const ulong AllRights =
        (ulong)(Rights.ReadOnly | Rights.Weak | Rights.NoCall | Rights.Opaque | Rights.NoExecute);

    /// <summary>Answers with the invoked capability less the rights <paramref name="taken"/>, as another type or with
    /// other data if need be. BadArgument for rights that do not exist and for data beyond 32 bits.</summary>
    public static Result Answer(Message message, ulong taken, ulong data, CapabilityType type = CapabilityType.Void)
    {
        if ((taken & ~AllRights) != 0 || data > uint.MaxValue)
        {
            return Result.BadArgument;
        }

        Capability reduced = message.Invoked.Less((Rights)taken).WithData((uint)data);
        return message.Answer(type == CapabilityType.Void ? reduced : reduced.WithType(type));
    }
}
