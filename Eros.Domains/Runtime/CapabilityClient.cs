// CapabilityClient: a capability register, seen from C#. Generated clients derive from it; the object is not the
// capability: when the register gets another one, the same object stands for that.

namespace Eros.Domains.Runtime;

/// <summary>A capability of any type.</summary>
public class CapabilityClient : ICapability
{
    private static readonly CapabilityClient?[] _clients = new CapabilityClient?[CapabilityRegisters.Count];

    protected CapabilityClient(int register) => Register = register;

    /// <summary>The capability register, 0 for the void capability.</summary>
    public int Register { get; }

    /// <summary>The capability in a register; the same object each time.</summary>
    public static CapabilityClient At(int register) => _clients[register] ??= new CapabilityClient(register);

    /// <summary>
    /// The register of a capability; 0 for null. What is not a capability, such as the server itself, ends the
    /// domain.
    /// </summary>
    public static int RegisterOf(ICapability? capability) =>
        capability is null ? 0 : ((CapabilityClient)capability).Register;
}
