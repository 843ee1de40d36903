// Names: the types of the run time that the generator knows, and the names of what it writes.

using System.Linq;
using Microsoft.CodeAnalysis;

namespace Eros.Build.Generator.Reading;

internal static class Names
{
    public const string Runtime = "Eros.Domains.Runtime";
    public const string Capability = Runtime + ".ICapability";
    public const string AnyClient = "global::" + Runtime + ".CapabilityClient";
    public const string MappedPage = Runtime + ".MappedPage";
    public const string Result = "Eros.Kernel.Protocol.Result";
    public const string OrderAttribute = Runtime + ".OrderAttribute";
    public const string OneWayAttribute = Runtime + ".OneWayAttribute";
    public const string MaxStringAttribute = Runtime + ".MaxStringAttribute";
    public const string CapabilityAttribute = Runtime + ".CapabilityAttribute";
    public const string DomainAttribute = Runtime + ".DomainAttribute";
    public const string Domain = Runtime + ".Domain";
    public const string CoreLibrary = "Eros.CoreLib";
    public const string Composition = "Eros.Domains.Composition.IDomainNeeds`1";

    /// <summary>True for an interface that extends ICapability, directly or not.</summary>
    public static bool IsCapabilityInterface(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Interface && type.AllInterfaces.Any(IsCapability);

    /// <summary>True for ICapability itself: a capability of any type.</summary>
    public static bool IsCapability(ITypeSymbol type) => Full(type) == Capability;

    /// <summary>The client class of a capability interface, fully qualified.</summary>
    public static string Client(ITypeSymbol type) =>
        IsCapability(type) ? AnyClient : Prefix(type) + Stem(type) + "Client";

    /// <summary>The dispatcher class of a capability interface, fully qualified.</summary>
    public static string Server(ITypeSymbol type) => Prefix(type) + Stem(type) + "Server";

    /// <summary>The interface's name without its I.</summary>
    public static string Stem(ITypeSymbol type) => type.Name.Substring(1);

    public static string Namespace(ITypeSymbol type) =>
        type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    public static string Qualified(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    public static string Accessibility(ISymbol symbol) =>
        symbol.DeclaredAccessibility switch
        {
            Microsoft.CodeAnalysis.Accessibility.Public => "public",
            Microsoft.CodeAnalysis.Accessibility.Protected => "protected",
            Microsoft.CodeAnalysis.Accessibility.Private => "private",
            _ => "internal",
        };

    public static AttributeData? Attribute(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(data => data.AttributeClass is { } type && Full(type) == name);

    /// <summary>The attribute's only argument; null when there is no such attribute, or the argument is none that it
    /// takes: the compiler knows of none then.</summary>
    public static object? Argument(ISymbol symbol, string name) =>
        Attribute(symbol, name) is { ConstructorArguments.Length: 1 } data ? data.ConstructorArguments[0].Value : null;

    public static bool Is(ITypeSymbol type, string name) => Full(type) == name;

    private static string Full(ITypeSymbol type) => type.ToDisplayString();

    private static string Prefix(ITypeSymbol type)
    {
        string space = Namespace(type);
        return space.Length == 0 ? "global::" : "global::" + space + ".";
    }
}
