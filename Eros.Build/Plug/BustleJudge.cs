// BustleJudge: what must be so of the workers' records, all read at one instant. What a worker can see for itself it
// checks itself, and counts; here is what takes two of them.

using System.Collections.Generic;
using System.Linq;
using Eros.Domains.BustleWorker;

namespace Eros.Build.Plug;

/// <summary>Judges the records of one instant.</summary>
public static class BustleJudge
{
    /// <summary>Bytes that can be between the ends: what the pipe holds, what its writer brings, and what its reader is
    /// given.</summary>
    private const ulong MostBetween = 4096 + (2 * 1500);

    /// <summary>What is wrong first; null when nothing is.</summary>
    public static string? Complaint(IReadOnlyList<BustleRecord> workers)
    {
        for (int i = 0; i < workers.Count; i++)
        {
            if (workers[i].Wrong != 0)
            {
                return $"worker {i} ({workers[i].Task}): {workers[i].Wrong} times wrong, first claim "
                    + $"{workers[i].FirstWrong}, now in round {workers[i].Rounds}";
            }
        }

        return ComplaintOfPipe(Only(workers, BustleTask.Writer), Only(workers, BustleTask.Reader))
            ?? ComplaintOfEvents(Only(workers, BustleTask.Poster), Only(workers, BustleTask.Waiter))
            ?? ComplaintOfGate(
                Only(workers, BustleTask.Server), [.. workers.Where(worker => worker.Task == BustleTask.Caller)]);
    }

    /// <summary>One that has not begun has done nothing.</summary>
    private static BustleRecord Only(IReadOnlyList<BustleRecord> workers, BustleTask task) =>
        workers.SingleOrDefault(worker => worker.Task == task);

    private static string? ComplaintOfPipe(BustleRecord writer, BustleRecord reader)
    {
        ulong most = writer.Done + writer.UnderWay;
        return reader.Done > most ? $"{reader.Done} bytes came out of the pipe, and {most} went in"
            : most - reader.Done > MostBetween ? $"{most - reader.Done} bytes are in the pipe"
            : null;
    }

    private static string? ComplaintOfEvents(BustleRecord poster, BustleRecord waiter) =>
        waiter.Done - poster.Rounds > 1
            ? $"{waiter.Done} events were answered, and {poster.Rounds} answers heard"
            : null;

    private static string? ComplaintOfGate(BustleRecord server, BustleRecord[] callers)
    {
        ulong heard = callers.Aggregate(0UL, (sum, caller) => sum + caller.Rounds);
        return server.Done - heard > (ulong)callers.Length
            ? $"{server.Done} calls went through the gate, and {heard} were answered"
            : null;
    }
}
