using Internal.Runtime;

namespace System;

// The compiler builds frozen instances of this class and fills the first field, whatever its name.
internal sealed unsafe class RuntimeType : Type
{
    private readonly MethodTable* _pUnderlyingEEType;

    internal RuntimeType(MethodTable* type) => _pUnderlyingEEType = type;

    public override bool Equals(object? obj) =>
        obj is RuntimeType other && other._pUnderlyingEEType == _pUnderlyingEEType;

    public override int GetHashCode() => (int)((nint)_pUnderlyingEEType >> 3);
}
