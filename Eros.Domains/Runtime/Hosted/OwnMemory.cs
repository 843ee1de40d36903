namespace Eros.Domains.Runtime;

/// <summary>Where an address of a hosted domain's space is.</summary>
public static unsafe class OwnMemory
{
    /// <summary>The kernel that a test plays has pages for what it lets domains touch.</summary>
    public static byte* At(ulong address) => HostedKernel.Current.MemoryAt(address);
}
