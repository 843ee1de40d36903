using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.BustleWorker;

/// <summary>
/// Other workers are made, and write into their copies of the program and into pages that come into being; spaces are
/// made, frozen, copied and frozen again.
/// </summary>
internal sealed class CopyWork(
    ISpaceBank bank, ISchedule schedule, IConstructor workers, IVirtualCopies copies) : Bustling
{
    private const ulong Limit = 400;
    private const uint MostPages = 20;
    private const uint Growing = 1 << SpaceLayout.OwnRegion;

    private readonly ISpaceBank _bank = bank;
    private readonly ISchedule _schedule = schedule;
    private readonly IConstructor _workers = workers;
    private readonly IVirtualCopies _copies = copies;
    private ulong _before;

    protected override void Begin()
    {
        Make();
        _before = UsedOf(_bank);
    }

    protected override void Round()
    {
        Make();
        Ledger.Demand(UsedOf(_bank) == _before, Claim.AllIsGivenBack);
    }

    private void Make()
    {
        Ledger.Enter(BustleStep.Open);
        Succeed(_bank.CreateChild(Limit, out ISpaceBank child));
        Ledger.Enter(BustleStep.Request);
        Succeed(_workers.Request(child, _schedule, CapabilityClient.At(0), out ICapability product));
        IBustleWorker worker = BustleWorkerClient.Of(product);
        uint pages = 1 + Dice.Below(MostPages);
        for (ulong seed = Ledger.Rounds; seed < Ledger.Rounds + 2; seed++)
        {
            Ledger.Enter(BustleStep.Touch);
            Succeed(worker.Touch(seed, pages, out ulong sum));
            Ledger.Demand(sum == OwnPages.Sum(seed, pages), Claim.SumIsRight);
        }

        Freeze(child);
        Ledger.Enter(BustleStep.Destroy);
        Succeed(child.Destroy());
        ReleaseVoid(worker, Claim.DestroyedIsVoid);
        ReleaseVoid(child, Claim.DestroyedIsVoid);
    }

    private void Freeze(ISpaceBank child)
    {
        INode image = NodeClient.Void;
        for (int i = 0; i < 2; i++)
        {
            Ledger.Enter(BustleStep.Freeze);
            Succeed(_copies.Make(child, image, Growing, SpaceOptions.None, out ISpace space, out INode root));
            Capabilities.Release(image);
            Succeed(_copies.Freeze(space, out image));
            Ledger.Demand(Capabilities.TypeOf(image) == CapabilityType.Node, Claim.ContentsStay);
            Capabilities.Release(space);
            Capabilities.Release(root);
        }

        Capabilities.Release(image);
    }
}

/// <summary>Pages of a worker's own space that come into being when they are touched.</summary>
internal static unsafe class OwnPages
{
    private const int WordsOfPage = MappedPage.SizeInBytes / sizeof(ulong);
    private const int Stride = 64;

    /// <summary>Writes what <see cref="Sum"/> adds up, then reads it.</summary>
    public static ulong Fill(ulong seed, uint pages)
    {
        ulong* words = (ulong*)OwnMemory.At(SpaceLayout.Own);
        for (uint i = 0; i < pages * WordsOfPage; i += Stride)
        {
            words[i] = Word(seed, i);
        }

        ulong sum = 0;
        for (uint i = 0; i < pages * WordsOfPage; i += Stride)
        {
            sum += words[i];
        }

        return sum;
    }

    public static ulong Sum(ulong seed, uint pages)
    {
        ulong sum = 0;
        for (uint i = 0; i < pages * WordsOfPage; i += Stride)
        {
            sum += Word(seed, i);
        }

        return sum;
    }

    private static ulong Word(ulong seed, uint place) => (seed + 1) * 0xD1B54A32D192ED03 ^ place;
}
