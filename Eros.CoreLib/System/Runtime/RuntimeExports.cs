// Boxing. The compiler calls these by name.

using System.Runtime.CompilerServices;
using Internal.Runtime;
using Internal.Runtime.CompilerHelpers;

namespace System.Runtime;

internal static unsafe class RuntimeExports
{
    internal static object? RhBox(MethodTable* type, ref byte data)
    {
        if (type->IsNullable)
        {
            if (data == 0)
            {
                return null;
            }

            data = ref Unsafe.Add(ref data, (int)type->NullableValueOffset);
            type = type->NullableType;
        }

        object box = Allocator.New(type);
        SpanHelpers.Memmove(ref DataOf(box), ref data, type->ValueSize);
        return box;
    }

    internal static ref byte RhUnbox2(MethodTable* type, object? obj)
    {
        if (obj is null)
        {
            ThrowHelpers.ThrowNullReferenceException();
        }

        RhUnboxTypeTest(type, obj.m_pEEType);
        return ref DataOf(obj);
    }

    internal static void RhUnboxTypeTest(MethodTable* type, MethodTable* boxType)
    {
        if (boxType != type && !SameUnderlying(boxType, type))
        {
            ThrowHelpers.ThrowInvalidCastException();
        }
    }

    internal static void RhUnboxNullable(ref byte data, MethodTable* type, object? obj)
    {
        if (obj is null)
        {
            SpanHelpers.ClearWithoutReferences(ref data, type->ValueSize);
            return;
        }

        MethodTable* valueType = type->NullableType;
        ref byte source = ref RhUnbox2(valueType, obj);
        data = 1;
        SpanHelpers.Memmove(ref Unsafe.Add(ref data, (int)type->NullableValueOffset), ref source, valueType->ValueSize);
    }

    // An enum may be unboxed as its integer and back: both carry the integer's element type.
    private static bool SameUnderlying(MethodTable* left, MethodTable* right) =>
        left->Element == right->Element && left->Element < ElementType.ValueType;

    private static ref byte DataOf(object obj) => ref Unsafe.As<RawData>(obj).Data;
}
