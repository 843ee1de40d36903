// ConstructorHandle: a program of which a composition makes a constructor instead of a domain. Its products are made
// when somebody asks for them; what they begin with is said here, as for a domain.

using System;
using System.Collections.Generic;
using Eros.Domains.Constructor;
using Eros.Domains.Runtime;

namespace Eros.Domains.Composition;

/// <summary>A constructor, whatever its program.</summary>
public abstract class ConstructorHandle
{
    private protected ConstructorHandle(string name, int number, DomainDeclaration declaration, Type product)
    {
        Name = name;
        Number = number;
        Declaration = declaration;
        Facet = FacetOf(product);
    }

    public string Name { get; }

    /// <summary>Its number at the domain that is all constructors.</summary>
    public int Number { get; }

    public DomainDeclaration Declaration { get; }

    /// <summary>The facet that a client gets of its product.</summary>
    internal int Facet { get; }

    internal IReadOnlyList<Binding>? Bindings { get; private protected set; }

    private int FacetOf(Type product)
    {
        for (int facet = 0; facet < Declaration.Facets.Count; facet++)
        {
            if (Declaration.Facets[facet] == product)
            {
                return facet;
            }
        }

        throw new CompositionException($"{Name} does not serve {product.Name}");
    }
}

/// <summary>A constructor of a program of class <typeparamref name="TDomain"/>, and a source of it.</summary>
public sealed class ConstructorHandle<TDomain> : ConstructorHandle, ISource<IConstructor>
    where TDomain : Domain
{
    private readonly SystemBuilder _system;

    internal ConstructorHandle(
        SystemBuilder system, string name, int number, DomainDeclaration declaration, Type product)
        : base(name, number, declaration, product) => _system = system;

    /// <summary>
    /// Says what each name of the program stands for in every product; one may be <see cref="ClientArgument{T}"/>.
    /// </summary>
    public void Bind(IDomainNeeds<TDomain> needs) => Bindings = [.. needs.Bindings];

    /// <inheritdoc/>
    public ImageCapability Resolve(Type type) => _system.ConstructorFacet(Number);
}

/// <summary>In the place of a constituent: what the client hands over when it requests a product.</summary>
public sealed class ClientArgument<T> : ISource<T>, IClientArgument
    where T : ICapability
{
    /// <inheritdoc/>
    public ImageCapability Resolve(Type type) =>
        throw new CompositionException($"only constructors have clients; here {type.Name} must be bound to a source");
}

/// <summary>Any <see cref="ClientArgument{T}"/>.</summary>
internal interface IClientArgument;

/// <summary>In the place of a constituent: each product's own process.</summary>
public sealed class OwnProcess : ISource<IProcess>
{
    /// <inheritdoc/>
    public ImageCapability Resolve(Type type) =>
        throw new CompositionException("only products of constructors; a domain is bound to its handle's OwnProcess");
}
