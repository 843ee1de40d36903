// StoreThread: the kernel's checkpointer. It mounts the volume, lets its processes go on, and from then on makes a
// checkpoint whenever the interval has passed, a domain asks, or log space runs short. It inherits the urgency of
// those that wait for it.
//
//   mount ──▶ resume ──▶ settle, migrate ──▶ wait, journal, scrub ──▶ snapshot, log, commit ───┐
//     │                         ▲                                                              │
//     └─ refused: nothing runs  └──────────────────────────────────────────────────────────────┘
//
// A disk that refuses is tried again, but not at once: there would be no end of messages.

using Eros.Kernel.Machine;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Kernel.Boot;

/// <summary>Mounts, then checkpoints for ever.</summary>
public sealed class StoreThread : KernelThread
{
    private const int OwnPriority = 8;
    private const ulong MsPerSecond = 1_000;
    private const ulong RetryNs = 10_000_000_000;

    private readonly Kernel _kernel;
    private readonly SingleLevelStore _store;
    private readonly StoreEvents _events;
    private readonly VolumeChoice _choice;
    private readonly Event _pause;

    /// <param name="kernel">The kernel, complete.</param>
    /// <param name="store">Not mounted yet.</param>
    /// <param name="events">Prints what the store has to say.</param>
    /// <param name="choice">The disks that there are.</param>
    public StoreThread(Kernel kernel, SingleLevelStore store, StoreEvents events, VolumeChoice choice)
        : base("checkpointer", OwnPriority, true)
    {
        _kernel = kernel;
        _store = store;
        _events = events;
        _choice = choice;
        _pause = new Event(kernel.Scheduler, kernel.Processor);
        kernel.Services.Checkpointer = this;
    }

    public override void Run()
    {
        RecoveryResult result = _choice.Mount(_store, _events);
        if (!result.IsMounted)
        {
            _pause.Wait();
        }

        Resume(result);
        Services services = _kernel.Services;
        while (true)
        {
            _store.Tend();
            if (_store.NeedsMigration)
            {
                Settle(_store.Migrate(), _kernel.Checkpoints.IsDurable);
                continue;
            }

            Journal();
            services.CheckpointDue.WaitUntil(services.NextCheckpointNs);
            services.CheckpointDue.Reset();
            if (_kernel.Clock.Now < services.NextCheckpointNs)
            {
                if (services.NextScrubNs == 0)
                {
                    services.NextScrubNs = (_store.Scrub() * Services.NsPerMs) + _kernel.Clock.Now;
                }

                continue;
            }

            services.BeginInterval();
            Settle(_store.Checkpoint(), _choice.IsDurable);
        }
    }

    /// <summary>The processes of the checkpoint go on.</summary>
    private void Resume(in RecoveryResult result)
    {
        _kernel.Processor.Close();
        _kernel.Clock.Set(result.TimeNs);
        _kernel.Counters.Values.BootEpoch = result.BootEpoch;
        CheckpointControl checkpoints = _kernel.Checkpoints;
        checkpoints.Working = _store.WorkingGeneration;
        checkpoints.Committed = _store.CommittedGeneration;
        checkpoints.Settled = _store.CommittedGeneration - 1;
        checkpoints.IsDurable = _choice.IsDurable;
        _kernel.Services.ChangeInterval();
        Restart.Resume(_kernel, _store.RecoveredProcesses);
        Greet(result.Generation);
        _kernel.Processor.Open();
    }

    private void Greet(ulong generation)
    {
        if (generation <= 1)
        {
            _kernel.Log.Begin("first boot"u8).End();
            return;
        }

        ref KernelCounters counters = ref _kernel.Counters.Values;
        ulong cycles = _kernel.Processor.ReadTimestamp() - counters.EntryTimestamp;
        _kernel.Log.Begin("generation "u8).Decimal(generation)
            .Text(", resumed "u8).Decimal((ulong)_store.RecoveredProcesses.Length)
            .Text(" processes in "u8).Decimal(cycles * MsPerSecond / counters.TimestampHz)
            .Text(" ms"u8).End();
    }

    /// <summary>
    /// Journals all pages that are waited for. When the journal is full, who waits is served after the next
    /// checkpoint; when the disk refuses, who waits finds nothing durable. Whoever is told of a page that was then not
    /// written finds the disk durable again only with a checkpoint that has it.
    /// </summary>
    private void Journal()
    {
        Services services = _kernel.Services;
        bool isDurable = _kernel.Checkpoints.IsDurable;
        while (services.Next(
            StallReason.Journal, isDurable ? ActivityFlags.Journalled : ActivityFlags.None, out ulong frame))
        {
            Outcome outcome = isDurable ? _store.Journal(frame) : Outcome.Ok;
            if (outcome == Outcome.NoSpace)
            {
                services.NextCheckpointNs = 0;
                return;
            }

            if (outcome != Outcome.Ok)
            {
                Settle(outcome, false);
                return;
            }

            _kernel.Processor.Close();
            services.Wake(StallReason.Journal, frame);
            _kernel.Processor.Open();
        }
    }

    /// <summary>Those who wait for what will not come are told so; a disk that refuses is left alone for a while, and
    /// then tried again though no interval may be set: who waits for room cannot ask.</summary>
    /// <param name="outcome">How that ended which had the disk written.</param>
    /// <param name="isDurable">What the disk is if that went well. Where it was not durable, only a checkpoint makes it
    /// so: some have been told of pages that only that has.</param>
    private void Settle(Outcome outcome, bool isDurable)
    {
        bool isDone = outcome == Outcome.Ok;
        _kernel.Processor.Close();
        _kernel.Checkpoints.IsDurable = isDone && isDurable;
        _kernel.Checkpoints.Working = _store.WorkingGeneration;
        if (!_kernel.Checkpoints.IsDurable)
        {
            _kernel.Services.Wake(StallReason.Committed);
            _kernel.Services.Wake(StallReason.Settled);
        }

        _kernel.Processor.Open();
        if (!isDone)
        {
            Journal();
            _pause.WaitUntil(_kernel.Clock.Now + RetryNs);
            _kernel.Services.AskCheckpoint();
        }
    }
}
