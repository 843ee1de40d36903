using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Runtime;

/// <summary>Randomness that nobody can guess, of the processor's (RDRAND).</summary>
public static class Entropy
{
    private const int Tries = 10;

    /// <summary>64 random bits; false when the processor has none to give.</summary>
    public static bool TryRead(out ulong value)
    {
        value = 0;
        for (int i = 0; i < Tries && IsThere(); i++)
        {
            if (Read(out value))
            {
                return true;
            }
        }

        return false;
    }

    // Asked each time: a machine may be resumed on another processor.
    [RuntimeImport("*", "Domain_HasRandom")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern bool IsThere();

    [RuntimeImport("*", "Domain_ReadRandom")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern bool Read(out ulong value);
}
