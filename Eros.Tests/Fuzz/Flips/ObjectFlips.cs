using System;
using System.Collections.Generic;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;

namespace Eros.Tests.Fuzz.Flips;

/// <summary>
/// A store with a live working set, in which one bit is flipped. Domains go on, a checkpoint is taken and migrated, and
/// what a restart comes back to is compared with a model.
/// </summary>
internal sealed class ObjectFlips : IDisposable
{
    private const int ChangesBefore = 30;
    private const int ChangesAfter = 120;
    private const int VersionBits = 32;
    private const int KindBits = 8;
    private const int FlagBits = 3;
    private const int PfnBits = 10;

    private readonly BaseVolume _base;
    private LayeredImage _image;
    private readonly SimulatedMachine _machine;

    public ObjectFlips()
    {
        _base = BaseVolume.Make(0);
        _image = new LayeredImage(_base.Image.BlockCount, _base.Image);
        _machine = new SimulatedMachine(SeededRun.MachineFrames, _image);
    }

    public void Dispose() => _machine.Dispose();

    /// <summary>Flips a bit.</summary>
    /// <param name="target">Where.</param>
    /// <param name="random">Which, and what happens before and after.</param>
    /// <param name="what">How it was found, or what is wrong.</param>
    public FlipEnd Run(FlipTarget target, SeededRandom random, out string what)
    {
        Prepare(random);
        Flip(target, random);
        try
        {
            for (int i = 0; i < ChangesAfter; i++)
            {
                _base.Changer.Change(_machine, random);
            }

            what = $"{_machine.Store.Checkpoint()} {_machine.Store.Migrate()}";
        }
        catch (Exception failure) when (failure is InvariantException or IndexOutOfRangeException)
        {
            what = failure.Message;
            return FlipEnd.Detected;
        }

        StoreModel model = _machine.Model;
        RecoveryResult result = _machine.Boot(_image);
        string? wrong = StateChecker.Check(_machine, result, model, model.Acknowledged, _base.Changer);
        what = wrong ?? what;
        return wrong == null ? FlipEnd.Harmless : FlipEnd.Undetected;
    }

    private void Prepare(SeededRandom random)
    {
        _image = new LayeredImage(_base.Image.BlockCount, _base.Image);
        _machine.Model = _base.Model;
        RecoveryResult result = _machine.Boot(_image);
        _machine.Model = _machine.Model.RestartedAt(result.Generation);
        bool isReady = _machine.Store.Migrate() == Outcome.Ok;
        foreach (ulong frame in _base.Changer.Frames)
        {
            isReady &= _machine.Entry(frame) >= 0;
        }

        for (int i = 0; i < ChangesBefore; i++)
        {
            isReady &= _base.Changer.Change(_machine, random);
        }

        if (!isReady)
        {
            throw new InvalidOperationException("the machine is not ready");
        }
    }

    private void Flip(FlipTarget target, SeededRandom random)
    {
        FrameTable frames = _machine.Frames;
        List<int> candidates = [];
        for (int i = 0; i < frames.Capacity; i++)
        {
            if (frames[i].Pfn != 0 && Fits(target, frames[i]))
            {
                candidates.Add(i);
            }
        }

        int entry = candidates[random.Below(candidates.Count)];
        ref FrameEntry e = ref frames[entry];
        switch (target)
        {
            case FlipTarget.CleanEntry:
                int bit = random.Below(VersionBits + KindBits);
                e.Version ^= bit < VersionBits ? 1u << bit : 0;
                e.Kind ^= (FrameKind)(bit < VersionBits ? 0 : 1 << (bit - VersionBits));
                break;
            case FlipTarget.FrameEntry:
                int other = random.Below(PfnBits + FlagBits);
                e.Pfn ^= other < PfnBits ? 1u << other : 0;
                e.Flags ^= (FrameFlags)(other < PfnBits ? 0 : 1 << (other - PfnBits));
                e.Pfn %= SeededRun.MachineFrames;
                break;
            default:
                frames.Bytes(entry)[random.Below(PhysicalMemory.FrameBytes)] ^= (byte)(1 << random.Below(8));
                break;
        }
    }

    private static bool Fits(FlipTarget target, in FrameEntry entry)
    {
        bool isClean = entry.Flags == FrameFlags.None;
        bool isObject = entry.Kind is >= FrameKind.Page and <= FrameKind.Process;
        return target switch
        {
            FlipTarget.CleanPage => isClean && entry.Kind == FrameKind.Page,
            FlipTarget.CleanNodes => isClean && entry.Kind == FrameKind.Pot,
            FlipTarget.CleanProcess => isClean && entry.Kind == FrameKind.Process,
            FlipTarget.CleanEntry => isClean && entry.Kind != FrameKind.Tag,
            FlipTarget.TagBlock => entry.Kind == FrameKind.Tag,
            FlipTarget.FrameEntry => isObject,
            _ => !isClean && isObject,
        };
    }
}
