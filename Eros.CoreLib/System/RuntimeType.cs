using Internal.Runtime;

namespace System;

// The one Type object of a type. The compiler builds frozen instances of this class for typeof: it fills the first
// field, and the type's MethodTable points to them. It compares types by reference.
internal sealed unsafe class RuntimeType : Type
{
    private readonly MethodTable* _type;

    private RuntimeType(MethodTable* type) => _type = type;

    public override int GetHashCode() => (int)((nint)_type >> 3);

    internal static RuntimeType Of(MethodTable* type) => type->TypeObject ??= new RuntimeType(type);
}
