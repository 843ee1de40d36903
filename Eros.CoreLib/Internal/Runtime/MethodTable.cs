// A type as the compiler lays it out (ILC 10.0): this struct is a view of data in the image, never made here.
//
//   +0  u32 flags          low half: component size when HasComponentSize, else padding and Nullable bits
//   +4  u32 base size      bytes of an instance, with the word before the object; arrays: without elements
//   +8  ptr related type   base class, or element type of an array
//   +16 u16 vtable slots   +18 u16 interfaces   +20 u32 hash
//   +24 vtable, then the interfaces' MethodTable addresses, then 32-bit self-relative pointers:
//       type manager, writable data, [dispatch map], [finalizer], [sealed vtable], ...

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Internal.Runtime;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MethodTable
{
    private const uint HasComponentSizeFlag = 0x8000_0000;
    private const uint KindMask = 0x0003_0000;
    private const uint ParameterizedKind = 0x0002_0000;
    private const uint HasDispatchMapFlag = 0x0004_0000;
    private const uint HasFinalizerFlag = 0x0010_0000;
    private const int ElementTypeShift = 26;
    private const int VtableOffset = 24;

    private uint _flags;
    private uint _baseSize;
    private MethodTable* _relatedType;
    private ushort _numVtableSlots;
    private ushort _numInterfaces;
    private uint _hash;

    /// <summary>Bytes from the word before the object to its end; of arrays without the elements.</summary>
    internal uint BaseSize => _baseSize;

    /// <summary>Bytes of an element; meaningful for arrays and strings only.</summary>
    internal uint ComponentSize => _flags & 0xFFFF;

    internal bool HasComponentSize => (_flags & HasComponentSizeFlag) != 0;

    internal bool IsParameterized => (_flags & KindMask) == ParameterizedKind;

    internal ElementType Element => (ElementType)((_flags >> ElementTypeShift) & 0x1F);

    internal bool IsArray => Element is ElementType.Array or ElementType.SzArray;

    internal bool IsInterface => Element == ElementType.Interface;

    internal bool IsNullable => Element == ElementType.Nullable;

    /// <summary>An integer type of either sign, or an enum over one.</summary>
    internal bool IsSignedInteger =>
        Element is ElementType.SByte or ElementType.Int16 or ElementType.Int32 or ElementType.Int64;

    internal bool IsValueType => Element < ElementType.Class;

    internal bool HasDispatchMap => (_flags & HasDispatchMapFlag) != 0;

    /// <summary>The base class; null for Object, for interfaces and for arrays.</summary>
    internal MethodTable* BaseType => IsParameterized ? null : _relatedType;

    /// <summary>The element type of an array.</summary>
    internal MethodTable* RelatedType => _relatedType;

    internal int InterfaceCount => _numInterfaces;

    internal int VtableSlotCount => _numVtableSlots;

    /// <summary>Bytes of a value of this type when it is not boxed.</summary>
    internal uint ValueSize => _baseSize - 2 * (uint)sizeof(nint) - ((_flags & 0xE0) >> 5);

    /// <summary>Offset of the value in a Nullable of this type.</summary>
    internal uint NullableValueOffset => 1u << (int)((_flags & 0x700) >> 8);

    private byte* This => (byte*)Unsafe.AsPointer(ref this);

    private nint* Vtable => (nint*)(This + VtableOffset);

    private MethodTable** Interfaces => (MethodTable**)(Vtable + _numVtableSlots);

    private int* RelativeFields => (int*)(Interfaces + _numInterfaces);

    // Behind the type manager and the writable data.
    private int* OptionalFields => RelativeFields + 2;

    /// <summary>Where the type's only Type object is kept; null there until it is asked for.</summary>
    internal ref RuntimeType? TypeObject => ref Unsafe.AsRef<RuntimeType?>(FromRelative(RelativeFields + 1));

    internal DispatchMap* DispatchMap => (DispatchMap*)FromRelative(OptionalFields);

    internal MethodTable* GetInterface(int index) => Interfaces[index];

    internal void* GetVtableSlot(int slot) => (void*)Vtable[slot];

    /// <summary>The code in a slot of the sealed vtable, which lies outside the MethodTable.</summary>
    internal void* GetSealedVtableSlot(int slot)
    {
        int* next = OptionalFields;
        next += (HasDispatchMap ? 1 : 0) + ((_flags & HasFinalizerFlag) != 0 ? 1 : 0);
        return FromRelative((int*)FromRelative(next) + slot);
    }

    /// <summary>The MethodTable of Nullable's T: the only generic argument.</summary>
    internal MethodTable* NullableType
    {
        get
        {
            int* next = OptionalFields;
            next += (HasDispatchMap ? 1 : 0) + ((_flags & HasFinalizerFlag) != 0 ? 1 : 0);
            next += (_flags & 0x0040_0000) != 0 ? 1 : 0;
            // A single generic argument is stored in place of a list of arguments.
            return (MethodTable*)FromRelative(next + 1);
        }
    }

    [Intrinsic]
    internal static MethodTable* Of<T>() => Of<T>();

    private static void* FromRelative(int* field) => (byte*)field + *field;
}

internal enum ElementType : uint
{
    SByte = 0x04,
    Int16 = 0x06,
    Int32 = 0x08,
    Int64 = 0x0A,
    ValueType = 0x10,
    Nullable = 0x12,
    Class = 0x14,
    Interface = 0x15,
    Array = 0x17,
    SzArray = 0x18,
}
