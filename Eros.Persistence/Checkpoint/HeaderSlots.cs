// HeaderSlots: the checkpoint headers and migration marks on the disk, two copies each (Layout/CheckpointHeader.cs).
//
//   Commit(G):  copy A, flush               G is what a restart comes back to
//   Secure(H):  copy B (or whichever is missing), flush; mark A, flush; mark B, flush
//               from now on nothing older than G is ever mounted, and home frames of generations up to H may be written
//
// Invariants (docs/invariants.md):
//  H1 the copies of a header are never under way together, nor are those of the mark: whatever a power cut tears, the
//     other copy is whole.
//  H2 writing G's header touches only copies of G-2, which nothing needs once G-1 is secured.
//  H3 before the log is written, no copy on the disk can claim to be newer than the mounted generation: what was
//     unreadable or refused at the mount is erased.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Store;

namespace Eros.Persistence.Checkpoint;

/// <summary>Reads and writes the headers. Used by one kernel thread.</summary>
public sealed class HeaderSlots(MountedVolume volume, BlockPort port)
{
    private readonly MountedVolume _volume = volume;
    private readonly BlockPort _port = port;

    // Copies, bit 0 and 1: those of the present header that are on the disk; those of the other pair that H3 is about.
    private int _onDisk;
    private int _doubtful;
    private ulong _mark;
    private ulong _home;
    private uint _pfn;
    private uint _scratch;

    /// <summary>Frames that <see cref="Open"/> takes.</summary>
    public static int FramesNeeded => 2;

    /// <summary>The header being made, or the one of the newest committed generation.</summary>
    public ref CheckpointHeader Header
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => ref _volume.Memory.As<CheckpointHeader>(_pfn);
    }

    /// <summary>The frame that <see cref="Header"/> is in.</summary>
    public uint Pfn => _pfn;

    /// <summary>A frame that nothing stays in.</summary>
    public uint Scratch => _scratch;

    /// <summary>Takes its frames from the free ones; there must be enough.</summary>
    public void Open()
    {
        _pfn = _volume.Frames.AllocateFrame();
        _scratch = _volume.Frames.AllocateFrame();
    }

    /// <summary>Starts an empty header for <paramref name="generation"/>.</summary>
    public void Begin(ulong generation)
    {
        _volume.Memory.Clear(_pfn);
        Header.Header.Generation = generation;
        _onDisk = 0;
    }

    /// <summary>
    /// Writes the first copy. Ok: the generation is committed. Otherwise nobody knows, and it must be tried again.
    /// </summary>
    public Outcome Commit()
    {
        BlockHeader.Seal(_volume.Memory, _pfn, CheckpointHeader.MagicValue, _volume.Id, Header.Header.Generation);
        return WriteCopy(0);
    }

    /// <summary>Writes the copies that are missing on the disk.</summary>
    public Outcome WriteMissingCopies()
    {
        Outcome outcome = Outcome.Ok;
        for (int copy = 0; copy < VolumeGeometry.Copies && outcome == Outcome.Ok; copy++)
        {
            outcome = (_onDisk & (1 << copy)) != 0 ? Outcome.Ok : WriteCopy(copy);
        }

        return outcome;
    }

    /// <summary>
    /// Puts it beyond doubt that a restart uses this generation: home frames of those up to <paramref name="home"/> may
    /// be written after that.
    /// </summary>
    public Outcome Secure(ulong home)
    {
        Outcome outcome = WriteMissingCopies();
        ulong generation = Header.Header.Generation;
        home = Math.Max(home, _home);
        if (_mark == generation && home == _home)
        {
            return outcome;
        }

        // After a mount, too: what that has read may be no more than a write that the disk still holds.
        _volume.Memory.Clear(_scratch);
        _volume.Memory.As<MigrationMark>(_scratch).Home = home;
        BlockHeader.Seal(_volume.Memory, _scratch, MigrationMark.MagicValue, _volume.Id, generation);
        for (int copy = 0; copy < VolumeGeometry.Copies && outcome == Outcome.Ok; copy++)
        {
            outcome = WriteAndFlush(_volume.Geometry.MarkBlock(copy), _scratch);
        }

        if (outcome == Outcome.Ok)
        {
            (_mark, _home) = (generation, home);
        }

        return outcome;
    }

    /// <summary>
    /// Takes over what the recovery found: the header in <see cref="Pfn"/>, which copies of it are on the disk (bit 0,
    /// 1), which copies of the other pair might be read as something newer one day, and the newest generation that home
    /// may hold frames of.
    /// </summary>
    public void Adopt(int copiesOnDisk, int doubtfulCopies, ulong home)
    {
        _mark = ulong.MaxValue;
        _home = home;
        _onDisk = copiesOnDisk;
        _doubtful = doubtfulCopies;
    }

    /// <summary>H3.</summary>
    public Outcome EraseDoubtful()
    {
        Outcome outcome = Outcome.Ok;
        _volume.Memory.Clear(_scratch);
        for (int copy = 0; copy < VolumeGeometry.Copies && outcome == Outcome.Ok; copy++)
        {
            if ((_doubtful & (1 << copy)) != 0)
            {
                ulong block = _volume.Geometry.CheckpointHeaderBlock(Header.Header.Generation + 1, copy);
                outcome = WriteAndFlush(block, _scratch);
            }
        }

        _doubtful = outcome == Outcome.Ok ? 0 : _doubtful;
        return outcome;
    }

    private Outcome WriteCopy(int copy)
    {
        ulong block = _volume.Geometry.CheckpointHeaderBlock(Header.Header.Generation, copy);
        Outcome outcome = WriteAndFlush(block, _pfn);
        _onDisk |= outcome == Outcome.Ok ? 1 << copy : 0;
        return outcome;
    }

    private Outcome WriteAndFlush(ulong block, uint pfn)
    {
        Outcome outcome = _port.Write(block, pfn);
        outcome = outcome == Outcome.Ok ? _volume.Flush() : outcome;
        if (outcome != Outcome.Ok)
        {
            _volume.Report(StoreMessage.WriteError, block);
        }

        return outcome;
    }
}
