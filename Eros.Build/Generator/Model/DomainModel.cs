// The model of a domain: its class, the capabilities it needs by name, and the interfaces that it serves.

using System;

namespace Eros.Build.Generator.Model;

/// <summary>What a needed thing is bound to.</summary>
internal enum NeedKind
{
    /// <summary>A capability register.</summary>
    Capability,

    /// <summary>A page of the domain's space.</summary>
    Window,
}

/// <summary>A property of the domain that the composition binds.</summary>
/// <param name="Type">Fully qualified type of the property.</param>
/// <param name="Client">Fully qualified client class; empty for windows.</param>
/// <param name="Index">Capability register, or number of the window.</param>
internal sealed record NeedModel(
    string Name, string Type, string Client, string Accessibility, NeedKind Kind, int Index)
    : IEquatable<NeedModel>;

/// <summary>A capability interface that the domain implements; its place in the list is its facet.</summary>
internal sealed record FacetModel(string Type, string Server) : IEquatable<FacetModel>;

/// <summary>A class marked [Domain].</summary>
internal sealed record DomainModel(
    string Namespace,
    string Name,
    string Accessibility,
    EquatableArray<NeedModel> Needs,
    EquatableArray<FacetModel> Facets)
    : IEquatable<DomainModel>;

/// <summary>What the compilation that the generator runs in has.</summary>
/// <param name="IsFreestanding">The image's core library: the domain's entry is emitted.</param>
/// <param name="IsComposable">The host's composition types: the needs are emitted as a class to fill in.</param>
internal sealed record TargetModel(bool IsFreestanding, bool IsComposable) : IEquatable<TargetModel>;
