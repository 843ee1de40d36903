// The words in which a composition is written: a domain's needs are filled in with sources of capabilities. Both
// sides are typed by capability interfaces, so that a name left out, misspelt or bound to the wrong thing does not
// compile.

using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;

namespace Eros.Domains.Composition;

/// <summary>
/// Where a capability comes from that can be used as a <typeparamref name="T"/>. A domain is a source of all that it
/// serves: the interface that the need asks for chooses the facet.
/// </summary>
public interface ISource<out T>
{
    /// <summary>The capability, for a holder who takes it as <paramref name="type"/>.</summary>
    ImageCapability Resolve(Type type);
}

/// <summary>The needs of a domain, filled in; generated beside its class as Needs.</summary>
public interface IDomainNeeds<TDomain>
    where TDomain : Domain
{
    IEnumerable<Binding> Bindings { get; }
}

/// <summary>What a composition knows of a domain's class; generated.</summary>
public interface IComposedDomain
{
    static abstract DomainDeclaration Declaration { get; }
}

/// <summary>A name, where the domain looks for it, and what it is bound to.</summary>
/// <param name="Index">Capability register, or number of the window.</param>
public sealed record Binding(string Name, int Index, bool IsWindow, Type Type, ISource<object> Source);

/// <summary>A domain's class.</summary>
/// <param name="Facets">The interfaces that it serves; the place in the list is the facet.</param>
/// <param name="Names">Its named capabilities, from register FirstNamed on.</param>
public sealed record DomainDeclaration(Type Class, IReadOnlyList<Type> Facets, IReadOnlyList<string> Names);
