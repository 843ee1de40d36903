// ProcessCreatorDomain: all process creators. Each is a forwarder to this process with the creator's number; its
// brand is the capability of that forwarder's node, which nobody else has, and which is never that of another object.
//
// Creator 0 is the system's, made by the composition. When a creator's bank is destroyed its node is void, and so
// are the forwarder, and the brand for whoever compares it; its number is used again.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.ProcessCreator;

/// <summary>Facets: makes creators; is one, by the badge.</summary>
[Domain]
public sealed partial class ProcessCreatorDomain : Domain, IProcessCreators, IProcessCreator
{
    private const uint CreatorFacet = 1;
    private const int BadgeShift = 8;

    // Numbers that were ever given, and the next that is looked at whether it can be given again.
    private int _count = 1;
    private int _probe = 1;
    private CapabilityStore? _brands;

    /// <summary>This very process: what the forwarders go to.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial IProcessTool ProcessTool { get; }

    /// <summary>The creators' brands, by number.</summary>
    [Capability]
    internal partial INode Brands { get; }

    private CapabilityStore Store => _brands ??= new CapabilityStore(Brands, Bank);

    /// <inheritdoc/>
    public Result MakeCreator(ISpaceBank bank, out IProcessCreator creator)
    {
        creator = ProcessCreatorClient.Void;
        Result result = Demand(bank);
        if (result != Result.Ok)
        {
            return result;
        }

        result = bank.BuyForwarder(out INode node);
        if (result != Result.Ok)
        {
            return result;
        }

        int number = NextNumber();
        result = Store.Put(number, node);
        if (result != Result.Ok)
        {
            bank.Free(node);
            return result;
        }

        _count = number == _count ? _count + 1 : _count;
        Self.MakeOpenStart(0, out ICapability self);
        node.Swap(0, self, out _);
        node.SetWord(CreatorFacet | ((uint)number << BadgeShift));
        result = node.MakeForwarder(out ICapability forwarder);
        creator = ProcessCreatorClient.Of(forwarder);
        return result;
    }

    /// <inheritdoc/>
    public Result Create(ISpaceBank bank, out IProcess process)
    {
        process = ProcessClient.Void;
        Result result = Demand(bank);
        if (result == Result.Ok)
        {
            result = Store.Get((int)Badge, out ICapability brand);
            result = result == Result.Ok ? bank.BuyProcess(out process) : result;
            result = result == Result.Ok ? process.SwapSlot(ProcessSlot.Brand, brand, out _) : result;
        }

        return result;
    }

    /// <inheritdoc/>
    public Result Amplify(ICapability start, out IProcess process)
    {
        process = ProcessClient.Void;
        Result result = Store.Get((int)Badge, out ICapability brand);
        return result == Result.Ok ? ProcessTool.AmplifyStart(start, brand, out _, out process) : result;
    }

    // Only what the bank itself vouches for is called: anything else might never answer.
    private Result Demand(ISpaceBank bank)
    {
        Result result = Bank.Verify(bank, out bool isBank);
        return result == Result.Ok && !isBank ? Result.NoAccess : result;
    }

    // A number whose brand is void has lost its node. One is looked at for each creator that is made, so that a dead
    // one is found again before many more are made.
    private int NextNumber()
    {
        int probe = _probe;
        _probe = probe + 1 < _count ? probe + 1 : 1;
        return probe < _count
            && Store.Get(probe, out ICapability brand) == Result.Ok
            && Capabilities.IsVoid(brand)
            ? probe
            : _count;
    }
}
