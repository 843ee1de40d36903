// The constructors of a composition: what the domain that is all constructors finds when it begins. They are sealed
// then, and their holes are found by that domain itself, as if they had been inserted one after the other.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Eros.Domains.Constructor;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

/// <content>Constructors.</content>
public sealed partial class SystemBuilder
{
    private const int ConstructorLimit = Node.SlotCount;

    private readonly List<ConstructorHandle> _constructors = [];
    private readonly Dictionary<string, ImageNode> _images = [];
    private ImageNode? _constructorStore;
    private PageSource? _blueprints;
    private DomainHandle<ConstructorDomain>? _constructor;

    /// <summary>The constructors' nodes, by number: for the domain that is all constructors.</summary>
    public ISource<INode> ConstructorNodes =>
        new FixedSource<INode>((_constructorStore ??= Objects.NewNode()).AsNode());

    /// <summary>A <see cref="BlueprintRecord"/> for each, by number: for the same domain.</summary>
    public ISource<IPage> Blueprints => (_blueprints ??= NewPage()).ReadOnly;

    /// <summary>An empty store of capabilities by number (<see cref="CapabilityStore"/>), with one under 0.</summary>
    public ISource<INode> NewStore()
    {
        ImageNode root = Objects.NewNode();
        PutInto(root, 0, Objects.NewNode().AsNode());
        return new FixedSource<INode>(root.AsNode());
    }

    /// <summary>The void capability, for a name that a program shall have without what it stands for.</summary>
    public ISource<T> Nothing<T>() => Fixed<T>(CapabilityType.Void);

    /// <summary>Says which domain is all constructors.</summary>
    public void UseConstructor(DomainHandle<ConstructorDomain> constructor) => _constructor = constructor;

    /// <summary>
    /// Adds a constructor; what its products begin with is bound later. A client gets a product's
    /// <typeparamref name="TProduct"/>.
    /// </summary>
    public ConstructorHandle<TDomain> AddConstructor<TDomain, TProduct>(string name)
        where TDomain : Domain, IComposedDomain, TProduct
        where TProduct : ICapability
    {
        if (_constructors.Count == ConstructorLimit)
        {
            throw new CompositionException($"{name}: {ConstructorLimit} constructors at most");
        }

        ConstructorHandle<TDomain> handle =
            new(this, name, _constructors.Count, TDomain.Declaration, typeof(TProduct));
        _constructors.Add(handle);
        return handle;
    }

    internal ImageCapability ConstructorFacet(int number) => _constructor is null
        ? throw new CompositionException("the system has no domain for constructors; UseConstructor names it")
        : _constructor.WithBadge((uint)number).Resolve(typeof(IConstructor));

    private void CompleteConstructors()
    {
        foreach (ConstructorHandle handle in _constructors)
        {
            ElfProgram program = Program(handle.Declaration.Class);
            ImageNode materials = Objects.NewNode();
            PutInto(_constructorStore!, Materials.Node(handle.Number), materials.AsNode());
            materials.Slots[Materials.Image] = ImageOf(handle, program);
            BlueprintRecord record = new()
            {
                Entry = program.Entry,
                StackTop = SpaceLayout.StackTop - sizeof(ulong),
                Payload = Message.Payload(handle.Facet, 0),
                Argument = Constructors.Constituents,
                Self = Constructors.Constituents,
                IsThere = 1,
            };
            Insert(handle, materials, ref record);
            MemoryMarshal.Write(
                _blueprints!.Page.Contents.AsSpan(handle.Number * BlueprintRecord.SizeInBytes), record);
        }
    }

    private static void Insert(ConstructorHandle handle, ImageNode materials, ref BlueprintRecord record)
    {
        IReadOnlyList<Binding> bindings = handle.Bindings ?? (handle.Declaration.Names.Count == 0
            ? []
            : throw new CompositionException($"{handle.Name}: Bind was not called"));
        foreach (Binding binding in bindings)
        {
            int number = binding.Index - CapabilityRegisters.FirstNamed;
            if (binding.IsWindow || number >= Constructors.Constituents)
            {
                throw new CompositionException(
                    $"{handle.Name}: {binding.Name} cannot be given to products; {Constructors.Constituents} "
                    + "capabilities can, and no windows");
            }

            if (binding.Source is IClientArgument)
            {
                record.Argument = (uint)number;
            }
            else if (binding.Source is OwnProcess)
            {
                record.Self = (uint)number;
            }
            else
            {
                materials.Slots[number] = binding.Source.Resolve(binding.Type);
                record.Constituents |= 1u << number;
            }
        }
    }

    /// <summary>The pages of a program as all its products begin with them; they can only be read.</summary>
    private ImageCapability ImageOf(ConstructorHandle handle, ElfProgram program)
    {
        string name = handle.Declaration.Class.FullName!;
        if (!_images.TryGetValue(name, out ImageNode? root))
        {
            SpaceTree tree = new(Objects);
            foreach (ProgramPage page in program.Pages)
            {
                ImagePage made = PageOf(Objects, name, page);
                tree.Put(page.Address, ImageCapability.Of(made, page.Rights | Rights.ReadOnly));
            }

            root = tree.Root;
            _images.Add(name, root);
        }

        return root.AsLevel() with { Rights = Rights.ReadOnly | Rights.Weak | Rights.NoCall };
    }

    /// <summary>Stores a capability under a number (<see cref="CapabilityStore"/>).</summary>
    private void PutInto(ImageNode root, int number, ImageCapability capability)
    {
        ImageNode branch = Below(root, number >> (2 * Guard.NodeLog2));
        ImageNode leaf = Below(branch, number >> Guard.NodeLog2);
        leaf.Slots[number % Node.SlotCount] = capability;
    }

    private ImageNode Below(ImageNode above, int number)
    {
        ref ImageCapability? slot = ref above.Slots[number % Node.SlotCount];
        slot ??= Objects.NewNode().AsNode();
        return (ImageNode)slot.Target!;
    }
}
