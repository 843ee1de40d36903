// VirtioBlock: a virtio block device (Virtual I/O Device 1.2, 5.2) as the store's disk.
//
//   configuration  0 capacity in sectors of 512 bytes u64 | 12 most segments of a request u32
//   features       2 the number of segments is limited | 9 flush
//
// A thread that wants a transfer puts it into the queue itself and waits for its end; the driver's thread takes
// back what the device has finished. Without the flush feature every write is durable when it is finished
// (5.2.6.2), and Flush has nothing to do.
//
//   slot: free ── Start, Flush: chain offered ──▶ in flight ── finished, or given up ──▶ free
//
// Invariants
//  B1 bit s of _busy is set exactly while slot s is not free.
//  B2 _transfers[s] is set exactly while the device may read or write the chain of slot s. A device that is late beyond
// reason is reset before its transfers are given up: it can't write into a frame that has another owner by then.

using System.Numerics;
using Eros.Hal.Virtio;
using Eros.Kernel.Machine;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;

namespace Eros.Hal.Storage;

/// <summary>The disk. Its calls are those of kernel threads, with the gate open.</summary>
public sealed class VirtioBlock : Disk
{
    public const ulong SegmentLimitFeature = 1 << 2;
    public const ulong FlushFeature = 1 << 9;

    private const int CapacityOffset = 0;
    private const int SegmentLimitOffset = 12;
    private const int SectorsPerBlock = PhysicalMemory.FrameBytes / 512;

    /// <summary>A device that finishes nothing for so long is given up.</summary>
    private const ulong PatienceNs = 30_000_000_000;

    /// <summary>How long the driver waits for an interrupt before it looks by itself: one may be lost, or not
    /// exist.</summary>
    private const ulong LookNs = 10_000_000;

    private readonly VirtioDevice _device;
    private readonly BlockRequests _requests;
    private readonly Processor _processor;
    private readonly Clock _clock;
    private readonly Fail _fail;
    private readonly DiskTransfer?[] _transfers;
    private readonly DiskTransfer[] _flushes;
    private readonly Event _interrupted;
    private readonly Event _freed;
    private readonly Event _finished;
    private readonly bool _canFlush;
    private readonly uint _allSlots;
    private uint _busy;
    private ulong _lastProgress;
    private bool _isDead;

    /// <param name="device">Started, with its queue.</param>
    /// <param name="requests">Over that queue.</param>
    /// <param name="slots">Requests that may be in flight, at most 32.</param>
    /// <param name="features">What was agreed on.</param>
    /// <param name="interrupted">Set by the device's interrupt.</param>
    public VirtioBlock(
        VirtioDevice device,
        BlockRequests requests,
        int slots,
        ulong features,
        Event interrupted,
        Scheduler scheduler,
        Processor processor,
        Clock clock,
        Fail fail)
    {
        _device = device;
        _requests = requests;
        _processor = processor;
        _clock = clock;
        _fail = fail;
        _canFlush = (features & FlushFeature) != 0;
        BlockCount = (device.ReadDevice(CapacityOffset) | ((ulong)device.ReadDevice(CapacityOffset + 4) << 32))
            / SectorsPerBlock;
        MaxInFlight = slots;
        _allSlots = uint.MaxValue >> (32 - slots);
        _transfers = new DiskTransfer?[slots];
        _flushes = new DiskTransfer[slots];
        for (int i = 0; i < slots; i++)
        {
            _flushes[i] = new DiskTransfer();
        }

        _interrupted = interrupted;
        _freed = new Event(scheduler, processor);
        _finished = new Event(scheduler, processor);
        Driver = new VirtioBlockThread(this);
        _freed.Server = Driver;
        _finished.Server = Driver;
    }

    public override ulong BlockCount { get; }

    public override int MaxInFlight { get; }

    /// <summary>The thread that takes back what the device has finished.</summary>
    public KernelThread Driver { get; }

    /// <summary>True when a request of <see cref="DiskTransfer.MaxBlocks"/> frames fits the device.</summary>
    public static bool TakesLargeRequests(VirtioDevice device, ulong features) =>
        (features & SegmentLimitFeature) == 0 || device.ReadDevice(SegmentLimitOffset) >= DiskTransfer.MaxBlocks;

