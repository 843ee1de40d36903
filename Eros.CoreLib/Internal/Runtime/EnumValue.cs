using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>Enums of any underlying type as 64 bits.</summary>
internal static unsafe class EnumValue
{
    internal static bool IsSigned<T>() => MethodTable.Of<T>()->IsSignedInteger;

    /// <summary>The value, extended by its sign if the underlying type has one.</summary>
    internal static ulong Bits<T>(T value) => Bits(ref Unsafe.As<T, byte>(ref value), MethodTable.Of<T>());

    internal static ulong Bits(ref byte value, MethodTable* type) => (type->IsSignedInteger, type->ValueSize) switch
    {
        (true, 1) => (ulong)(sbyte)value,
        (true, 2) => (ulong)Unsafe.As<byte, short>(ref value),
        (true, 4) => (ulong)Unsafe.As<byte, int>(ref value),
        (false, 1) => value,
        (false, 2) => Unsafe.As<byte, ushort>(ref value),
        (false, 4) => Unsafe.As<byte, uint>(ref value),
        _ => Unsafe.As<byte, ulong>(ref value),
    };
}
