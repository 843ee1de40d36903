namespace Eros.Domains.Runtime;

/// <summary>Where an address of this domain's space is.</summary>
public static unsafe class OwnMemory
{
    /// <summary>Safety: that something is mapped there is the caller's claim.</summary>
    public static byte* At(ulong address) => (byte*)address;
}
