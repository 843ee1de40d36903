using System;

namespace Internal.Runtime.CompilerHelpers;

// typeof(T) and the field handles of array initialisers: the compiler calls these by name.
internal static unsafe class LdTokenHelpers
{
    internal static RuntimeTypeHandle GetRuntimeTypeHandle(nint type) => new(type);

    internal static RuntimeMethodHandle GetRuntimeMethodHandle(nint handle) => new(handle);

    internal static RuntimeFieldHandle GetRuntimeFieldHandle(nint handle) => new(handle);

    internal static Type GetRuntimeType(nint type) => RuntimeType.Of((MethodTable*)type);
}
