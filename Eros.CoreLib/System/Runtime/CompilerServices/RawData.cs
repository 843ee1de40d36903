namespace System.Runtime.CompilerServices;

// A view of any object: its first byte behind the MethodTable. The compiler uses it for methods of boxed structs.
internal sealed class RawData
{
    internal byte Data;
}
