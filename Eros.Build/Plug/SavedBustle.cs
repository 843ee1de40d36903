// SavedBustle: what was under way in the state that a disk comes back to, read from the disk itself, before anything of
// it runs on: the workers' records, and which processes had not finished what they were asked.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Eros.Build.Volume;
using Eros.Domains.BustleWorker;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Build.Plug;

/// <summary>A saved state.</summary>
/// <param name="Workers">All that had begun.</param>
/// <param name="Busy">The processes that were not waiting for a request, by what the composition calls them; those
/// that a program made have no name.</param>
/// <param name="Calls">Processes without a name that waited for an answer.</param>
internal sealed record SavedBustle(
    IReadOnlyList<BustleRecord> Workers, IReadOnlyList<string> Busy, int Calls)
{
    private const string Foreman = "bustle";
    private const int MemoryFrames = 2048;

    /// <summary>The first register that a composition binds; those before are the domain's run time's.</summary>
    private const int FirstNamedRegister = 6;

    /// <summary>Bytes that the pipe's writer has put in, and its reader has not taken out.</summary>
    internal ulong BytesInPipe => Of(BustleTask.Writer).Done - Of(BustleTask.Reader).Done;

    /// <summary>Reads a disk; null when nothing was ever saved there.</summary>
    /// <exception cref="InvalidDataException">It has no foreman, or its page cannot be read.</exception>
    internal static SavedBustle? Read(string disk)
    {
        VolumeReport report = VolumeInspector.Inspect(disk, verify: false);
        ProcessReport foreman = report.Processes.SingleOrDefault(process => process.Label == Foreman)
            ?? throw new InvalidDataException($"There is no domain {Foreman} on {disk}.");
        ProcessFrame frame = foreman.Frame;
        Capability records = FirstPage(frame.Registers[FirstNamedRegister..]);
        using var store = new HostStore(disk, isWritable: false, MemoryFrames, report.Protocol);
        if (!store.Mount().IsMounted || store.Store.Load(records.Oid.Frame) != Outcome.Ok)
        {
            throw new InvalidDataException($"The workers' page on {disk} cannot be read.");
        }

        ReadOnlySpan<byte> page = store.Frames.Bytes(store.Frames.Find(records.Oid.Frame));
        ReadOnlySpan<BustleRecord> all = MemoryMarshal.Cast<byte, BustleRecord>(
            page[..(page.Length / BustleRecord.SizeInBytes * BustleRecord.SizeInBytes)]);
        BustleRecord[] workers = [.. all.ToArray().Where(worker => worker.Task != BustleTask.None)];
        return workers.Length == 0 ? null : new SavedBustle(workers, Busied(report), WaitingCalls(report));
    }

    private static Capability FirstPage(ReadOnlySpan<Capability> registers)
    {
        foreach (Capability capability in registers)
        {
            if (capability.Type == CapabilityType.Page)
            {
                return capability;
            }
        }

        throw new InvalidDataException("The foreman has no page.");
    }

    private static string[] Busied(VolumeReport report) =>
        [.. report.Processes.Where(one => one.Label.Length > 0 && one.Frame.RunState != RunState.Available)
            .Select(one => one.Label)];

    private static int WaitingCalls(VolumeReport report) =>
        report.Processes.Count(one => one.Label.Length == 0 && one.Frame.RunState == RunState.Waiting);

    private BustleRecord Of(BustleTask task) => Workers.SingleOrDefault(worker => worker.Task == task);
}
