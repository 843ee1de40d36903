// CrashDisk: a disk with a write cache that a power cut can empty in any way that Eros.Persistence.Base.Disk allows.
//
// What is durable is in the image; what was written since is a list of pending blocks. A flush makes those durable
// whose transfer had been waited for. A cut keeps any part of the rest, by sectors of 512 bytes.
//
// Asked to, it is worse than that (DiskFault.cs): it misdirects writes, and lies about flushes.
//
// It is a strict disk, too: data to be written must not change while the disk may still read it, nothing is read before
// it is waited for, and no call comes with the gate closed.

using System;
using System.Collections.Generic;
using Eros.Build.Volume;
using Eros.Persistence.Base;

namespace Eros.Tests.Crash;

/// <summary>The simulated disk. Calls <see cref="OnWrite"/> and <see cref="OnCall"/> as things happen.</summary>
public sealed class CrashDisk : Disk
{
    /// <summary>Bytes that are written wholly or not at all.</summary>
    public const int SectorBytes = 512;

    private readonly PhysicalMemory _memory;
    private readonly CrashGate _gate;
    private readonly FaultCounts _faults;
    private int[] _newest = [];
    private int _losses;
    private Pending[] _pending = new Pending[64];

    public CrashDisk(LayeredImage image, PhysicalMemory memory, CrashGate gate, FaultCounts? faults = null)
    {
        _memory = memory;
        _gate = gate;
        _faults = faults ?? new FaultCounts();
        Image = image;
        Attach(image);
    }

    /// <summary>It does not answer; and it has refused a request since.</summary>
    public bool IsGone { get; private set; }
    public bool HasRefused { get; private set; }

    /// <summary>What is durable.</summary>
    public LayeredImage Image { get; private set; }

    /// <summary>Blocks written and not yet durable.</summary>
    public int PendingCount { get; private set; }

    /// <summary>Blocks written in all.</summary>
    public int BlocksWritten { get; private set; }

    /// <summary>Called with each block that is written, after it: a cut may come here.</summary>
    public Action<int>? OnWrite { get; set; }

    /// <summary>Called at each request: the machine may do something else meanwhile.</summary>
    public Action? OnCall { get; set; }

    /// <summary>Makes requests fail that touch this block: reads, writes or both.</summary>
    public Predicate<(ulong Block, bool IsWrite)>? Fails { get; set; }

    /// <summary>Makes flushes fail that were to save a write of this block: all that they were to save is
    /// lost.</summary>
    public Predicate<ulong>? FailsFlushOf { get; set; }

    /// <summary>Says where a write of a block lands.</summary>
    public Func<int, int>? Misdirects { get; set; }

    /// <summary>Says of a flush whether it is one in name only.</summary>
    public Func<bool>? Lies { get; set; }

    /// <summary>Writes have landed elsewhere since the disk was attached.</summary>
    public bool HasMisdirected { get; private set; }

    public override ulong BlockCount => (ulong)_newest.Length;

    public override int MaxInFlight => 4;

    /// <summary>Becomes another disk, with nothing pending.</summary>
    public void Attach(LayeredImage image)
    {
        Forget();
        Image = image;
        BlocksWritten = 0;
        IsGone = false;
        HasRefused = false;
        HasFailed = false;
        HasMisdirected = false;
        if (_newest.Length != image.BlockCount)
        {
            _newest = new int[image.BlockCount];
            Array.Fill(_newest, -1);
        }
    }

    /// <summary>Nobody listens, and nothing fails.</summary>
    public void Calm()
    {
        OnCall = null;
        OnWrite = null;
        Fails = null;
        FailsFlushOf = null;
        Misdirects = null;
        Lies = null;
    }

    /// <summary>
    /// The machine starts again, but the power stays: the disk finishes what it was told, and forgets nothing.
    /// </summary>
    public void Settle()
    {
        for (int i = 0; i < PendingCount; i++)
        {
            _pending[i].IsComplete = true;
        }
    }

    /// <summary>The disk is pulled: what it had not made durable is kept in part, and nothing answers until <see
    /// cref="ComeBack"/>.</summary>
    public void Vanish(Func<int, int, bool> keeps)
    {
        Cut(Image, keeps);
        Forget();
        _faults.Count(DiskFault.Vanish);
        IsGone = true;
        HasRefused = false;
        _losses++;
    }

    /// <summary>The disk answers again. What was under way has failed.</summary>
    public void ComeBack() => IsGone = false;

