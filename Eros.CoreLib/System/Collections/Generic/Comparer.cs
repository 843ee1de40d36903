// Order for generic code. Create is replaced by the compiler for each value type.

using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System.Collections.Generic;

public abstract class Comparer<T> : IComparer<T>
{
    private static Comparer<T>? _default;

    public static Comparer<T> Default => _default ??= Create();

    public static Comparer<T> Create(Comparison<T> comparison) => new ComparisonComparer<T>(comparison);

    public abstract int Compare(T? x, T? y);

    // What remains for code shared by all reference types.
    [Intrinsic]
    private static Comparer<T> Create() => new ObjectComparer<T>();
}

internal sealed class ComparisonComparer<T>(Comparison<T> comparison) : Comparer<T>
{
    public override int Compare(T? x, T? y) => comparison(x!, y!);
}

internal sealed class GenericComparer<T> : Comparer<T>
    where T : IComparable<T>
{
    public override int Compare(T? x, T? y)
    {
        if (x is null)
        {
            return y is null ? 0 : -1;
        }

        return y is null ? 1 : x.CompareTo(y);
    }
}

internal sealed class NullableComparer<T> : Comparer<T?>
    where T : struct, IComparable<T>
{
    public override int Compare(T? x, T? y)
    {
        if (!x.HasValue)
        {
            return y.HasValue ? -1 : 0;
        }

        return y.HasValue ? x.GetValueOrDefault().CompareTo(y.GetValueOrDefault()) : 1;
    }
}

internal sealed class EnumComparer<T> : Comparer<T>
    where T : struct
{
    public override int Compare(T x, T y) => EnumValue.IsSigned<T>()
        ? ((long)EnumValue.Bits(x)).CompareTo((long)EnumValue.Bits(y))
        : EnumValue.Bits(x).CompareTo(EnumValue.Bits(y));
}

internal sealed class ObjectComparer<T> : Comparer<T>
{
    public override int Compare(T? x, T? y)
    {
        if (x is null)
        {
            return y is null ? 0 : -1;
        }

        if (y is null)
        {
            return 1;
        }

        return x is IComparable<T> comparable
            ? comparable.CompareTo(y)
            : throw new InvalidOperationException("a type without order was compared");
    }
}
