using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>Faults and keepers, and what a process is when its turn comes.</summary>
internal sealed class ModelFaults(ModelWorld world)
{
    /// <summary>How long a process that cannot be read is left alone.</summary>
    private const ulong RetryNs = 60_000_000_000;

    /// <summary>Says whether a line about a stopped process has been written; cleared by who reads it.</summary>
    public bool HasStopped { get; set; }

    /// <summary>The process that runs touches an address; true: it can.</summary>
    public bool PageFault(ModelFrame process, ulong address, Access access)
    {
        Sight sight = world.Space.Look(process.Process.Space, address, access);
        bool isLost = sight.Outcome == SpaceOutcome.Absent && process.Unreadable == sight.Frame;
        if (sight.Outcome == SpaceOutcome.Ok)
        {
            process.Unreadable = null;
            return true;
        }

        if (sight.Outcome == SpaceOutcome.Fault)
        {
            TellSpaceKeeper(process, address, access, sight);
        }
        else if (!isLost)
        {
            world.Stall(StallReason.Load, sight.Frame);
        }
        else
        {
            process.Unreadable = null;
            Raise(process, FaultCode.BadObject, address, Oid.Of(sight.Frame).Value);
        }

        return false;
    }

    /// <summary>The process that runs has faulted: its keeper is told, as if it called it.</summary>
    public void Raise(ModelFrame process, FaultCode code, ulong address, ulong info)
    {
        Record(process, code, address, info);
        TellOwnKeeper(process);
    }

    private void Record(ModelFrame process, FaultCode code, ulong address, ulong info)
    {
        ref ProcessFrame frame = ref world.Touch(process).Process;
        frame.FaultCode = code;
        frame.FaultAddress = address;
        frame.FaultInfo = info;
    }

    public void Forget(ModelFrame process)
    {
        Record(process, FaultCode.None, 0, 0);
        process.Process.Flags &= ~ProcessFlags.KeeperTold;
    }

    public void Stop(ModelFrame process)
    {
        world.Touch(process).Process.RunState = RunState.Faulted;
        HasStopped = true;
    }

    /// <summary>A process's turn has come. True: it runs.</summary>
    public bool Enter(ModelFrame process)
    {
        world.Current = process;
        process.State = ActivityState.Running;
        if (process.IsOut)
        {
            return WaitForOwnFrame(process);
        }

        ref ProcessFrame frame = ref world.Touch(process).Process;
        if (frame.RunState == RunState.KernelWait)
        {
            frame.WaitsFor = 0;
            Content content = default;
            content.Order = (uint)(process.IsRestarted ? Result.Restarted : Result.Ok);
            ModelCalls.Deliver(process, content);
        }

        process.IsRestarted = false;

        int before = world.Reserves.RankOf(process.Ring).Level;
        process.Ring = world.RingOf(process);
        int level = world.Reserves.RankOf(process.Ring).Level;
        if (level < before && (IsAnyReadyAbove((level, decimal.MaxValue)) || world.Reserves.Running != null))
        {
            world.Requeue();
            return false;
        }

        if (frame.FaultCode == FaultCode.None && frame.Schedule.Type != CapabilityType.Schedule)
        {
            Record(process, FaultCode.NoSchedule, frame.Rip, 0);
        }

        if (frame.FaultCode == FaultCode.None)
        {
            return true;
        }

        if (TellOwnKeeper(process))
        {
            world.Requeue();
        }

        return false;
    }

    /// <summary>Its own frame is on the disk only; what that cannot read is tried again after a while.</summary>
    private bool WaitForOwnFrame(ModelFrame process)
    {
        if (process.Unreadable != process.Number)
        {
            world.Stall(StallReason.Load, process.Number);
            return false;
        }

        process.Unreadable = null;
        process.State = ActivityState.Sleeping;
        process.Key = world.Now + RetryNs;
        world.Current = null;
        return false;
    }

    public bool IsAnyReadyAbove((int Level, decimal Order) rank)
    {
        foreach (ModelFrame frame in world.Frames)
        {
            if (frame.State == ActivityState.Ready && world.Reserves.RankOf(frame.Ring).CompareTo(rank) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private void TellSpaceKeeper(ModelFrame process, ulong address, Access access, in Sight sight)
    {
        ulong offset = address - sight.KeeperBase;
        ulong way = (ulong)access | ((ulong)sight.KeeperRights << InvocationWord.FaultRightsShift);
        bool isTold = sight.Keeper.Type != CapabilityType.Void
            && world.Calls.Tell(process, sight.Keeper, sight.Code, offset, way, sight.KeeperNode);
        if (isTold && process.State == ActivityState.Stalled)
        {
            return;
        }

        process.Unreadable = null;
        process.Process.Flags &= ~ProcessFlags.KeeperTold;
        Record(process, sight.Code, address, (ulong)access);
        if (!isTold)
        {
            TellOwnKeeper(process);
        }
    }

    /// <summary>True: the keeper has the place of the process.</summary>
    private bool TellOwnKeeper(ModelFrame process)
    {
        ref ProcessFrame frame = ref process.Process;
        if (!world.Calls.Tell(
            process, frame.Keeper, frame.FaultCode, frame.FaultAddress, frame.FaultInfo, Capability.Void))
        {
            world.Drop();
            Stop(process);
            return false;
        }

        if (process.State == ActivityState.Stalled)
        {
            return false;
        }

        frame.Flags |= ProcessFlags.KeeperTold;
        return true;
    }
}
