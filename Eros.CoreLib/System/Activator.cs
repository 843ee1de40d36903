using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

public static unsafe class Activator
{
    /// <summary>new T().</summary>
    [Intrinsic]
    public static T CreateInstance<T>()
    {
        nint constructor = DefaultConstructorOf<T>();
        if (MethodTable.Of<T>()->IsValueType)
        {
            T value = default!;
            ((delegate*<ref byte, void>)constructor)(ref Unsafe.As<T, byte>(ref value));
            return value;
        }

        object instance = Allocator.New(MethodTable.Of<T>());
        ((delegate*<object, void>)constructor)(instance);
        return Unsafe.As<object, T>(ref instance);
    }

    // Replaced by the compiler; for a struct without a constructor of its own, that of StructWithNoConstructor.
    [Intrinsic]
    private static nint DefaultConstructorOf<T>() => DefaultConstructorOf<T>();

    private struct StructWithNoConstructor
    {
        public StructWithNoConstructor()
        {
        }
    }

    private sealed class ClassWithMissingConstructor
    {
        private ClassWithMissingConstructor()
        {
        }
    }
}
