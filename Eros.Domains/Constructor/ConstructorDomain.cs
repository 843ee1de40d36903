// ConstructorDomain: all constructors. Each has two forwarders to this process, one for its builder and one for its
// clients, which the facet in the payload tells apart; the badge is its number. What a constructor holds stands in a
// node of its own (Materials), bought from its builder's bank: when that is destroyed, so is the constructor.
//
// It calls the kernel, the bank and services of the system, and never what builders or clients have handed over:
// constituents are judged and compared by the kernel, and banks are vouched for before they are asked.

using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Constructor;

/// <summary>Facets: the metaconstructor; a builder's; a client's.</summary>
[Domain]
public sealed unsafe partial class ConstructorDomain
    : Domain, IMetaConstructor, IConstructorBuilder, IConstructor
{
    private readonly List<Blueprint> _blueprints = [];
    private CapabilityStore _store = null!;
    private Confinement _confinement = null!;
    private ProductMaker _maker = null!;
    private int _probe;

    /// <summary>This very process: what the forwarders go to.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    /// <summary>What this process is branded with: by it, it knows its own facets.</summary>
    [Capability]
    internal partial IBrand Brand { get; }

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial IDiscrim Discrim { get; }

    [Capability]
    internal partial IProcessTool ProcessTool { get; }

    [Capability]
    internal partial IProcessCreator Creator { get; }

    [Capability]
    internal partial IVirtualCopies VirtualCopies { get; }

    /// <summary>The constructors' nodes, by number.</summary>
    [Capability]
    internal partial INode Nodes { get; }

    /// <summary>The composition's constructors: <see cref="BlueprintRecord"/>s, by number.</summary>
    [Capability]
    internal partial MappedPage FirstBlueprints { get; }

    // The generated dispatch hands out badges that forwarders of this process have, and those have numbers.
    private Blueprint Called => _blueprints[(int)Badge];

    /// <inheritdoc/>
    public Result MakeConstructor(ISpaceBank bank, out IConstructorBuilder builder)
    {
        builder = ConstructorBuilderClient.Void;
        Result result = Demand(bank);
        int number = NextNumber();
        result = result == Result.Ok && number == Materials.Limit ? Result.LimitReached : result;
        if (result != Result.Ok)
        {
            return result;
        }

        result = bank.BuyNode(out INode materials);
        if (result == Result.Ok)
        {
            result = Store(bank, Materials.Node(number), materials);
            result = result == Result.Ok ? MakeFacet(bank, number, Facets.Builder) : result;
            result = result == Result.Ok ? MakeFacet(bank, number, Facets.Client) : result;
        }

        if (result != Result.Ok)
        {
            Unmake(bank, number);
            return result;
        }

        Remember(number);
        result = Facet(number, Facets.Builder, out ICapability facet);
        builder = ConstructorBuilderClient.Of(facet);
        return result;
    }

    /// <inheritdoc/>
    public Result Insert(uint number, ICapability constituent) => number < Constructors.Constituents
        ? Set(number, constituent)
        : Result.BadArgument;

    /// <inheritdoc/>
    public Result SetKeeper(ICapability keeper) => Set(Materials.Keeper, keeper);

    /// <inheritdoc/>
    public Result SetProgram(INode image, ulong entry, ulong stackTop)
    {
        Result result = OpenMaterials(isSealed: false, out INode materials);
        if (result != Result.Ok)
        {
            return result;
        }

        // A product's space is made with the image as its background, where it can only be read (IVirtualCopies).
        Called.Entry = entry;
        Called.StackTop = stackTop;
        return materials.Put(Materials.Image, image);
    }

    /// <inheritdoc/>
    public Result SetStart(uint payload, uint argument, uint self)
    {
        Result result = OpenMaterials(isSealed: false, out _);
        if (result == Result.Ok)
        {
            Called.Payload = payload;
            Called.Argument = argument;
            Called.Self = self;
        }

        return result;
    }

    /// <inheritdoc/>
    public Result Seal(out IConstructor constructor)
    {
        constructor = ConstructorClient.Void;
        Result result = OpenMaterials(isSealed: false, out _);
        if (result != Result.Ok)
        {
            return result;
        }

        result = Facet((int)Badge, Facets.Client, out ICapability facet);
        Called.IsSealed = result == Result.Ok;
        constructor = ConstructorClient.Of(facet);
        return result;
    }

    /// <inheritdoc/>
    public Result IsConfined(out bool isConfined)
    {
        Result result = Holes(out uint holes);
        isConfined = result == Result.Ok && holes == 0;
        return result;
    }

    /// <inheritdoc/>
    public Result Holes(out uint holes)
    {
        holes = Called.Holes;
        return OpenMaterials(isSealed: true, out _);
    }

    /// <inheritdoc/>
    public Result FindHoles(ICapability thing, out uint holes)
    {
        holes = 0;
        Result result = OpenMaterials(isSealed: true, out INode materials);
        for (int bit = 0; Called.Holes >> bit != 0 && result == Result.Ok; bit++)
        {
            if (((Called.Holes >> bit) & 1) == 0)
            {
                continue;
            }

            materials.Fetch((uint)bit, out ICapability hole);
            result = Discrim.Compare(hole, thing, out uint comparison);
            holes |= comparison == DiscrimComparison.Same ? 1u << bit : 0;
            Capabilities.Release(hole);
        }

        return result;
    }

    /// <inheritdoc/>
    public Result Request(ISpaceBank bank, ISchedule schedule, ICapability argument, out ICapability product)
    {
        product = CapabilityClient.At(0);
        Result result = OpenMaterials(isSealed: true, out INode materials);
        result = result == Result.Ok ? Demand(bank) : result;
        if (result != Result.Ok)
        {
            return result;
        }

        result = Discrim.Classify(schedule, out uint found, out _);
        if (result != Result.Ok || found != DiscrimClass.Schedule)
        {
            return result == Result.Ok ? Result.NoAccess : result;
        }

        return _maker.Make(Called, materials, bank, schedule, argument, out product);
    }

    protected override void Main()
    {
        _store = new CapabilityStore(Nodes, Bank);
        _confinement = new Confinement(Discrim, ProcessTool, Brand, _blueprints);
        _maker = new ProductMaker(Creator, VirtualCopies);
        int records = MappedPage.SizeInBytes / BlueprintRecord.SizeInBytes;
        for (int i = 0; i < records && Record(i).IsThere != 0; i++)
        {
            Blueprint blueprint = Blueprint.From(in Record(i));
            _blueprints.Add(blueprint);
            Adopt(blueprint, i, Record(i).Constituents);
            CapabilityRegisters.Current.ReleaseTemporaries();
        }
    }

    // The composition has put the constituents into the node, as a builder would have; they are judged all the same.
    private void Adopt(Blueprint blueprint, int number, uint constituents)
    {
        _store.Get(Materials.Node(number), out ICapability node);
        INode materials = NodeClient.Of(node);
        for (int bit = 0; constituents >> bit != 0; bit++)
        {
            if (((constituents >> bit) & 1) != 0)
            {
                materials.Fetch((uint)bit, out ICapability constituent);
                bool isJudged = _confinement.Judge(constituent, out bool isSafe) == Result.Ok;
                blueprint.Set(bit, isJudged && isSafe);
                Capabilities.Release(constituent);
            }
        }

        blueprint.IsSealed = true;
    }

    private ref BlueprintRecord Record(int number) =>
        ref Unsafe.Add(ref Unsafe.AsRef<BlueprintRecord>(FirstBlueprints.Address), number);

    // Only what the bank itself vouches for is called: anything else might never answer.
    private Result Demand(ISpaceBank bank)
    {
        Result result = Bank.Verify(bank, out bool isBank);
        return result == Result.Ok && !isBank ? Result.NoAccess : result;
    }

    // The node of the constructor that was called, if that is sealed, or open, as the order wants it.
    private Result OpenMaterials(bool isSealed, out INode materials)
    {
        Result result = _store.Get(Materials.Node((int)Badge), out ICapability node);
        materials = NodeClient.Of(node);
        return result != Result.Ok || Called.IsSealed == isSealed ? result
            : isSealed ? Constructors.NotSealed
            : Constructors.Sealed;
    }

    private Result Set(uint slot, ICapability constituent)
    {
        Result result = OpenMaterials(isSealed: false, out INode materials);
        if (result != Result.Ok)
        {
            return result;
        }

        result = _confinement.Judge(constituent, out bool isSafe);
        if (result != Result.Ok)
        {
            return result;
        }

        result = materials.Put(slot, constituent);
        if (result == Result.Ok)
        {
            Called.Set((int)slot, isSafe);
        }

        return result;
    }

    private Result MakeFacet(ISpaceBank bank, int number, int facet)
    {
        Result result = bank.BuyForwarder(out INode forwarder);
        if (result == Result.Ok)
        {
            Self.MakeOpenStart(0, out ICapability self);
            forwarder.Swap(0, self, out _);
            forwarder.SetWord(Facets.Of(facet, number));
            result = Store(bank, Materials.Forwarder(number, facet), forwarder);
        }

        return result;
    }

    // What cannot be stored goes back to the bank.
    private Result Store(ISpaceBank bank, int place, ICapability bought)
    {
        Result result = _store.Put(place, bought);
        if (result != Result.Ok)
        {
            bank.Free(bought);
        }

        return result;
    }

    private Result Facet(int number, int facet, out ICapability capability)
    {
        _store.Get(Materials.Forwarder(number, facet), out ICapability forwarder);
        return NodeClient.Of(forwarder).MakeForwarder(out capability);
    }

    private void Unmake(ISpaceBank bank, int number)
    {
        for (int place = Materials.Node(number); place < Materials.Node(number + 1); place++)
        {
            if (_store.Get(place, out ICapability bought) == Result.Ok)
            {
                bank.Free(bought);
                Capabilities.Release(bought);
            }
        }
    }

    private void Remember(int number)
    {
        if (number == _blueprints.Count)
        {
            _blueprints.Add(new Blueprint());
        }
        else
        {
            _blueprints[number] = new Blueprint();
        }
    }

    // One number is looked at for each constructor that is made, so that a dead one is found again before many more are
    // made.
    private int NextNumber()
    {
        int probe = _probe;
        _probe = probe + 1 < _blueprints.Count ? probe + 1 : 0;
        return probe < _blueprints.Count && IsDead(probe) ? probe : _blueprints.Count;
    }

    private bool IsDead(int number)
    {
        bool isDead = true;
        for (int place = Materials.Node(number); place < Materials.Node(number + 1) && isDead; place++)
        {
            Result result = _store.Get(place, out ICapability thing);
            isDead = result == Result.VoidCapability || (result == Result.Ok && Capabilities.IsVoid(thing));
            Capabilities.Release(thing);
        }

        return isDead;
    }
}
