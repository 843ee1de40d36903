namespace Eros.Domains.Bench;

internal static class Child
{
    /// <summary>There are no processes to start on the host.</summary>
    public static ulong Entry => 0;
}
