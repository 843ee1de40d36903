// DomainHandle: one domain of a composition: its program, its space and process, and what its needs are bound to.

using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

/// <summary>What can be said of a domain when it is added.</summary>
public sealed record DomainOptions
{
    /// <summary>0 (least urgent) to 31.</summary>
    public int Priority { get; init; } = 8;

    /// <summary>Home frames that it may buy from its bank, beside those that it begins with.</summary>
    public ulong StorageLimit { get; init; } = 512;

    /// <summary>Pages of its heap at the start; more are bought.</summary>
    public int HeapPages { get; init; } = 16;

    /// <summary>Pages of its stack.</summary>
    public int StackPages { get; init; } = 16;

    /// <summary>After a fault it starts again from its entry.</summary>
    public bool Restarts { get; init; }

    /// <summary>Nobody may look at it, or end it, with the debugger.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Others cannot go on without it: the debugger does not end it.</summary>
    public bool IsVital { get; init; }

    /// <summary>
    /// FS base is a page of zeros, at <see cref="SpaceLayout.Own"/>: compiled C finds its stack guard through it.
    /// </summary>
    public bool HasThreadArea { get; init; }
}

/// <summary>A domain, whatever its class.</summary>
public abstract class DomainHandle
{
    private protected DomainHandle(
        string name, int number, DomainDeclaration declaration, DomainOptions options, ImageObjects objects)
    {
        Name = name;
        Number = number;
        Declaration = declaration;
        Options = options;
        Objects = objects;
        Space = new SpaceTree(objects);
        Process = objects.NewProcess();
        Process.Label = name;
    }

    public string Name { get; }

    /// <summary>
    /// Its place in the composition: slot and record at the warden's.
    /// </summary>
    public int Number { get; }

    public DomainDeclaration Declaration { get; }

    public DomainOptions Options { get; }

    internal ImageObjects Objects { get; }

    internal SpaceTree Space { get; }

    internal ImageProcess Process { get; }

    internal IReadOnlyList<Binding>? Bindings { get; private protected set; }

    /// <summary>Of the domain's own space, for processes that are to run in it.</summary>
    public ISource<ISpace> OwnSpace => new FixedSource<ISpace>(Space.Root.AsSpace(Rights.None));

    /// <summary>Total authority over the domain's process: for the domain itself, which makes its facets by it.
    /// </summary>
    public ISource<IProcess> OwnProcess =>
        new FixedSource<IProcess>(new ImageCapability(CapabilityType.Process, Process));

    /// <summary>
    /// Brands the domain's process, and gives the brand: for the domain itself, which knows its facets by it.
    /// </summary>
    public ISource<IBrand> Brand()
    {
        Process.Brand = new ImageCapability(CapabilityType.Start, Process, uint.MaxValue, Rights.FixedPayload);
        return new FixedSource<IBrand>(Process.Brand);
    }

    /// <summary>Sets bits of the domain's pending notifications.</summary>
    public ISource<INotification> Notification(uint mask) =>
        new FixedSource<INotification>(new ImageCapability(CapabilityType.Notification, Process, mask));

    /// <summary>The node of the domain's space around an address of the regions that are left to it.</summary>
    public ISource<INode> OwnLeaf(ulong address) => new FixedSource<INode>(Space.Leaf(address).AsNode());

    /// <summary>The node of the level above <see cref="OwnLeaf"/>.</summary>
    public ISource<INode> OwnRegion(ulong address) => new FixedSource<INode>(Space.Region(address).AsNode());

    /// <summary>Puts a page into the domain's space.</summary>
    public void Map(ulong address, PageSource page) => Space.Put(address, page.Resolve(typeof(IPage)));

    internal ImageCapability Start(Type type, uint badge)
    {
        for (int facet = 0; facet < Declaration.Facets.Count; facet++)
        {
            if (Declaration.Facets[facet] == type)
            {
                return new ImageCapability(
                    CapabilityType.Start, Process, Message.Payload(facet, badge), Rights.FixedPayload);
            }
        }

        throw new CompositionException($"{Name} does not serve {type.Name}");
    }
}

/// <summary>
/// A domain of class <typeparamref name="TDomain"/>, and a source of every capability interface that the class
/// serves.
/// </summary>
public sealed class DomainHandle<TDomain> : DomainHandle, ISource<TDomain>
    where TDomain : Domain
{
    internal DomainHandle(
        string name, int number, DomainDeclaration declaration, DomainOptions options, ImageObjects objects)
        : base(name, number, declaration, options, objects)
    {
    }

    /// <summary>Says what each name of the domain stands for.</summary>
    public void Bind(IDomainNeeds<TDomain> needs) => Bindings = [.. needs.Bindings];

    /// <summary>The domain as its servers see this caller: a badge that cannot be forged.</summary>
    public ISource<TDomain> WithBadge(uint badge) => new Badged(this, badge);

    /// <summary>
    /// The domain for who makes forwarders to it: their words are the badges. For the domain itself alone.
    /// </summary>
    public ISource<TDomain> Open => new OpenStart(this);

    /// <inheritdoc/>
    public ImageCapability Resolve(Type type) => Start(type, 0);

    private sealed class OpenStart(DomainHandle<TDomain> handle) : ISource<TDomain>
    {
        private readonly DomainHandle<TDomain> _handle = handle;

        public ImageCapability Resolve(Type type) => _handle.Start(type, 0) with { Rights = Rights.None };
    }

    private sealed class Badged(DomainHandle<TDomain> handle, uint badge) : ISource<TDomain>
    {
        private readonly DomainHandle<TDomain> _handle = handle;
        private readonly uint _badge = badge;

        public ImageCapability Resolve(Type type) => _handle.Start(type, _badge);
    }
}
