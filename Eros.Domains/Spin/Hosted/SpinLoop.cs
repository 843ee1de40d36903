namespace Eros.Domains.Spin;

internal static unsafe class SpinLoop
{
    /// <summary>The loop is X#, for a machine without an operating system under it.</summary>
    public static void Run(byte* page, ulong seed) => throw new System.NotSupportedException("spin runs on Eros alone");
}
