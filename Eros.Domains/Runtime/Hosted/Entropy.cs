using System;
using System.Security.Cryptography;

namespace Eros.Domains.Runtime;

/// <summary>Randomness of the host's.</summary>
public static class Entropy
{
    /// <summary>64 random bits.</summary>
    public static bool TryRead(out ulong value)
    {
        value = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return true;
    }
}
