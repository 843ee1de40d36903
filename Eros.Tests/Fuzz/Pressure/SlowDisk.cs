using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;

namespace Eros.Tests.Fuzz.Pressure;

/// <summary>A disk that takes its time, in which the machine goes on.</summary>
public sealed class SlowDisk(CrashDisk disk, ThreadedMachine machine, SeededRandom random) : Disk
{
    private const int LeastNs = 50_000;
    private const int MostNs = 2_000_000;

    private readonly Event _never = new(machine.Scheduler, machine.Processor);

    public override ulong BlockCount => disk.BlockCount;

    public override int MaxInFlight => disk.MaxInFlight;

    /// <summary>Transfers that were waited for.</summary>
    public long Transfers { get; private set; }

    public override void Start(DiskTransfer transfer) => disk.Start(transfer);

    public override Outcome Wait(DiskTransfer transfer)
    {
        Transfers++;
        Pause();
        Outcome outcome = disk.Wait(transfer);
        if (outcome != Outcome.Ok && !transfer.IsWrite)
        {
            // Who waited has its turn a while after the read has ended.
            HasFailed = true;
            _never.WaitUntil(machine.Clock.Now + LeastNs);
        }

        return outcome;
    }

    public override Outcome Flush()
    {
        Pause();
        return disk.Flush();
    }

    private void Pause() => _never.WaitUntil(machine.Clock.Now + (ulong)(LeastNs + random.Below(MostNs)));
}
