// BustleWorkerDomain: keeps one service busy for ever, and checks all that it is told. It knows nothing of power cuts:
// what it checks must hold whenever it runs, and so after each.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BustleWorker;

/// <summary>One program for all tasks; a constructor makes its processes.</summary>
[Domain]
public sealed partial class BustleWorkerDomain : Domain, IBustleWorker
{
    private Ledger? _ledger;

    /// <summary>The page of all records.</summary>
    [Capability]
    internal partial IPage Records { get; }

    /// <summary>This very process: it makes the target of forwarders.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    [Capability]
    internal partial ICheckpoint Persistence { get; }

    /// <summary>Of what the worker has made.</summary>
    [Capability]
    internal partial ISchedule Schedule { get; }

    [Capability]
    internal partial IConstructor Pipes { get; }

    [Capability]
    internal partial IConstructor Directories { get; }

    [Capability]
    internal partial IConstructor Multiplexers { get; }

    [Capability]
    internal partial IVirtualCopies Copies { get; }

    /// <inheritdoc/>
    public Result Begin(uint task, uint number, ISpaceBank bank, ICapability thing)
    {
        Capabilities.Keep(bank);
        Capabilities.Keep(thing);
        Ledger ledger = new(Records, number, (BustleTask)task);
        Bustling? work = (BustleTask)task switch
        {
            BustleTask.Bank => new BankWork(bank),
            BustleTask.Product => new ProductWork(bank, Schedule, Pipes, Directories, Multiplexers),
            BustleTask.Copy => new CopyWork(bank, Schedule, ConstructorClient.Of(thing), Copies),
            BustleTask.Writer => new WriterWork(PipeWriterClient.Of(thing)),
            BustleTask.Reader => new ReaderWork(PipeReaderClient.Of(thing)),
            BustleTask.Directory => new DirectoryWork(bank, DirectoryClient.Of(thing)),
            BustleTask.Poster => new PosterWork(EventMultiplexerClient.Of(thing)),
            BustleTask.Waiter => new WaiterWork(EventMultiplexerClient.Of(thing)),
            BustleTask.Gatekeeper => new GatekeeperWork(NodeClient.Of(thing), Sleep),
            BustleTask.Caller => new CallerWork(BustleWorkerClient.Of(thing)),
            _ => null,
        };
        if (work is null)
        {
            return Result.BadArgument;
        }

        BustleWorkerServer.ReplyBegin(Defer(), Result.Ok);
        work.RunForEver(ledger, new Dice(number));
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Serve(uint number, out ICapability target)
    {
        _ledger = new Ledger(Records, number, BustleTask.Server);
        return Self.MakeOpenStart(GateWords.Of(0), out target);
    }

    /// <inheritdoc/>
    public Result Pass(out ulong count, out uint word)
    {
        word = Badge;
        count = 0;
        if (_ledger is null)
        {
            return Result.NoAccess;
        }

        _ledger.Done++;
        _ledger.EndRound();
        count = _ledger.Done;
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Touch(ulong seed, uint pages, out ulong sum)
    {
        sum = OwnPages.Fill(seed, pages);
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Checkpoint(ulong delay, out ulong generation)
    {
        Sleep.For(delay);
        Result result = Persistence.Take(out generation);
        return result == Result.Ok ? Persistence.WaitCommitted(generation) : result;
    }
}
