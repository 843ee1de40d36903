// Failure: how a domain gives up. It cannot print: it leaves the reason in registers and faults, and its keeper tells
// (Invoke.xs, Die).

using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Runtime;

internal static unsafe class Failure
{
    private const int TextBytes = 48;

    /// <summary>There is no page left for the heap, and nothing to throw away.</summary>
    [DoesNotReturn]
    public static byte* OutOfMemory()
    {
        GiveUp(0, "out of memory");
        return null;
    }

    [RuntimeExport("ErosFail")]
    private static void Fail(FailCode code, string? text) => GiveUp(code, text ?? Name(code));

    [DoesNotReturn]
    private static void GiveUp(FailCode code, string text)
    {
        byte* bytes = stackalloc byte[TextBytes];
        for (int i = 0; i < TextBytes; i++)
        {
            bytes[i] = i < text.Length ? (byte)text[i] : (byte)0;
        }

        Die((ulong)code, bytes);
        while (true)
        {
        }
    }

    private static string Name(FailCode code) => code switch
    {
        FailCode.IndexOutOfRange => "index out of range",
        FailCode.ArgumentOutOfRange => "argument out of range",
        FailCode.Argument => "bad argument",
        FailCode.InvalidOperation => "invalid operation",
        FailCode.Overflow => "arithmetic overflow",
        FailCode.DivideByZero => "division by zero",
        FailCode.NullReference => "null reference",
        FailCode.InvalidCast => "invalid cast",
        FailCode.ArrayTypeMismatch => "array type mismatch",
        FailCode.NotSupported => "not supported",
        FailCode.StackBufferOverrun => "stack buffer overrun",
        _ => "exception",
    };

    [RuntimeImport("*", "Domain_Die")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Die(ulong code, byte* text);
}
