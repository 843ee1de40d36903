// Casts and array stores. The compiler calls these by name; a null reference passes every cast.
// Types are equal when their MethodTables are the same; there is no variance.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Internal.Runtime;
using Internal.Runtime.CompilerHelpers;

namespace System.Runtime;

internal static unsafe class TypeCast
{
    internal static object? IsInstanceOfClass(MethodTable* target, object? obj) =>
        obj is null || DerivesFrom(obj.m_pEEType, target) ? obj : null;

    internal static object? IsInstanceOfInterface(MethodTable* target, object? obj) =>
        obj is null || Implements(obj.m_pEEType, target) ? obj : null;

    internal static object? IsInstanceOfAny(MethodTable* target, object? obj) =>
        obj is null || IsAssignable(obj.m_pEEType, target) ? obj : null;

    internal static bool IsInstanceOfException(MethodTable* target, object? obj) =>
        obj is not null && DerivesFrom(obj.m_pEEType, target);

    internal static object? CheckCastClass(MethodTable* target, object? obj) =>
        Checked(obj, IsInstanceOfClass(target, obj));

    // The compiler has already found that obj is neither null nor exactly of the target type.
    internal static object? CheckCastClassSpecial(MethodTable* target, object? obj) => CheckCastClass(target, obj);

    internal static object? CheckCastInterface(MethodTable* target, object? obj) =>
        Checked(obj, IsInstanceOfInterface(target, obj));

    internal static object? CheckCastAny(MethodTable* target, object? obj) =>
        Checked(obj, IsInstanceOfAny(target, obj));

    internal static void StelemRef(object?[] array, nint index, object? obj)
    {
        if ((nuint)index >= (uint)array.Length)
        {
            ThrowHelpers.ThrowIndexOutOfRangeException();
        }

        if (obj is not null && !IsAssignable(obj.m_pEEType, array.m_pEEType->RelatedType))
        {
            ThrowHelpers.ThrowArrayTypeMismatchException();
        }

        Unsafe.Add(ref Unsafe.As<object?, nint>(ref MemoryMarshal.GetArrayDataReference(array)), index) =
            Unsafe.As<object?, nint>(ref obj);
    }

    internal static ref object? LdelemaRef(object?[] array, nint index, MethodTable* elementType)
    {
        if ((nuint)index >= (uint)array.Length)
        {
            ThrowHelpers.ThrowIndexOutOfRangeException();
        }

        if (array.m_pEEType->RelatedType != elementType)
        {
            ThrowHelpers.ThrowArrayTypeMismatchException();
        }

        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), index);
    }

    internal static bool IsAssignable(MethodTable* source, MethodTable* target)
    {
        if (source == target)
        {
            return true;
        }

        if (target->IsInterface)
        {
            return Implements(source, target);
        }

        if (target->IsArray)
        {
            return source->Element == target->Element && IsElementAssignable(source->RelatedType, target->RelatedType);
        }

        return DerivesFrom(source, target);
    }

    private static bool IsElementAssignable(MethodTable* source, MethodTable* target) =>
        source == target || (!source->IsValueType && IsAssignable(source, target));

    private static bool DerivesFrom(MethodTable* type, MethodTable* target)
    {
        // Arrays have no base class in their MethodTable; Array and Object are found by what they are not.
        if (type->IsArray)
        {
            return target == MethodTable.Of<Array>() || target == MethodTable.Of<object>();
        }

        for (; type != null; type = type->BaseType)
        {
            if (type == target)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Implements(MethodTable* type, MethodTable* target)
    {
        for (int i = type->InterfaceCount - 1; i >= 0; i--)
        {
            if (type->GetInterface(i) == target)
            {
                return true;
            }
        }

        return type == target;
    }

    private static object? Checked(object? obj, object? result)
    {
        if (!ReferenceEquals(obj, result))
        {
            ThrowHelpers.ThrowInvalidCastException();
        }

        return obj;
    }
}
