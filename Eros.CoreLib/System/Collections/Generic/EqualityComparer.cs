// Equality for generic code. Create is replaced by the compiler for each value type: it makes one of the classes
// below, according to what T implements.

using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System.Collections.Generic;

public abstract class EqualityComparer<T> : IEqualityComparer<T>
{
    private static EqualityComparer<T>? _default;

    public static EqualityComparer<T> Default => _default ??= Create();

    public abstract bool Equals(T? x, T? y);

    public abstract int GetHashCode(T obj);

    // What remains for code shared by all reference types.
    [Intrinsic]
    private static EqualityComparer<T> Create() => new ObjectEqualityComparer<T>();
}

internal sealed class GenericEqualityComparer<T> : EqualityComparer<T>
    where T : IEquatable<T>
{
    public override bool Equals(T? x, T? y) => x is null ? y is null : x.Equals(y);

    public override int GetHashCode(T obj) => obj is null ? 0 : obj.GetHashCode();
}

internal sealed class NullableEqualityComparer<T> : EqualityComparer<T?>
    where T : struct, IEquatable<T>
{
    public override bool Equals(T? x, T? y) =>
        x.HasValue == y.HasValue && x.GetValueOrDefault().Equals(y.GetValueOrDefault());

    public override int GetHashCode(T? obj) => obj.HasValue ? obj.GetValueOrDefault().GetHashCode() : 0;
}

internal sealed class EnumEqualityComparer<T> : EqualityComparer<T>
    where T : struct
{
    public override bool Equals(T x, T y) => EnumValue.Bits(x) == EnumValue.Bits(y);

    public override int GetHashCode(T obj) => EnumValue.Bits(obj).GetHashCode();
}

internal sealed class ObjectEqualityComparer<T> : EqualityComparer<T>
{
    public override bool Equals(T? x, T? y) => x is null ? y is null : x.Equals(y);

    public override int GetHashCode(T obj) => obj is null ? 0 : obj.GetHashCode();
}
