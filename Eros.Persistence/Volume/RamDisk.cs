// RamDisk: a disk in contiguous memory, for a machine without one: the pristine volume that the boot loader put there.
// Nothing is kept.

using Eros.Persistence.Base;

namespace Eros.Persistence.Volume;

/// <summary>The physical frames from <paramref name="first"/>, as blocks.</summary>
public sealed class RamDisk(PhysicalMemory memory, uint first, uint count) : Disk
{
    private readonly PhysicalMemory _memory = memory;
    private readonly uint _first = first;

    public override ulong BlockCount { get; } = count;

    public override int MaxInFlight => 1;

    public override void Start(DiskTransfer transfer)
    {
        if (transfer.FirstBlock + (ulong)transfer.Count > BlockCount)
        {
            transfer.Outcome = Outcome.DiskError;
            return;
        }

        for (int i = 0; i < transfer.Count; i++)
        {
            uint block = _first + (uint)transfer.FirstBlock + (uint)i;
            uint frame = transfer.Frames[i];
            _memory.Copy(transfer.IsWrite ? frame : block, transfer.IsWrite ? block : frame);
        }

        transfer.Outcome = Outcome.Ok;
    }

    public override Outcome Wait(DiskTransfer transfer) => transfer.Outcome;

    public override Outcome Flush() => Outcome.Ok;
}
