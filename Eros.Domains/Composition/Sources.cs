// Sources: what a composition can bind a need to, beside domains.

using System;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

/// <summary>One capability, whatever it is taken as.</summary>
internal sealed class FixedSource<T>(ImageCapability capability) : ISource<T>
{
    private readonly ImageCapability _capability = capability;

    public ImageCapability Resolve(Type type) => _capability;
}

/// <summary>A page that domains share or hand on.</summary>
public sealed class PageSource : ISource<IPage>
{
    private readonly Rights _rights;

    internal PageSource(ImagePage page, Rights rights)
    {
        Page = page;
        _rights = rights;
    }

    /// <summary>The same page for who may only read it.</summary>
    public PageSource ReadOnly => new(Page, Rights.ReadOnly | Rights.NoExecute);

    internal ImagePage Page { get; }

    /// <inheritdoc/>
    public ImageCapability Resolve(Type type) => ImageCapability.Of(Page, _rights);
}

/// <summary>A node of capabilities of one type, for who may fetch them.</summary>
public sealed class NodeSource<T> : ISource<INode>
    where T : ICapability
{
    private readonly ImageNode _node;

    internal NodeSource(ImageObjects objects) => _node = objects.NewNode();

    /// <summary>What stands in a slot.</summary>
    public ISource<T> this[uint slot]
    {
        set => _node.Slots[slot] = value.Resolve(typeof(T));
    }

    /// <summary>Puts into a slot what is of another type than most.</summary>
    public void Put<TOther>(uint slot, ISource<TOther> source)
        where TOther : T => _node.Slots[slot] = source.Resolve(typeof(TOther));

    /// <inheritdoc/>
    public ImageCapability Resolve(Type type) => _node.AsNode() with { Rights = Rights.ReadOnly };
}

/// <summary>Names and capabilities, as <see cref="Directory"/> reads them.</summary>
public sealed class DirectorySource
{
    private readonly ImageNode _node;
    private readonly PageSource _names;
    private int _count;

    internal DirectorySource(ImageObjects objects)
    {
        _node = objects.NewNode();
        _names = new PageSource(objects.NewPage(), Rights.ReadOnly | Rights.NoExecute);
        Node = new FixedSource<INode>(_node.AsNode() with { Rights = Rights.ReadOnly });
    }

    /// <summary>The capabilities.</summary>
    public ISource<INode> Node { get; }

    /// <summary>The names, in the same order.</summary>
    public ISource<IPage> Names => _names;

    /// <summary>Enters a program under a name.</summary>
    public void Add(string name, ISource<IProgram> program)
    {
        if (_count == Directory.Limit || System.Text.Encoding.UTF8.GetByteCount(name) >= Directory.NameBytes)
        {
            throw new CompositionException($"{name}: a directory holds {Directory.Limit} short names");
        }

        Span<byte> entry = _names.Page.Contents.AsSpan(_count * Directory.NameBytes, Directory.NameBytes);
        System.Text.Encoding.UTF8.GetBytes(name, entry);
        _node.Slots[_count++] = program.Resolve(typeof(IProgram));
    }
}
