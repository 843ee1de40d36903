// Racer: one side of a race, through all its lives: power on, come back, work, have the plug pulled.
//
// The user's work is a count. Whatever was acknowledged before the plug was pulled must be there when it is back.

using System;
using System.Collections.Generic;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Racing;

/// <summary>One return.</summary>
/// <param name="Times">From power-on to each milestone.</param>
/// <param name="Acknowledged">The count that was acknowledged before the plug was pulled.</param>
/// <param name="Found">The count that came back.</param>
internal sealed record Lap(IReadOnlyList<TimeSpan> Times, long Acknowledged, long Found)
{
    /// <summary>Acknowledged work is gone.</summary>
    internal bool IsLost => Found < Acknowledged;
}

/// <summary>A system with a disk, which survives from one life to the next.</summary>
internal abstract class Racer
{
    /// <summary>For one answer of a machine.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _lifeLimit = TimeSpan.FromMinutes(10);

    private long _acknowledged;

    /// <summary>Its short name.</summary>
    internal abstract string Name { get; }

    /// <summary>What runs, how it is started, and what it does until the plug is pulled, a sentence each.</summary>
    internal abstract IReadOnlyList<string> Description { get; }

    /// <summary>What is timed, in order. The last but one: what was acknowledged is there, for whoever uses it. The
    /// last: the next piece of work is on disk.</summary>
    internal abstract IReadOnlyList<string> Milestones { get; }

    protected abstract MachineOptions Machine { get; }

    /// <summary>One life: from power-on until the plug is pulled.</summary>
    /// <exception cref="MachineException">It does not come back, or does not work.</exception>
    internal Lap Run()
    {
        var splits = new Splits();
        using QemuMachine machine = QemuMachine.Start(Machine, _lifeLimit);
        long found = Return(machine, splits, _acknowledged == 0);
        var lap = new Lap(splits.Times, _acknowledged, found);
        _acknowledged = WorkUntilPulled(machine);
        return lap;
    }

    /// <summary>Passes all milestones.</summary>
    /// <param name="machine">It was just started.</param>
    /// <param name="splits">Takes the time of each.</param>
    /// <param name="isFirst">There was no life before.</param>
    /// <returns>The count that came back.</returns>
    protected abstract long Return(QemuMachine machine, Splits splits, bool isFirst);

    /// <summary>Works, and pulls the plug.</summary>
    /// <returns>The count that is acknowledged.</returns>
    protected abstract long WorkUntilPulled(QemuMachine machine);
}
