// Restart: what the process list of a checkpoint becomes. Each process that had somewhere to go gets an activity again;
// its frame is loaded when its turn comes. Calls that waited in the kernel complete with Result.Restarted
// (Faults.TryEnter).

using System;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Boot;

/// <summary>Resumes the processes of a checkpoint.</summary>
public static class Restart
{
    /// <summary>
    /// Makes ready all processes of the list. They wait at the highest priority until their own is known.
    /// </summary>
    public static void Resume(Kernel kernel, ReadOnlySpan<ulong> oids)
    {
        for (int i = 0; i < oids.Length; i++)
        {
            int activity = kernel.Activities.Allocate(new Oid(oids[i]).Frame, Limits.Priorities - 1);
            kernel.Activities[activity].Flags = ActivityFlags.Restarted;
            kernel.Scheduler.Ready(activity);
        }
    }
}