    public override void Start(DiskTransfer transfer)
    {
        Called();
        transfer.Tag = _losses;
        HasRefused |= IsGone;
        Demand(!transfer.IsBusy, "transfer started twice", transfer.FirstBlock);
        Demand(transfer.Count is > 0 and <= DiskTransfer.MaxBlocks, "transfer of no size", (ulong)transfer.Count);
        ulong end = transfer.FirstBlock + (ulong)transfer.Count;
        Demand(end <= BlockCount, "transfer beyond the disk", transfer.FirstBlock);
        transfer.IsBusy = true;
        bool isFailing = !IsGone && IsFailing(transfer);
        if (isFailing)
        {
            _faults.Count(transfer.IsWrite ? DiskFault.WriteError : DiskFault.ReadError);
        }

        transfer.Outcome = IsGone || isFailing ? Outcome.DiskError : Outcome.Ok;
        NoteFailure(transfer);
        for (int i = 0; transfer.IsWrite && transfer.Outcome == Outcome.Ok && i < transfer.Count; i++)
        {
            AddPending((int)transfer.FirstBlock + i, transfer);
            OnWrite?.Invoke((int)transfer.FirstBlock + i);
        }
    }

    public override Outcome Wait(DiskTransfer transfer)
    {
        Called();
        Demand(transfer.IsBusy, "waited for a transfer that was not started", transfer.FirstBlock);
        HasRefused |= transfer.Tag != _losses;
        if (transfer.Tag != _losses)
        {
            transfer.Outcome = Outcome.DiskError;
            NoteFailure(transfer);
        }

        for (int i = 0; transfer.Outcome == Outcome.Ok && i < transfer.Count; i++)
        {
            int block = (int)transfer.FirstBlock + i;
            Span<byte> frame = _memory.Bytes(transfer.Frames[i]);
            if (transfer.IsWrite)
            {
                bool isSame = HasMisdirected || frame.SequenceEqual(Read(block));
                Demand(isSame, "data changed while it was written", (ulong)block);
            }
            else
            {
                NoteDelay(block);
                Read(block).CopyTo(frame);
            }
        }

        for (int i = 0; i < PendingCount; i++)
        {
            _pending[i].IsComplete |= _pending[i].Transfer == transfer;
        }

        transfer.IsBusy = false;
        return transfer.Outcome;
    }

    public override Outcome Flush()
    {
        Called();
        HasRefused |= IsGone;
        if (!IsGone && Lies != null && Lies())
        {
            for (int i = 0; i < PendingCount; i++)
            {
                _pending[i].IsReported |= _pending[i].IsComplete;
            }

            return Outcome.Ok;
        }

        bool isFailing = IsGone || IsFlushFailing();
        if (isFailing && !IsGone)
        {
            _faults.Count(DiskFault.FlushError);
        }

        int kept = 0;
        for (int i = 0; i < PendingCount; i++)
        {
            Pending write = _pending[i];
            if (!write.IsComplete)
            {
                _pending[kept] = write;
                _newest[write.Block] = kept++;
                continue;
            }

            _newest[write.Block] = -1;
            if (write.Bytes == null)
            {
                continue;
            }

            if (isFailing)
            {
                Image.GiveBack(write.Bytes);
            }
            else
            {
                Image.Put(write.Block, write.Bytes);
            }
        }

        PendingCount = kept;
        return isFailing ? Outcome.DiskError : Outcome.Ok;
    }

    /// <summary>
    /// Applies a part of the pending writes to an image: sector s of pending write i where <paramref name="keeps"/>(i,
    /// s).
    /// </summary>
    public void Cut(LayeredImage image, Func<int, int, bool> keeps)
    {
        (bool isReordered, bool isDropped, bool isTorn, bool isLate, bool isLie) = (false, false, false, false, false);
        for (int i = 0; i < PendingCount; i++)
        {
            int sectors = Keep(image, i, keeps);
            isReordered |= isDropped && sectors == CutPattern.Sectors;
            isDropped |= sectors == 0;
            isTorn |= sectors is > 0 and < CutPattern.Sectors;
            isLate |= !_pending[i].IsComplete;
            isLie |= _pending[i].IsReported && sectors < CutPattern.Sectors;
        }

        Count(isReordered, DiskFault.Reorder);
        Count(isDropped, DiskFault.Drop);
        Count(isTorn, DiskFault.Tear);
        Count(isLate, DiskFault.Delay);
        Count(isLie, DiskFault.Lie);
    }

