// ActivityTable: one small record for each process that has somewhere to go. This is the only thing the kernel holds
// for a process beside the process itself, and its size follows from the limit on processes, so it cannot run out.
//
//                    Allocate
//        Free ─────────────────────▶ Ready ◀───────────────┐
//         ▲                           │  ▲ Scheduler.Ready │
//         │ Free       Scheduler      ▼  │                 │
//         ├────────────────────── Running ── StallQueues.Stall ──▶ Stalled
//         │                           └───── SleepQueue.Add ─────▶ Sleeping
//         └── a Return, a fault nobody takes, the end of the process
//
// Invariants
//  A1 A process has an activity exactly when its run state is Running or KernelWait.
//  A2 An activity names its process by home frame, never by an index of the frame table: the frame of one that waits
//     can be evicted.
//  A3 An activity is in at most one list; Next and Previous are that list's links (ready ring, stall bucket, sleep
//     queue). Rings and buckets are circular: each goes through one record more, its head, which is no activity, so
//     that linking knows no ends.
//  A4 Activities are not saved. A checkpoint saves the list of their processes, and a restart makes each a new one.

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Processes;

/// <summary>Where an activity is.</summary>
public enum ActivityState : byte
{
    Free = 0,

    /// <summary>In the scheduler's ready ring.</summary>
    Ready,

    /// <summary>On the processor; in no list.</summary>
    Running,

    /// <summary>In a stall bucket; its process repeats the instruction when it is woken.</summary>
    Stalled,

    /// <summary>Its process is in KernelWait, or cannot be read; in the sleep queue, or in no list when it waits for a
    /// restart.</summary>
    Sleeping,
}

/// <summary>What a stalled activity waits for; the key says which one.</summary>
public enum StallReason : byte
{
    None = 0,

    /// <summary>Key: the home frame that must be read from the disk.</summary>
    Load,

    /// <summary>Log space or memory to dirty an object. Key 0. The first of what the checkpointer gives.</summary>
    Space,

    /// <summary>A checkpoint's commit. Key 0.</summary>
    Committed,

    /// <summary>Key: the home frame of a page that must be journalled.</summary>
    Journal,

    /// <summary>A checkpoint to be settled. Key 0. The last of what the checkpointer gives.</summary>
    Settled,

    /// <summary>Key: the home frame of a process that must become Available.</summary>
    Available,

    /// <summary>Key: the OID of a forwarder whose gate is closed.</summary>
    Gate,

    /// <summary>Room in the console's output. Key 0.</summary>
    ConsoleRoom,
}

[Flags]
public enum ActivityFlags : byte
{
    None = 0,

    /// <summary>
    /// Made from the process list at boot, and has not run since: a call that waits in the kernel completes with
    /// Restarted.
    /// </summary>
    Restarted = 1,

    /// <summary>ToldFrame could not be loaded: the invocation that needs it is answered BadObject, once.</summary>
    LoadFailed = 2,

    /// <summary>
    /// The page in ToldFrame has been journalled, as it was when the order waited or later: the order is answered Ok,
    /// once.
    /// </summary>
    Journalled = 4,
}

/// <summary>One record.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct Activity
{
    public const int SizeInBytes = 40;

    /// <summary>Home frame of the process.</summary>
    [FieldOffset(0)] public ulong Frame;

    /// <summary>
    /// Stalled: what it waits for. Sleeping: the time to wake, in nanoseconds since the volume was made.
    /// </summary>
    [FieldOffset(8)] public ulong Key;

    /// <summary>With LoadFailed or Journalled: the frame.</summary>
    [FieldOffset(16)] public ulong ToldFrame;
    [FieldOffset(24)] public int Next;
    [FieldOffset(28)] public int Previous;
    [FieldOffset(32)] public ActivityState State;
    [FieldOffset(33)] public StallReason Reason;

    /// <summary>
    /// The ring in which it waits for its turn: the priority, or that of a reserve. From the process's schedule
    /// capability, as it was when the activity was last made ready or entered, or that slot changed; the most urgent
    /// while that is not known (Restart, ProcessControl.FindRings). The fast path stores it and the flags at once.
    /// </summary>
    [FieldOffset(34)] public byte Ring;
    [FieldOffset(35)] public ActivityFlags Flags;
}

