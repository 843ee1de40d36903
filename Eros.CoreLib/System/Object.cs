// The root class. Its one field is the word at offset 0 of each object: the address of its MethodTable.
// The word before the object (offset -8) is reserved for the host's heap and is zero when an object is born.

using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

public unsafe class Object
{
    internal MethodTable* m_pEEType;

    public Object()
    {
    }

    /// <summary>Reference equality unless a class overrides it.</summary>
    public virtual bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <summary>The address of the object; objects do not move.</summary>
    public virtual int GetHashCode()
    {
        object self = this;
        return (int)(Unsafe.As<object, nint>(ref self) >> 3);
    }

    /// <summary>The type's name, without type arguments; where an image holds no names, a failure.</summary>
    public virtual string? ToString() =>
        ExceptionTrace.TypeOf(this) ?? throw new NotSupportedException("a type without ToString was printed");

    public static bool Equals(object? left, object? right) =>
        ReferenceEquals(left, right) || (left is not null && right is not null && left.Equals(right));

    [Intrinsic]
    public static bool ReferenceEquals(object? left, object? right) => left == right;

    /// <summary>The type of the object; types compare by identity and have no names.</summary>
    [Intrinsic]
    public Type GetType() => RuntimeType.Of(m_pEEType);
}
