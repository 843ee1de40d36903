// The attributes that Eros.CoreLib has and .NET has not, so that this library compiles on the host, where nothing
// calls what they mark. Not part of the kernel image.

namespace System.Runtime;

[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeImportAttribute(string library, string entryPoint) : Attribute
{
    public string Library { get; } = library;

    public string EntryPoint { get; } = entryPoint;
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string symbol) : Attribute
{
    public string Symbol { get; } = symbol;
}