    /// <summary>The blocks with pending writes, if a flush was reported for one: those after it should have waited for
    /// that.</summary>
    public void AddUnsaved(ICollection<int> blocks)
    {
        bool hasLied = false;
        for (int i = 0; i < PendingCount; i++)
        {
            hasLied |= _pending[i].IsReported;
            if (hasLied)
            {
                blocks.Add(_pending[i].Block);
            }
        }
    }

    private int Keep(LayeredImage image, int i, Func<int, int, bool> keeps)
    {
        ReadOnlySpan<byte> bytes = Contents(i);
        int sectors = 0;
        for (int sector = 0; sector < CutPattern.Sectors; sector++)
        {
            if (keeps(i, sector))
            {
                sectors++;
                int at = sector * SectorBytes;
                bytes.Slice(at, SectorBytes).CopyTo(image.Writable(_pending[i].Block)[at..]);
            }
        }

        return sectors;
    }

    private void Count(bool hasHappened, DiskFault fault)
    {
        if (hasHappened)
        {
            _faults.Count(fault);
        }
    }

    private void NoteDelay(int block) =>
        Count(_newest[block] >= 0 && !_pending[_newest[block]].IsComplete, DiskFault.Delay);

    private static void Demand(bool condition, string what, ulong detail)
    {
        if (!condition)
        {
            throw new InvariantException(what, detail);
        }
    }

    private void NoteFailure(DiskTransfer transfer) =>
        HasFailed |= transfer.Outcome != Outcome.Ok && !transfer.IsWrite;

    private void Called()
    {
        Demand(_gate.Depth == 0, "disk used with the gate closed", (ulong)_gate.Depth);
        OnCall?.Invoke();
    }

    private bool IsFailing(DiskTransfer transfer)
    {
        for (int i = 0; Fails != null && i < transfer.Count; i++)
        {
            if (Fails((transfer.FirstBlock + (ulong)i, transfer.IsWrite)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsFlushFailing()
    {
        for (int i = 0; FailsFlushOf != null && i < PendingCount; i++)
        {
            if (_pending[i].IsComplete && FailsFlushOf((ulong)_pending[i].Block))
            {
                return true;
            }
        }

        return false;
    }

    private void AddPending(int block, DiskTransfer transfer)
    {
        Span<byte> frame = _memory.Bytes(transfer.Frames[block - (int)transfer.FirstBlock]);
        int elsewhere = Misdirects?.Invoke(block) ?? block;
        if (elsewhere != block)
        {
            _faults.Count(DiskFault.Misdirect);
            HasMisdirected = true;
            block = elsewhere;
        }

        if (PendingCount == _pending.Length)
        {
            Array.Resize(ref _pending, 2 * PendingCount);
        }

        int older = _newest[block];
        if (older >= 0)
        {
            // From here on the medium may get other contents while this one is pending.
            _pending[older].Bytes ??= CopyOf(Image.Read(block));
        }

        bool isSame = older < 0 && frame.SequenceEqual(Image.Read(block));
        int index = PendingCount++;
        _pending[index] = new Pending { Block = block, Transfer = transfer, Bytes = isSame ? null : CopyOf(frame) };
        _newest[block] = index;
        BlocksWritten++;
    }

    /// <summary>All that is pending is gone.</summary>
    private void Forget()
    {
        for (int i = 0; i < PendingCount; i++)
        {
            _newest[_pending[i].Block] = -1;
            if (_pending[i].Bytes is { } bytes)
            {
                Image.GiveBack(bytes);
            }
        }

        PendingCount = 0;
    }

    private ReadOnlySpan<byte> Read(int block) => _newest[block] >= 0 ? Contents(_newest[block]) : Image.Read(block);

    private ReadOnlySpan<byte> Contents(int index) => _pending[index].Bytes ?? Image.Read(_pending[index].Block);

    private byte[] CopyOf(ReadOnlySpan<byte> contents)
    {
        byte[] bytes = Image.Take();
        contents.CopyTo(bytes);
        return bytes;
    }

    /// <summary>A write that is not durable yet. No bytes: it is what the medium holds already, and the only pending
    /// write of its block.</summary>
    private struct Pending
    {
        public int Block;
        public bool IsComplete;
        public bool IsReported;
        public DiskTransfer Transfer;
        public byte[]? Bytes;
    }
}
