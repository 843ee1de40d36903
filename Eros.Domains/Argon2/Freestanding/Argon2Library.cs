// Argon2Library: Debian's libargon2.a, linked into this image, and the few functions that it expects of a C library.
//
// It runs in one thread, so what it knows of threads is never called; nor is what makes texts of keys. Its frames are
// unknown to the unwinder: no exception passes through it. So Allocate answers as malloc does, and one that is thrown
// below it ends the domain.
//
// Its functions look for their stack guard at fs:0x28; the composition has set FS base to a page of its own
// (DomainOptions.HasThreadArea).

using System;
using System.Collections.Generic;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Argon2;

/// <summary>
/// Safety: the library gets addresses of spans whose lengths it is told; what lives in this heap never moves.
/// </summary>
internal static unsafe class Argon2Library
{
    private const int StackGuard = 0x28;
    private const int Alignment = 16;
    private const int TooManyThreads = 11;

    private static readonly List<byte[]> _blocks = [];

    /// <summary>Gives the library a stack guard. To be called once, by who calls nothing of it further out.</summary>
    public static void Open()
    {
        if (!Entropy.TryRead(out ulong guard))
        {
            guard = Timestamp.Read();
        }

        // A zero byte at the lower end, as C libraries have it: no copied string goes over it.
        *(ulong*)OwnMemory.At(SpaceLayout.Own + StackGuard) = guard << 8;
    }

    /// <summary>Argon2id, one lane. LimitReached when there is not memory enough.</summary>
    /// <param name="passes">How often the memory is gone over.</param>
    /// <param name="memory">KiB.</param>
    /// <param name="password">Up to 1024 bytes.</param>
    /// <param name="salt">8 bytes or more.</param>
    /// <param name="key">4 bytes or more.</param>
    public static Result Derive(
        uint passes, uint memory, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> key)
    {
        int code = Hash(
            passes,
            memory,
            1,
            AddressOf(password),
            (nuint)password.Length,
            AddressOf(salt),
            (nuint)salt.Length,
            AddressOf(key),
            (nuint)key.Length);
        return code == 0 ? Result.Ok : Result.LimitReached;
    }

    private static byte* AddressOf(ReadOnlySpan<byte> bytes) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));

    [RuntimeImport("*", "argon2id_hash_raw")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern int Hash(
        uint passes,
        uint memory,
        uint lanes,
        byte* password,
        nuint passwordBytes,
        byte* salt,
        nuint saltBytes,
        byte* key,
        nuint keyBytes);

    [RuntimeExport("malloc")]
    private static byte* Allocate(nuint bytes)
    {
        try
        {
            byte[] block = new byte[bytes + Alignment];
            _blocks.Add(block);
            return Aligned(block);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    [RuntimeExport("free")]
    private static void Free(byte* address)
    {
        for (int i = 0; i < _blocks.Count; i++)
        {
            if (Aligned(_blocks[i]) == address)
            {
                _blocks.RemoveAt(i);
                return;
            }
        }
    }

    private static byte* Aligned(byte[] block) =>
        (byte*)(((nuint)AddressOf(block) + (Alignment - 1)) & ~(nuint)(Alignment - 1));

    [RuntimeExport("memcpy")]
    private static byte* Copy(byte* to, byte* from, nuint bytes)
    {
        new ReadOnlySpan<byte>(from, (int)bytes).CopyTo(new Span<byte>(to, (int)bytes));
        return to;
    }

    [RuntimeExport("memset")]
    private static byte* Fill(byte* to, int value, nuint bytes)
    {
        new Span<byte>(to, (int)bytes).Fill((byte)value);
        return to;
    }

    // Called for more lanes than one.
    [RuntimeExport("pthread_create")]
    private static int StartThread() => TooManyThreads;

    [RuntimeExport("pthread_join")]
    private static int JoinThread() => TooManyThreads;

    [RuntimeExport("calloc")]
    private static byte* AllocateForThreads() => null;

    [RuntimeExport("__stack_chk_fail")]
    private static void StackIsSmashed() =>
        throw new InvalidOperationException("a stack guard of libargon2 was overwritten");

    [RuntimeExport("pthread_exit")]
    private static void EndThread() => throw Unneeded();

    // Called for keys as text.
    [RuntimeExport("__sprintf_chk")]
    private static int Print() => throw Unneeded();

    [RuntimeExport("strlen")]
    private static nuint Length() => throw Unneeded();

    [RuntimeExport("strncmp")]
    private static int Compare() => throw Unneeded();

    private static InvalidOperationException Unneeded() => new("libargon2 called what it has no need of here");
}
