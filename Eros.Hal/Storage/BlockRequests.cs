// BlockRequests: transfers as virtio-blk requests (Virtual I/O Device 1.2, 5.2.6), each in a slot of its own.
//
//   header  0 type u32 | 4 zero u32 | 8 sector of 512 bytes u64      device reads
//   data    the frames, 4096 bytes each                               device reads or writes
//   status  u8: 0 ok, 1 error, 2 unsupported                          device writes
//
// Slot s owns descriptors s*66 to s*66+65 (header, 64 frames, status) and 32 bytes of the header area: header at 0,
// status at 16. So nothing is allocated, and a finished chain's head names its slot.

using System.Runtime.CompilerServices;
using Eros.Hal.Virtio;
using Eros.Persistence.Base;

namespace Eros.Hal.Storage;

/// <summary>Builds request chains in a queue and reads their outcome.</summary>
/// <param name="queue">The request queue.</param>
/// <param name="headers">32 bytes for each slot, where this processor sees them.</param>
/// <param name="headersPhysical">The same, where the device sees them.</param>
public sealed unsafe class BlockRequests(SplitQueue queue, byte* headers, ulong headersPhysical)
{
    public const int DescriptorsPerSlot = DiskTransfer.MaxBlocks + 2;
    public const int HeaderAreaPerSlot = 32;

    private const uint Read = 0;
    private const uint Write = 1;
    private const uint FlushType = 4;
    private const int StatusOffset = 16;
    private const int SectorsPerBlock = PhysicalMemory.FrameBytes / 512;
    private const uint HeaderBytes = 16;

    // What a device can't write: a request that it finished without a status counts as failed.
    private const byte NoStatus = 0xFF;

    private readonly SplitQueue _queue = queue;
    private readonly byte* _headers = headers;
    private readonly ulong _headersPhysical = headersPhysical;

    /// <summary>Requests that fit into a queue at once.</summary>
    public static int SlotsFor(int queueSize) => queueSize / DescriptorsPerSlot;

    /// <summary>The device has broken the rules of the queue; nothing more comes from it.</summary>
    public bool IsBroken => _queue.IsBroken;

    /// <summary>Offers the transfer in <paramref name="slot"/>; one of no blocks is a flush.</summary>
    public void Start(int slot, DiskTransfer transfer)
    {
        byte* header = _headers + (slot * HeaderAreaPerSlot);
        ulong physical = _headersPhysical + (uint)(slot * HeaderAreaPerSlot);
        *(uint*)header = transfer.Count == 0 ? FlushType : transfer.IsWrite ? Write : Read;
        *(uint*)(header + 4) = 0;
        *(ulong*)(header + 8) = transfer.FirstBlock * SectorsPerBlock;
        header[StatusOffset] = NoStatus;
        int first = slot * DescriptorsPerSlot;
        int next = first;
        _queue.Describe(next++, physical, HeaderBytes, SplitQueue.HasNext);
        ushort flags = (ushort)(SplitQueue.HasNext | (transfer.IsWrite ? 0 : SplitQueue.DeviceWrites));
        for (int i = 0; i < transfer.Count; i++)
        {
            ulong address = (ulong)transfer.Frames[i] << PhysicalMemory.FrameLog2;
            _queue.Describe(next++, address, PhysicalMemory.FrameBytes, flags);
        }

        _queue.Describe(next, physical + StatusOffset, 1, SplitQueue.DeviceWrites);
        _queue.Offer(first);
    }

    /// <summary>The slot of a request that the device has finished, -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int TakeFinished() => _queue.TryTake(out int head) ? head / DescriptorsPerSlot : -1;

    /// <summary>How the finished request in <paramref name="slot"/> ended.</summary>
    public Outcome OutcomeOf(int slot) =>
        _headers[slot * HeaderAreaPerSlot + StatusOffset] == 0 ? Outcome.Ok : Outcome.DiskError;
}
