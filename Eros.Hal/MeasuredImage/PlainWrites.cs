// PlainWrites: what the disk and its driver can do, beside what checkpoints make of it. After each checkpoint, before
// anybody is told that it is committed, this writes as many blocks as the snapshot had frames to the end of the disk,
// one after another, and flushes once: no checksum, no copy, nothing looked up. What both took is a line of the log.
//
//   snapshot ──▶ log, flush, header, flush ──▶ plain writes, flush ──▶ committed
//   |◀──────────── checkpoint ────────────▶|◀──── plain writes ────▶|
//
// Invariants: the disk is twice as large as the end that is written, or nothing is; the volume ends before.

using Eros.Hal.Firmware;
using Eros.Persistence.Base;
using Eros.Persistence.Mirror;
using Eros.Persistence.Store;

namespace Eros.Hal.Image;

/// <content>Has the disk measured.</content>
internal sealed unsafe partial class Machine
{
    partial void Measure(MirroredDisk? disk, MarkedStoreEvents events)
    {
        if (disk != null && disk.BlockCount >= 2 * PlainWrites.EndBlocks)
        {
            events.Writes = new PlainWrites(_kernel, disk);
        }
    }

    /// <content>Has the phases measured.</content>
    private sealed partial class MarkedStoreEvents
    {
        /// <summary>Set once, at boot.</summary>
        public PlainWrites? Writes { get; set; }

        partial void OnPhase(StorePhase phase) => Writes?.OnPhase(phase);
    }

    /// <summary>Writes blocks in order, as many transfers under way as the store has.</summary>
    private sealed class PlainWrites
    {
        /// <summary>Blocks of the disk's end: 2 GB.</summary>
        public const ulong EndBlocks = 1UL << 19;

        private readonly Eros.Kernel.Kernel _kernel;
        private readonly Disk _disk;
        private readonly DiskTransfer[] _transfers = new DiskTransfer[StoreLimits.WriteTransfers];
        private ulong _next;
        private ulong _since;
        private StorePhase _phase;

        public PlainWrites(Eros.Kernel.Kernel kernel, Disk disk)
        {
            _kernel = kernel;
            _disk = disk;
            _next = disk.BlockCount - EndBlocks;
            for (int i = 0; i < _transfers.Length; i++)
            {
                DiskTransfer transfer = new() { IsWrite = true };
                ulong frame = BootHeap.Memory.TakeFrames(DiskTransfer.MaxBlocks) / BootMemory.FrameBytes;
                for (int block = 0; block < DiskTransfer.MaxBlocks; block++)
                {
                    transfer.Frames[block] = (uint)frame + (uint)block;
                }

                _transfers[i] = transfer;
            }
        }

        public void OnPhase(StorePhase phase)
        {
            ulong now = _kernel.Processor.ReadTimestamp();
            if (phase == StorePhase.Snapshot)
            {
                _since = now;
            }
            else if (phase == StorePhase.Migrate && _phase == StorePhase.Commit)
            {
                ulong frames = _kernel.Counters.Values.SnapshotFrames;
                Outcome outcome = Run((int)frames);
                ulong end = _kernel.Processor.ReadTimestamp();
                if (outcome == Outcome.Ok)
                {
                    _kernel.Log.Begin("checkpoint of "u8).Decimal(frames).Text(" frames: "u8).Decimal(now - _since)
                        .Text(" cycles, plain writes: "u8).Decimal(end - now).Text(" cycles, of "u8)
                        .Decimal(_kernel.Counters.Values.TimestampHz).Text(" in a second"u8).End();
                }
            }

            _phase = phase;
        }

        /// <summary>Ok, DiskError; NoSpace: the end of the disk is reached.</summary>
        private Outcome Run(int blocks)
        {
            if (_next + (ulong)blocks > _disk.BlockCount)
            {
                return Outcome.NoSpace;
            }

            Outcome outcome = Outcome.Ok;
            for (int turn = 0; blocks > 0; blocks -= DiskTransfer.MaxBlocks)
            {
                DiskTransfer transfer = _transfers[turn++ % _transfers.Length];
                outcome = Wait(transfer, outcome);
                transfer.FirstBlock = _next;
                transfer.Count = blocks < DiskTransfer.MaxBlocks ? blocks : DiskTransfer.MaxBlocks;
                _next += (ulong)transfer.Count;
                _disk.Start(transfer);
            }

            foreach (DiskTransfer transfer in _transfers)
            {
                outcome = Wait(transfer, outcome);
            }

            return outcome == Outcome.Ok ? _disk.Flush() : outcome;
        }

        private Outcome Wait(DiskTransfer transfer, Outcome before)
        {
            Outcome outcome = transfer.Count == 0 ? Outcome.Ok : _disk.Wait(transfer);
            transfer.Count = 0;
            return before == Outcome.Ok ? outcome : before;
        }
    }
}
