// SlowDown: what a program gets done in a time while checkpoints are taken beside it, and while none are. The time is
// the time-stamp counter's: under -icount the counts are of executed instructions, and so is the slow-down.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>Measures workloads.</summary>
internal sealed class SlowDown(ICheckpoint checkpoint, CounterReader counters)
{
    /// <summary>So long each: under -icount the host takes a minute or two for a second of calls.</summary>
    private const ulong Ms = 1_000;

    /// <summary>Pieces of work before, so that all pages are dirty when a checkpoint begins.</summary>
    private const int WarmUp = 2_000;
    private const ulong MsPerSecond = 1_000;

    private readonly ICheckpoint _checkpoint = checkpoint;
    private readonly CounterReader _counters = counters;

    /// <summary>Between checkpoints, ms; 0 are none: before, in between, and after. Of an interval that is longer than
    /// the time there is one checkpoint, at its beginning.</summary>
    public static ulong[] Intervals => [0, 100, 0, 30_000, 0];

    /// <summary>Begins when everything is settled.</summary>
    public SlowDownFigures Measure(Workload workload, ulong intervalMs)
    {
        _checkpoint.SetInterval(0);
        _checkpoint.Take(out ulong generation);
        _checkpoint.WaitSettled(generation);
        for (int i = 0; i < WarmUp; i++)
        {
            workload.Work();
        }

        KernelCounters before = _counters.Read();
        ulong cycles = before.TimestampHz / MsPerSecond * Ms;
        ulong start = Timestamp.Read();
        if (intervalMs > Ms)
        {
            _checkpoint.Take(out _);
        }
        else
        {
            _checkpoint.SetInterval(intervalMs);
        }

        ulong work = 0;
        ulong passed;
        do
        {
            workload.Work();
            work++;
            passed = Timestamp.Read() - start;
        }
        while (passed < cycles);
        _checkpoint.SetInterval(0);
        ulong checkpoints = _counters.Read().Checkpoints - before.Checkpoints;
        return new SlowDownFigures(intervalMs, passed, work, checkpoints);
    }
}

/// <summary>What was done.</summary>
/// <param name="intervalMs">Between checkpoints; 0: none are taken.</param>
/// <param name="cycles">In which it was done.</param>
/// <param name="work">Times that the workload was done.</param>
/// <param name="checkpoints">That were committed meanwhile.</param>
internal readonly struct SlowDownFigures(ulong intervalMs, ulong cycles, ulong work, ulong checkpoints)
{
    public ulong IntervalMs { get; } = intervalMs;

    public ulong Cycles { get; } = cycles;

    public ulong Work { get; } = work;

    public ulong Checkpoints { get; } = checkpoints;
}

/// <summary>What is done again and again.</summary>
internal abstract class Workload(string name)
{
    public string Name { get; } = name;

    public abstract void Work();
}

/// <summary>Adds to a word in each cache line of all pages: all are dirty at each checkpoint.</summary>
internal sealed class MemoryBound(byte[] pages) : Workload($"memory, {pages.Length >> SpaceLayout.PageLog2} pages")
{
    private const int Line = 64;

    private readonly byte[] _pages = pages;
    private int _next;

    /// <summary>One page.</summary>
    public override void Work()
    {
        for (int line = 0; line < MappedPage.SizeInBytes; line += Line)
        {
            _pages[_next + line]++;
        }

        _next = (_next + MappedPage.SizeInBytes) % _pages.Length;
    }
}

/// <summary>Calls another domain.</summary>
internal sealed class InvocationBound(IBenchPeer peer) : Workload("calls of another domain")
{
    private readonly IBenchPeer _peer = peer;

    /// <summary>One call.</summary>
    public override void Work() => _peer.Echo(1, 2, 3, out _, out _, out _);
}
