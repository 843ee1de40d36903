using Internal.Runtime.CompilerHelpers;

namespace System.Runtime.InteropServices;

// Only its name is needed: the compiler refers to it whenever interfaces are cast.
internal static class IDynamicInterfaceCastable
{
    internal static RuntimeTypeHandle GetDynamicInterfaceImplementation(object instance, nint type, nint slot)
    {
        ThrowHelpers.ThrowFeatureBodyRemoved();
        return default;
    }
}
