// RamDisk: a volume in memory, as the loader left it there: a boot module. Nothing of it outlives the machine.

using System;
using Eros.Persistence.Base;

namespace Eros.Hal.Storage;

/// <summary>A disk over <paramref name="bytes"/> bytes of memory at <paramref name="start"/>.</summary>
public sealed unsafe class RamDisk(byte* start, ulong bytes, PhysicalMemory memory, Fail fail) : Disk
{
    private readonly byte* _start = start;
    private readonly PhysicalMemory _memory = memory;
    private readonly Fail _fail = fail;

    public override ulong BlockCount { get; } = bytes / PhysicalMemory.FrameBytes;

    public override int MaxInFlight => 1;

    /// <summary>Copies at once.</summary>
    public override void Start(DiskTransfer transfer)
    {
        for (int i = 0; i < transfer.Count; i++)
        {
            ulong block = transfer.FirstBlock + (ulong)i;
            _fail.Unless(block < BlockCount, "transfer beyond the disk", block);
            Span<byte> onDisk = new(_start + block * PhysicalMemory.FrameBytes, PhysicalMemory.FrameBytes);
            Span<byte> frame = _memory.Bytes(transfer.Frames[i]);
            if (transfer.IsWrite)
            {
                frame.CopyTo(onDisk);
            }
            else
            {
                onDisk.CopyTo(frame);
            }
        }

        transfer.Outcome = Outcome.Ok;
        transfer.IsBusy = false;
    }

    public override Outcome Wait(DiskTransfer transfer) => transfer.Outcome;

    public override Outcome Flush() => Outcome.Ok;
}
