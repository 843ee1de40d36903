// Passwords: verifiers, made and compared. Keys are the key service's work; here are salts, and the rule that nobody
// can tell from the time whether there is a user.

using System;
using System.Numerics;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Login;

internal sealed class Passwords(IKeyDerivation keys, ISleep sleep)
{
    // SplitMix64 (Steele, Lea, Flood 2014).
    private const ulong Gamma = 0x9E37_79B9_7F4A_7C15;
    private const ulong FirstMultiplier = 0xBF58_476D_1CE4_E5B9;
    private const ulong SecondMultiplier = 0x94D0_49BB_1331_11EB;

    private readonly IKeyDerivation _keys = keys;
    private readonly ISleep _sleep = sleep;
    private ulong _mixed;

    /// <summary>A verifier with a salt that none had before.</summary>
    public Result Make(ReadOnlySpan<byte> password, out Verifier verifier)
    {
        verifier = new Verifier { Salt = NewSalt(), MoreSalt = NewSalt() };
        return Derive(password, ref verifier);
    }

    /// <summary>Whether it is the password. Without a verifier the work is done all the same, and it is not.</summary>
    public bool IsRight(ReadOnlySpan<byte> password, Verifier? verifier)
    {
        Verifier expected = verifier ?? new Verifier { Salt = NewSalt(), MoreSalt = NewSalt() };
        Verifier given = expected;
        return Derive(password, ref given) == Result.Ok && given.Matches(expected) && verifier is not null;
    }

    private Result Derive(ReadOnlySpan<byte> password, ref Verifier verifier)
    {
        Result result = _keys.Derive(
            verifier.Salt, verifier.MoreSalt, password, out ulong first, out ulong second, out ulong third);
        verifier = verifier with { First = first, Second = second, Third = third };
        return result;
    }

    // A salt must be another each time; that nobody can guess it makes it better. Without RDRAND it is mixed of the
    // processor's cycles, the machine's time and boot, and the salts before.
    private ulong NewSalt()
    {
        if (Entropy.TryRead(out ulong random))
        {
            return random;
        }

        _sleep.Now(out ulong time, out ulong boot);
        _mixed += Gamma + (Timestamp.Read() ^ BitOperations.RotateLeft(time, 32) ^ BitOperations.RotateLeft(boot, 48));
        ulong salt = (_mixed ^ (_mixed >> 30)) * FirstMultiplier;
        salt = (salt ^ (salt >> 27)) * SecondMultiplier;
        return salt ^ (salt >> 31);
    }
}
