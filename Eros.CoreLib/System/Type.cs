using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>The identity of a type, and nothing else: there is no reflection.</summary>
public abstract class Type
{
    [Intrinsic]
    public static unsafe Type GetTypeFromHandle(RuntimeTypeHandle handle) =>
        new RuntimeType((MethodTable*)handle._value);

    [Intrinsic]
    public static bool operator ==(Type? left, Type? right) =>
        left is null ? right is null : left.Equals(right);

    [Intrinsic]
    public static bool operator !=(Type? left, Type? right) => !(left == right);

    public abstract override bool Equals(object? obj);

    public abstract override int GetHashCode();
}
