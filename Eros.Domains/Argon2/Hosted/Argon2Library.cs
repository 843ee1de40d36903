using System;
using System.Runtime.InteropServices;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Argon2;

/// <summary>The host's copy of the same library.</summary>
internal static unsafe partial class Argon2Library
{
    public static void Open()
    {
    }

    public static Result Derive(
        uint passes, uint memory, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> key)
    {
        fixed (byte* first = password)
        fixed (byte* second = salt)
        fixed (byte* third = key)
        {
            int code = Hash(
                passes,
                memory,
                1,
                first,
                (nuint)password.Length,
                second,
                (nuint)salt.Length,
                third,
                (nuint)key.Length);
            return code == 0 ? Result.Ok : Result.LimitReached;
        }
    }

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2id_hash_raw")]
    private static partial int Hash(
        uint passes,
        uint memory,
        uint lanes,
        byte* password,
        nuint passwordBytes,
        byte* salt,
        nuint saltBytes,
        byte* key,
        nuint keyBytes);
}