/// <summary>All activities.</summary>
public sealed class ActivityTable
{
    /// <summary>No activity.</summary>
    public const int None = -1;

    private const int Rings = Limits.Priorities + Limits.Reserves;
    private const int Lists = Rings + Limits.StallBuckets;

    // The activities, then the heads of lists.
    private readonly Activity[] _activities = new Activity[Limits.Processes + Lists];
    private int _firstFree;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ActivityTable()
    {
        for (int i = 0; i < _activities.Length; i++)
        {
            ref Activity record = ref _activities[i];
            record.Next = i < Limits.Processes ? i + 1 : i;
            record.Previous = i;
        }

        _activities[Limits.Processes - 1].Next = None;
    }

    /// <summary>Activities that are not free.</summary>
    public int Count { get; private set; }

    public ref Activity this[int activity] => ref _activities[activity];

    /// <summary>The head of a ring: its Next is the ring's first activity, or itself.</summary>
    public static int Ring(int number) => Limits.Processes + number;

    /// <summary>The head of a bucket of the stall queues.</summary>
    public static int Bucket(int number) => Limits.Processes + Rings + number;

    /// <summary>
    /// A record for the process at <paramref name="frame"/>, in state Running and in no list. Never fails: see the
    /// head.
    /// </summary>
    public int Allocate(ulong frame, byte ring)
    {
        int activity = _firstFree;
        Fail.Unless(activity != None, "more activities than processes"u8, frame);
        ref Activity record = ref _activities[activity];
        _firstFree = record.Next;
        record = default;
        record.Frame = frame;
        record.Ring = ring;
        record.State = ActivityState.Running;
        Count++;
        return activity;
    }

    /// <summary>Gives the record back. It must be in no list.</summary>
    public void Free(int activity)
    {
        ref Activity record = ref _activities[activity];
        Fail.Unless(record.State != ActivityState.Free, "activity freed twice"u8, (ulong)activity);
        record.State = ActivityState.Free;
        record.Next = _firstFree;
        _firstFree = activity;
        Count--;
    }

    /// <summary>
    /// Puts an activity, which is in no list, behind <paramref name="previous"/>: another, or a list's head.
    /// </summary>
    public void Link(int activity, int previous)
    {
        ref Activity record = ref _activities[activity];
        ref Activity before = ref _activities[previous];
        record.Previous = previous;
        record.Next = before.Next;
        before.Next = activity;
        _activities[record.Next].Previous = activity;
    }

    /// <summary>Takes an activity out of the list that it is in.</summary>
    public void Unlink(int activity)
    {
        ref Activity record = ref _activities[activity];
        _activities[record.Previous].Next = record.Next;
        _activities[record.Next].Previous = record.Previous;
    }

    /// <summary>
    /// The activity of the process at <paramref name="frame"/>, or None. A scan, for what is rare: the end of a process
    /// that runs, or another schedule for it.
    /// </summary>
    public int FindByFrame(ulong frame)
    {
        for (int i = 0; i < Limits.Processes; i++)
        {
            ref Activity record = ref _activities[i];
            if (record.Frame == frame && record.State != ActivityState.Free)
            {
                return i;
            }
        }

        return None;
    }

    /// <summary>Writes the OIDs of all processes that have an activity; returns how many there are.</summary>
    public int Collect(Span<ulong> oids)
    {
        int count = 0;
        for (int i = 0; count < Count; i++)
        {
            ref Activity record = ref _activities[i];
            if (record.State != ActivityState.Free)
            {
                oids[count++] = Oid.Of(record.Frame).Value;
            }
        }

        return count;
    }
}
