// The attribute that Eros.CoreLib has and .NET has not, so that this library compiles on the host, where nothing
// calls what it marks. Not part of the kernel image.

using System.Diagnostics.CodeAnalysis;

namespace System.Runtime;

[AttributeUsage(AttributeTargets.Method)]
[ExcludeFromCodeCoverage]
internal sealed class RuntimeImportAttribute(string library, string entryPoint) : Attribute
{
    public string Library { get; } = library;

    public string EntryPoint { get; } = entryPoint;
}
