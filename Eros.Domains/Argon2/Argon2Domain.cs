// Argon2Domain: keys from passwords, by Argon2id (RFC 9106). The library is the reference implementation, in C; so it
// has a domain of its own, which holds storage and nothing else: whatever it did wrong, it could tell nobody but who
// asks it.
//
// 7 MiB, five passes, one lane: what OWASP's Password Storage Cheat Sheet names as equal to its first choice, where
// memory is dear. The memory is bought for each key and given back.
//
// Before its first key it makes one that is known, and refuses to make any when that is wrong.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Argon2;

/// <summary>One key at a time.</summary>
[Domain]
public sealed partial class Argon2Domain : Domain, IKeyDerivation
{
    /// <summary>Memory, in KiB.</summary>
    public const uint Memory = 7168;

    public const uint Passes = 5;

    // The library's own test vector: Argon2id version 0x13, 256 KiB, two passes, one lane.
    private const uint KnownMemory = 256;
    private const uint KnownPasses = 2;

    private bool _isTested;
    private bool _isGood;

    /// <summary>The longest password, in bytes.</summary>
    protected override int MaxString => 1024;

    /// <inheritdoc/>
    public Result Derive(
        ulong salt, ulong moreSalt, ReadOnlySpan<byte> password, out ulong first, out ulong second, out ulong third)
    {
        (first, second, third) = (0, 0, 0);
        if (!IsGood())
        {
            return Result.BadObject;
        }

        Span<ulong> salts = [salt, moreSalt];
        Span<ulong> key = stackalloc ulong[3];
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(salts);
        Result result = Argon2Library.Derive(
            Passes, Memory, password, bytes, System.Runtime.InteropServices.MemoryMarshal.AsBytes(key));
        (first, second, third) = (key[0], key[1], key[2]);
        key.Clear();
        GC.Collect();
        return result;
    }

    protected override void Main() => Argon2Library.Open();

    private bool IsGood()
    {
        if (!_isTested)
        {
            ReadOnlySpan<byte> known =
            [
                0x9D, 0xFE, 0xB9, 0x10, 0xE8, 0x0B, 0xAD, 0x03, 0x11, 0xFE, 0xE2, 0x0F, 0x9C, 0x0E, 0x2B, 0x12,
                0xC1, 0x79, 0x87, 0xB4, 0xCA, 0xC9, 0x0C, 0x2E, 0xF5, 0x4D, 0x5B, 0x30, 0x21, 0xC6, 0x8B, 0xFE,
            ];
            Span<byte> key = stackalloc byte[known.Length];
            Result result = Argon2Library.Derive(KnownPasses, KnownMemory, "password"u8, "somesalt"u8, key);
            _isGood = result == Result.Ok && key.SequenceEqual(known);
            _isTested = result == Result.Ok;
        }

        return _isGood;
    }
}
