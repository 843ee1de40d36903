namespace Eros.Tests.Crash;

/// <summary>
/// A small random generator (SplitMix64: Steele, Lea and Flood, OOPSLA 2014), the same on every machine for the same
/// seed.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    /// <summary>Where the stream of numbers is: all that follow come from this.</summary>
    public ulong State { get; set; } = seed;

    public ulong Next()
    {
        State += 0x9E37_79B9_7F4A_7C15;
        ulong z = State;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)((Next() >> 33) % (uint)limit);

    /// <summary>True <paramref name="percent"/> times in a hundred.</summary>
    public bool Chance(int percent) => Below(100) < percent;
}
