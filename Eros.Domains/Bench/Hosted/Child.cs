namespace Eros.Domains.Bench;

/// <summary>There are no processes to start on the host.</summary>
internal static class Child
{
    public static ulong Answer => 0;

    public static ulong Fault => 0;

    public static ulong Wake => 0;

    public static ulong Dirty => 0;

    public static ulong Sleep => 0;

    public static ulong Rest => 0;
}
