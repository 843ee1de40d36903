// VirtioBlock: a virtio block device (Virtual I/O Device 1.2, 5.2) as the store's disk.
//
//   configuration  0 capacity in sectors of 512 bytes u64 | 12 most segments of a request u32
//   features       2 the number of segments is limited | 9 flush
//
// A thread that wants a transfer puts it into the queue itself and waits for its end; the driver's thread takes
// back what the device has finished. Without the flush feature every write is durable when it is finished
// (5.2.6.2), and Flush has nothing to do.
//
// A device that is late is waited for: it may write into the frames of what it has not finished, whatever the time, and
// a host that is held up is late. One that breaks the rules of its queue is stopped, and everything fails from then on.
//
//   slot: free ── Start, Flush: chain offered ──▶ in flight ── finished, or given up ──▶ free
//
// Invariants (gate closed)
//  B1 bit s of _busy is set exactly while the device may read or write the chain of slot s; _transfers[s] says whose.
//  B2 a broken device is reset before its transfers are given up: it cannot write into a frame that has another owner
//     by then.
//  B3 one flush at a time: its outcome is read before the next one begins.

using System.Numerics;
using System.Runtime.CompilerServices;
using Eros.Hal.Virtio;
using Eros.Kernel.Machine;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;

namespace Eros.Hal.Storage;

/// <summary>The disk. Its calls are those of kernel threads, with the gate open.</summary>
public sealed class VirtioBlock : Disk
{
    public const ulong SegmentLimitFeature = 1 << 2;
    public const ulong FlushFeature = 1 << 9;

    private const int SegmentLimitOffset = 12;
    private const int SectorsPerBlock = PhysicalMemory.FrameBytes / 512;

    /// <summary>How long the driver waits for an interrupt before it looks by itself: one may be lost, or not
    /// exist.</summary>
    private const ulong LookNs = 10_000_000;

    /// <summary>A device that has finished nothing at so many looks, which take 30 s, is told of. Looks are counted and
    /// not time, since that goes on while a virtual machine is held.</summary>
    private const int LooksPerReport = 3000;

    private readonly Eros.Kernel.Kernel _kernel;
    private readonly VirtioDevice _device;
    private readonly BlockRequests _requests;
    private readonly Event _interrupted;
    private readonly Event _changed;
    private readonly DiskTransfer?[] _transfers;
    private readonly DiskTransfer _flush = new() { IsWrite = true };
    private readonly bool _canFlush;
    private uint _busy;
    private bool _isFlushing;
    private bool _isDead;
    private int _looks;

    /// <param name="kernel">Its clock, gate and scheduler.</param>
    /// <param name="device">Started, with its queue.</param>
    /// <param name="requests">Over that queue.</param>
    /// <param name="slots">Requests that may be in flight, at most 31.</param>
    /// <param name="features">What was agreed on.</param>
    /// <param name="interrupted">Set by the device's interrupt.</param>
    public VirtioBlock(
        Eros.Kernel.Kernel kernel,
        VirtioDevice device,
        BlockRequests requests,
        int slots,
        ulong features,
        Event interrupted)
    {
        _kernel = kernel;
        _device = device;
        _requests = requests;
        _canFlush = (features & FlushFeature) != 0;
        _interrupted = interrupted;
        _transfers = new DiskTransfer?[slots];
        BlockCount = (device.ReadDevice(0) | ((ulong)device.ReadDevice(4) << 32)) / SectorsPerBlock;
        MaxInFlight = slots;
        Driver = new VirtioBlockThread(this);
        _changed = new Event(kernel.Scheduler, kernel.Processor) { Server = Driver };
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
        Fail.Unless(isInside, "transfer beyond the disk"u8, transfer.FirstBlock);
        _kernel.Processor.Close();
        Offer(transfer);
        _kernel.Processor.Open();
    }

    public override Outcome Wait(DiskTransfer transfer)
    {
        _kernel.Processor.Close();
        while (transfer.IsBusy)
        {
            WaitForChange();
        }

        _kernel.Processor.Open();
        return transfer.Outcome;
    }

    public override Outcome Flush()
    {
        if (!_canFlush)
        {
            return Outcome.Ok;
        }

        _kernel.Processor.Close();
        while (_isFlushing)
        {
            WaitForChange();
        }

        _isFlushing = true;
        Offer(_flush);
        _kernel.Processor.Open();
        Outcome outcome = Wait(_flush);
        _kernel.Processor.Close();
        _isFlushing = false;
        _changed.Signal();
        _kernel.Processor.Open();
        return outcome;
    }

    /// <summary>Waits until the device says more of what is in flight, or <see cref="LookNs"/> have passed.</summary>
    internal void WaitForDevice()
    {
        _interrupted.WaitUntil(_busy == 0 ? Clock.Never : _kernel.Clock.Now + LookNs);
        _interrupted.Reset();
    }

    /// <summary>Takes back what the device has finished; gives all up when it is broken.</summary>
    internal void TakeBack()
    {
        _kernel.Processor.Close();
        for (int slot = _requests.TakeFinished(); slot >= 0; slot = _requests.TakeFinished())
        {
            if (((_busy >> slot) & 1) != 0)
            {
                Finish(slot, _requests.OutcomeOf(slot));
            }
        }

        if (_requests.IsBroken && !_isDead)
        {
            GiveUp();
        }
        else if (_busy != 0 && ++_looks % LooksPerReport == 0)
        {
            uint seconds = (uint)(_looks / (LooksPerReport / 30));
            _kernel.Log.Begin("the disk is silent for "u8).Decimal(seconds).Text(" s"u8).End();
        }

        _kernel.Processor.Open();
    }

    private void GiveUp()
    {
        _kernel.Log.Begin("the disk breaks virtio's rules"u8).End();
        _isDead = true;
        Fail.Unless(_device.Reset(), "the disk does not stop"u8);
        while (_busy != 0)
        {
            Finish(BitOperations.TrailingZeroCount(_busy), Outcome.DiskError);
        }
    }

    /// <summary>With the gate closed once: opens it until something has been finished.</summary>
    private void WaitForChange()
    {
        _changed.Reset();
        _kernel.Processor.Open();
        _changed.Wait();
        _kernel.Processor.Close();
    }

    /// <summary>Hands a transfer to the device when a slot is free for it.</summary>
    private void Offer(DiskTransfer transfer)
    {
        int slot = BitOperations.TrailingZeroCount(~_busy);
        while (slot >= MaxInFlight)
        {
            WaitForChange();
            slot = BitOperations.TrailingZeroCount(~_busy);
        }

        _busy |= 1u << slot;
        _transfers[slot] = transfer;
        transfer.Tag = slot;
        transfer.IsBusy = true;
        if (_isDead)
        {
            Finish(slot, Outcome.DiskError);
            return;
        }

        _requests.Start(slot, transfer);
        _device.NotifyQueue();

        // The driver looks after a device that was idle.
        _interrupted.Signal();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Finish(int slot, Outcome outcome)
    {
        DiskTransfer transfer = _transfers[slot]!;
        _busy &= ~(1u << slot);
        _looks = 0;
        HasFailed |= outcome != Outcome.Ok && !transfer.IsWrite;
        transfer.Outcome = outcome;
        transfer.IsBusy = false;
        _changed.Signal();
    }
}
