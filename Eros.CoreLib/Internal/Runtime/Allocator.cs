// The compiler's allocation helpers over the host's ErosAllocate. A block begins with the word before the object.

using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace Internal.Runtime;

internal static unsafe class Allocator
{
    [RuntimeExport("RhpNewFast")]
    internal static object New(MethodTable* type) => Place(type, type->BaseSize);

    [RuntimeExport("RhpNewArrayFast")]
    internal static object NewArray(MethodTable* type, nint length)
    {
        if ((nuint)length > int.MaxValue)
        {
            ThrowHelpers.ThrowOverflowException();
        }

        nuint size = type->BaseSize + (nuint)length * type->ComponentSize;
        object array = Place(type, (size + 7) & ~(nuint)7);
        Unsafe.As<object, ArrayHeader>(ref array).Length = (int)length;
        return array;
    }

    [RuntimeExport("RhpNewPtrArrayFast")]
    internal static object NewReferenceArray(MethodTable* type, nint length) => NewArray(type, length);

    private static object Place(MethodTable* type, nuint size)
    {
        byte* block = Host.ErosAllocate(size) + sizeof(nint);
        *(MethodTable**)block = type;
        return Unsafe.As<nint, object>(ref Unsafe.AsRef<nint>(&block));
    }

    // A view of any array or string: the count of elements follows the MethodTable.
    private sealed class ArrayHeader
    {
        internal int Length;
    }
}
