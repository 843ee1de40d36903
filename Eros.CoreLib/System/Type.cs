using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>The identity of a type, and nothing else: there is no reflection.</summary>
public abstract class Type
{
    [Intrinsic]
    public static unsafe Type GetTypeFromHandle(RuntimeTypeHandle handle) =>
        RuntimeType.Of((MethodTable*)handle._value);

    [Intrinsic]
    public static bool operator ==(Type? left, Type? right) => ReferenceEquals(left, right);

    [Intrinsic]
    public static bool operator !=(Type? left, Type? right) => !ReferenceEquals(left, right);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public abstract override int GetHashCode();
}
