using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>
/// The pause of a snapshot with very many pages dirty, each mapped and written a moment before. They are dirtied by a
/// process more urgent than the store's thread, which asks for the checkpoint before anybody else runs: so that where
/// the store asks for one itself, since many pages are dirty, that is the same one.
/// </summary>
internal sealed class ManyDirty
{
    private readonly ICheckpoint _checkpoint;
    private readonly CounterReader _counters;
    private readonly WideSpace _space;
    private readonly ISpaceBank _bank;
    private readonly ICapability _child;

    /// <param name="checkpoint">Takes them.</param>
    /// <param name="counters">Has the pause.</param>
    /// <param name="storage">Has a bank made below it, which sells the pages.</param>
    /// <param name="own">This domain's space.</param>
    /// <param name="schedule">More urgent than everything.</param>
    public ManyDirty(
        ICheckpoint checkpoint, CounterReader counters, ISpaceBank storage, ISpace own, ISchedule schedule)
    {
        _checkpoint = checkpoint;
        _counters = counters;
        storage.Account(out _, out ulong limit, out _);
        storage.CreateChild(limit, out _bank);
        _space = new WideSpace(_bank, own);
        ISpace whole = _space.Whole();
        IProcess process = new ChildMaker(_bank, whole, schedule).Make(Child.Dirty);
        Capabilities.Release(whole);
        process.PutRegister(1, checkpoint);
        process.MakeStart(0, out _child);
        Capabilities.Release(process);
    }

    /// <summary>So many snapshots of so many pages; one more before, which does not count.</summary>
    public PauseFigures Measure(int pages, int samples)
    {
        _space.GrowTo(pages);
        _checkpoint.Take(out ulong generation);
        _checkpoint.WaitSettled(generation);
        ulong[] pauses = new ulong[samples];
        ulong frames = ulong.MaxValue;
        for (int sample = -1; sample < samples; sample++)
        {
            KernelCounters counters = Once((ulong)pages);
            if (sample >= 0)
            {
                pauses[sample] = counters.SnapshotCycles;
                frames = counters.SnapshotFrames < frames ? counters.SnapshotFrames : frames;
            }
        }

        return new PauseFigures(pages, frames, new Figures(pauses));
    }

    /// <summary>Gives back all that was bought.</summary>
    public void End() => _bank.Destroy();

    private KernelCounters Once(ulong pages)
    {
        MessageRegisters message = default;
        message.Word1 = WideSpace.First;
        message.Word2 = pages;
        message.Call(CapabilityClient.RegisterOf(_child), 0, 0);
        ulong generation = message.Word1;
        _checkpoint.WaitCommitted(generation);
        _checkpoint.WaitSettled(generation);
        return _counters.Read();
    }
}

/// <summary>What the pauses with a number of pages came to.</summary>
/// <param name="pages">That were written.</param>
/// <param name="frames">That the kernel found dirty, at least: tag blocks too.</param>
/// <param name="figures">Of the pauses.</param>
internal readonly struct PauseFigures(int pages, ulong frames, Figures figures)
{
    public int Pages { get; } = pages;

    public ulong Frames { get; } = frames;

    public Figures Figures { get; } = figures;
}
