// BustleDomain: sets workers to work that keep every service busy, and tells what has become of them. It begins by
// itself, and is in the systems whose plug is pulled only.
//
//   run bustle                  a line for each worker, all as they were at one instant
//   run bustle on               the same, when each has done a round more than it had
//   run bustle checkpoint NS    takes a checkpoint after so many nanoseconds, whoever is in the middle of what
//
// The checkpoint is taken by a worker that is more urgent than the services: the timer wakes it, wherever they are.

using System;
using System.Runtime.InteropServices;
using System.Text;
using Eros.Domains.BustleWorker;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bustle;

/// <summary>The workers' foreman.</summary>
[Domain]
public sealed partial class BustleDomain : Domain, IProgram
{
    private const ulong StorageOfWorker = 400;
    private const ulong StorageOfWork = 2000;
    private const ulong LookEveryNs = 5_000_000;
    private const int MostLooks = 4000;

    private static readonly BustleTask[] _tasks =
    [
        BustleTask.Bank, BustleTask.Bank, BustleTask.Product, BustleTask.Copy, BustleTask.Writer, BustleTask.Reader,
        BustleTask.Directory, BustleTask.Poster, BustleTask.Waiter, BustleTask.Gatekeeper, BustleTask.Caller,
        BustleTask.Caller, BustleTask.Server,
    ];

    private IBustleWorker _clock = BustleWorkerClient.Void;
    private uint _started;
    private Result _start;

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial IConstructor Workers { get; }

    [Capability]
    internal partial IConstructor Pipes { get; }

    [Capability]
    internal partial IConstructor Directories { get; }

    [Capability]
    internal partial IConstructor Multiplexers { get; }

    /// <summary>Less urgent than all services.</summary>
    [Capability]
    internal partial ISchedule Schedule { get; }

    /// <summary>More urgent than all services.</summary>
    [Capability]
    internal partial ISchedule Urgent { get; }

    /// <summary>The page of all records.</summary>
    [Capability]
    internal partial IPage Records { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        const string Checkpoint = "checkpoint ";
        if (arguments.StartsWith(Checkpoint, StringComparison.Ordinal)
            && ulong.TryParse(arguments[Checkpoint.Length..], out ulong delay))
        {
            Result result = _clock.Checkpoint(delay, out ulong generation);
            output = $"generation {generation} {(result == Result.Ok ? "committed" : ResultText.Of(result))}\n";
            return result;
        }

        if (arguments == "on")
        {
            WaitForRounds();
        }

        output = Report();
        return Result.Ok;
    }

    protected override void Main()
    {
        _start = Begin();
    }

    private Result Begin()
    {
        Result result = Make(Urgent, out _clock);
        result = result == Result.Ok ? Product(Pipes, out ICapability pipe) : Fail(result, out pipe);
        result = result == Result.Ok ? Product(Directories, out ICapability directory) : Fail(result, out directory);
        result = result == Result.Ok ? Product(Multiplexers, out ICapability events) : Fail(result, out events);
        if (result != Result.Ok)
        {
            return result;
        }

        PipeClient.Of(pipe).Open(out IPipeReader reader, out IPipeWriter writer);
        ICapability nothing = CapabilityClient.At(0);
        ICapability[] things =
        [
            nothing, nothing, nothing, Workers, writer, reader, directory, events, events,
        ];
        for (uint i = 0; i < things.Length && result == Result.Ok; i++)
        {
            result = Start(things[i]);
            Capabilities.Release(things[i]);
        }

        return result == Result.Ok ? BeginGate() : result;
    }

    private static Result Fail(Result result, out ICapability nothing)
    {
        nothing = CapabilityClient.At(0);
        return result;
    }

    // The one who is called, a forwarder to it, its keeper, and two who call through it.
    private Result BeginGate()
    {
        Result result = Make(Schedule, out IBustleWorker server);
        if (result != Result.Ok)
        {
            return result;
        }

        result = server.Serve((uint)_tasks.Length - 1, out ICapability target);
        Capabilities.Release(server);
        if (result != Result.Ok || Bank.BuyForwarder(out INode node) != Result.Ok)
        {
            return Result.LimitReached;
        }

        node.Put(0, target);
        node.MakeForwarder(out ICapability forwarder);
        foreach (ICapability thing in new[] { node, forwarder, forwarder })
        {
            result = result == Result.Ok ? Start(thing) : result;
        }

        return result;
    }

    private Result Start(ICapability thing)
    {
        Result result = Make(Schedule, out IBustleWorker worker);
        result = result == Result.Ok ? Bank.CreateChild(StorageOfWork, out ISpaceBank work) : NoBank(result, out work);
        result = result == Result.Ok ? worker.Begin((uint)_tasks[_started], _started, work, thing) : result;
        _started++;
        Capabilities.Release(worker);
        Capabilities.Release(work);
        return result;
    }

    private static Result NoBank(Result result, out ISpaceBank nothing)
    {
        nothing = SpaceBankClient.Void;
        return result;
    }

    private Result Make(ISchedule schedule, out IBustleWorker worker)
    {
        Result result = Product(Workers, schedule, out ICapability product);
        worker = BustleWorkerClient.Of(product);
        return result;
    }

    private Result Product(IConstructor constructor, out ICapability product) =>
        Product(constructor, Schedule, out product);

    private Result Product(IConstructor constructor, ISchedule schedule, out ICapability product)
    {
        Result result = Bank.CreateChild(StorageOfWorker, out ISpaceBank bank);
        product = CapabilityClient.At(0);
        result = result == Result.Ok
            ? constructor.Request(bank, schedule, CapabilityClient.At(0), out product)
            : result;
        Capabilities.Release(bank);
        return result;
    }

    // The workers have the processor while this sleeps. One that does no more is told by its rounds.
    private void WaitForRounds()
    {
        BustleRecord[] first = Look();
        int late = 0;
        for (int looks = 0; late < first.Length && looks < MostLooks; looks++)
        {
            Sleep.For(LookEveryNs);
            BustleRecord[] now = Look();
            while (late < first.Length && now[late].Rounds > first[late].Rounds)
            {
                late++;
            }
        }
    }

    private BustleRecord[] Look()
    {
        BustleRecord[] records = new BustleRecord[_tasks.Length];
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<BustleRecord>(records));
        Records.Read(0, (ulong)bytes.Length, bytes, out _);
        return records;
    }

    private string Report()
    {
        StringBuilder text = new();
        text.Append($"{_started + 1} workers, {ResultText.Of(_start)}\n");
        foreach (BustleRecord record in Look())
        {
            text.Append($"{(uint)record.Task} {(uint)record.Step} {record.Rounds} {record.Wrong} {record.FirstWrong} ");
            text.Append($"{record.Done} {record.UnderWay}\n");
        }

        return text.ToString();
    }
}