    public override void Start(DiskTransfer transfer)
    {
        bool isInside = transfer.Count is > 0 and <= DiskTransfer.MaxBlocks && transfer.FirstBlock < BlockCount
            && BlockCount - transfer.FirstBlock >= (ulong)transfer.Count;
        _fail.Unless(isInside, "transfer beyond the disk", transfer.FirstBlock);
        Offer(TakeSlot(), transfer);
    }

    public override Outcome Wait(DiskTransfer transfer)
    {
        _processor.Close();
        while (transfer.IsBusy)
        {
            _finished.Reset();
            _processor.Open();
            _finished.Wait();
            _processor.Close();
        }

        _processor.Open();
        return transfer.Outcome;
    }

    public override Outcome Flush()
    {
        if (!_canFlush)
        {
            return Outcome.Ok;
        }

        int slot = TakeSlot();
        Offer(slot, _flushes[slot]);
        Outcome outcome = Wait(_flushes[slot]);
        _processor.Close();
        Free(slot);
        _processor.Open();
        return outcome;
    }

    /// <summary>Waits until something is in flight and the device says more of it, or <see cref="LookNs"/> have passed.
    /// </summary>
    internal void WaitForDevice()
    {
        _interrupted.WaitUntil(_busy == 0 ? Clock.Never : _clock.Now + LookNs);
        _interrupted.Reset();
    }

    /// <summary>Takes back what the device has finished; gives all up when it has been silent for too long.</summary>
    internal void TakeBack()
    {
        _processor.Close();
        for (int slot = _requests.TakeFinished(); slot >= 0; slot = _requests.TakeFinished())
        {
            if (slot < MaxInFlight && _transfers[slot] != null)
            {
                Finish(slot, _requests.OutcomeOf(slot));
            }
        }

        if (_busy != 0 && (_requests.IsBroken || _clock.Now - _lastProgress > PatienceNs))
        {
            GiveUp();
        }

        _processor.Open();
    }

    /// <summary>Waits for a free slot. Returns with the gate closed.</summary>
    private int TakeSlot()
    {
        _processor.Close();
        while (_busy == _allSlots)
        {
            _freed.Reset();
            _processor.Open();
            _freed.Wait();
            _processor.Close();
        }

        return BitOperations.TrailingZeroCount(~_busy);
    }

    /// <summary>Hands the slot's chain to the device and opens the gate.</summary>
    private void Offer(int slot, DiskTransfer transfer)
    {
        _lastProgress = _busy == 0 ? _clock.Now : _lastProgress;
        _busy |= 1u << slot;
        _transfers[slot] = transfer;
        transfer.Tag = slot;
        transfer.IsBusy = true;
        if (_isDead)
        {
            Finish(slot, Outcome.DiskError);
        }
        else
        {
            if (transfer == _flushes[slot])
            {
                _requests.StartFlush(slot);
            }
            else
            {
                _requests.Start(slot, transfer);
            }

            _device.NotifyQueue();
            _interrupted.Signal();
        }

        _processor.Open();
    }

    /// <summary>The transfer is over. A flush keeps its slot until its outcome has been read.</summary>
    private void Finish(int slot, Outcome outcome)
    {
        DiskTransfer transfer = _transfers[slot]!;
        _transfers[slot] = null;
        _lastProgress = _clock.Now;
        transfer.Outcome = outcome;
        transfer.IsBusy = false;
        _finished.Signal();
        if (transfer != _flushes[slot])
        {
            Free(slot);
        }
    }

    private void Free(int slot)
    {
        _busy &= ~(1u << slot);
        _freed.Signal();
    }

    private void GiveUp()
    {
        _isDead = true;
        _fail.Unless(_device.Reset(), "the disk neither answers nor stops");
        for (int slot = 0; slot < MaxInFlight; slot++)
        {
            if (_transfers[slot] != null)
            {
                Finish(slot, Outcome.DiskError);
            }
        }
    }
}
