// Scheduler: one for activities (domains) and kernel threads. Preemptive, with priorities 0 (least) to 31 (most
// urgent).
//
// The rule
//  - Of what is ready, the highest level runs; of one level, what went to the end of its ring first.
//  - An activity's level is its priority; above all of them while its reserve has time left (Reserves). A kernel
//    thread's is the highest of its own priority, the urgency of the most urgent activity that waits for its work
//    (UrgencyOf), and the levels of the threads that wait for an event it serves.
//  - Service threads have a guaranteed share of one eighth of what reserves leave: while they are behind it
//    (ServiceShare) their level is at least 30, and above 31 when they are far behind. So a domain that spins at
//    priority 31 gets seven eighths while the checkpointer has work, and all of it otherwise; a busy service thread of
//    low urgency takes no more than one eighth from any domain; and a domain of priority 31 that is woken now and then
//    runs at once, however busy they are.
//  - A quantum is 10 ms: after it, the next of the same level runs. Who is preempted by something more urgent keeps its
//    place at the head and the rest of its quantum; who waits, and comes back, goes to the end.
//  - Time is looked at once in a millisecond (a tick), unless the processor idles.
//
//                Ready                    Pick
//    (waiting) ─────────▶ ready ring ─────────────▶ running
//        ▲                    ▲     put back           │
//        │                    └────────────────────────┤
//        └────────────────────── Release, Block ───────┘
//
// Dispatch keeps whoever runs while nothing more urgent is ready. Pick only chooses, and takes out of the ring; Switch
// alone goes to the machine. So a test drives Pick without a machine.
//
// Everything here is called with the gate closed. Invariants (docs/invariants.md):
//  Q1 At most one of State.Activity and State.Thread is set; what is set is in no ring.
//  Q2 HighestReady is the level of what Pick would take, one more where a service thread has it from its share, -1 when
//     nothing is ready. While a reserve's time passes it is at least Reserved, so that what its activity calls is left
//     to the general path, which counts; and one more when a ready reserve goes before it.
//  Q3 _readyThreads has the bit of exactly the threads whose state is Ready.
//  Q4 A thread waits for an event only while it is Blocked.

using System.Numerics;
using System.Runtime.CompilerServices;
using Eros.Kernel.Machine;
using Eros.Kernel.Processes;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;

namespace Eros.Kernel.Scheduling;

/// <summary>Decides what runs.</summary>
public sealed class Scheduler
{
    /// <summary>What one task runs before the next of its level has its turn.</summary>
    public const ulong QuantumNs = 10_000_000;

    /// <summary>How often time is looked at while something runs.</summary>
    public const ulong TickNs = 1_000_000;

    /// <summary>What Pick returns when nothing is ready.</summary>
    public const int Idle = -1;

    /// <summary>The level of service threads that are far behind their share.</summary>
    internal const int AboveAll = Limits.Priorities;

    /// <summary>The level of reserves that have time left.</summary>
    internal const int Reserved = AboveAll + 1;

    /// <summary>That of those who are just behind.</summary>
    internal const int BelowMostUrgent = Limits.Priorities - 2;

    private readonly ActivityTable _activities;
    private readonly Processor _processor;
    private readonly ProcessorState _state;
    private readonly Clock _clock;
    private readonly Counters _counters;
    private readonly ReadyRings _rings;
    private readonly SleepQueue _sleepers = new(Limits.Processes + Limits.KernelThreads);
    private readonly ThreadSlot[] _threads = new ThreadSlot[Limits.KernelThreads];
    private readonly IdleThread _idle;
    private ActivityRunner? _runner;
    private int _threadCount;

    // What is ready.
    private uint _readyThreads;
    private uint _serviceThreads;
    private ulong _count;

    // Derived from it: the first ring, and the most urgent ready thread.
    private int _bestRing = ReadyRings.None;
    private int _bestRingLevel = -1;
    private KernelThread? _bestThread;
    private int _bestThreadLevel = -1;

    // Time.
    private ServiceShare _share;
    private ulong _lastTick;
    private ulong _armed = Clock.Never;
    private bool _ticks;

    // How much of its quantum the task at the head of each level has used; and 1 when the running one has used it up.
    private readonly ulong[] _usedNs = new ulong[Reserved + 1];
    private int _sliceOver;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Scheduler(ActivityTable activities, Processor processor, Clock clock, Counters counters)
    {
        _activities = activities;
        _processor = processor;
        _state = processor.State;
        _clock = clock;
        _counters = counters;
        _rings = new ReadyRings(activities, Reserves);
        _idle = new IdleThread(processor);
        processor.Prepare(_idle);
    }

    /// <summary>Promised time.</summary>
    public Reserves Reserves { get; } = new();

    /// <summary>The activity that is on the processor, or ActivityTable.None.</summary>
    public int Current => _state.Activity;

    /// <summary>The level of the most urgent task that is ready, -1 when none is: the fast path compares it with a
    /// priority.</summary>
    public int HighestReady => _state.Trap.HighestReady;

    /// <summary>Completes the scheduler at boot.</summary>
    public void Attach(ActivityRunner runner) => _runner = runner;

    /// <summary>Adds a kernel thread, ready to run its first instruction. At boot only.</summary>
    public void Add(KernelThread thread)
    {
        Fail.Unless(_threadCount < Limits.KernelThreads, "too many kernel threads"u8);
        thread.Index = _threadCount;
        _threads[_threadCount++].Thread = thread;
        _serviceThreads |= thread.IsService ? 1u << thread.Index : 0;
        _processor.Prepare(thread);
        MakeReady(thread);
    }

    /// <summary>What an activity lends to a thread that it waits for: its priority; who has a reserve, whatever is left
    /// of it, what goes before all priorities and behind all reserves.</summary>
    public int UrgencyOf(int activity)
    {
        int ring = _activities[activity].Ring;
        return ring < AboveAll ? ring : AboveAll;
    }

    /// <summary>The level of an activity: its priority, or Reserved.</summary>
    public int LevelOf(int activity) => Reserves.LevelOf(_activities[activity].Ring);

    /// <summary>Puts an activity, which is in no list and not on the processor, at the end of its ring.</summary>
    public void Ready(int activity) => Ready(activity, false);

    /// <summary>The same, or at the head of its ring: behind others, who has waited for memory or room would find it
    /// taken again.</summary>
    public void Ready(int activity, bool isFirst)
    {
        int ring = _activities[activity].Ring;
        if (ring >= Limits.Priorities && ring != Reserves.Running && _rings.IsEmpty(ring))
        {
            Reserves.Begin(ring, _clock.Now);
        }

        if (isFirst)
        {
            _activities[activity].Key = ++_count;
            _rings.Prepend(activity);
        }
        else
        {
            _rings.Append(activity, ++_count);
        }

        Rank();
    }

    /// <summary>Takes a ready activity out of its ring.</summary>
    public void Remove(int activity)
    {
        _rings.Remove(activity);
        Rank();
    }

    /// <summary>An activity, wherever it is, is of another ring from now on.</summary>
    public void Move(int activity, byte ring)
    {
        ref Activity record = ref _activities[activity];
        bool waits = record.State == ActivityState.Ready && record.Ring != ring;
        if (waits)
        {
            Remove(activity);
        }

        record.Ring = ring;
        if (waits)
        {
            Ready(activity);
        }
    }

    /// <summary>The current activity does not run on: it has stalled, sleeps, or was freed.</summary>
    public void Release()
    {
        int activity = _state.Activity;
        if (activity != ActivityTable.None)
        {
            _usedNs[LevelOf(activity)] = 0;
            _state.Activity = ActivityTable.None;
        }
    }

    /// <summary>Lets an activity, which is in no list, sleep until a time in nanoseconds; then it is ready.
    /// ulong.MaxValue: until something else makes it ready.</summary>
    public void Sleep(int activity, ulong wakeNs)
    {
        ref Activity record = ref _activities[activity];
        record.State = ActivityState.Sleeping;
        record.Key = wakeNs;
        AddSleeper(activity, wakeNs);
    }

    /// <summary>Takes a sleeping activity out of the sleep queue.</summary>
    public void CancelSleep(int activity) => _sleepers.Remove(activity);

    /// <summary>Says how urgent the most urgent activity is that waits for the work of <paramref name="thread"/>, -1
    /// for none.</summary>
    public void SetUrgency(KernelThread thread, int urgency)
    {
        if (thread.Urgency != urgency)
        {
            thread.Urgency = urgency;
            RankThreads();
        }
    }

    /// <summary>The end of every entry to the kernel: goes on with whoever ran if nothing more urgent is ready, else
    /// with that. Called on the entry stack it does not return; called by a kernel thread (after an interrupt) it
    /// returns when that thread runs again.</summary>
    public void Dispatch()
    {
        KernelThread? thread = _state.Thread;
        if (thread != null)
        {
            if (MustYield(LevelOf(thread)))
            {
                PutBack(thread);
                Switch(thread);
            }

            return;
        }

        int activity = _state.Activity;
        if (activity != ActivityTable.None)
        {
            int ring = _activities[activity].Ring;
            if ((ring >= Limits.Priorities) | (Reserves.Running != Reserves.None))
            {
                Follow(ring, true);
            }

            if (!MustYield(Reserves.LevelOf(ring)))
            {
                if (Enter(activity))
                {
                    _runner!.Resume(null);
                    return;
                }
            }
            else
            {
                PutBack(activity);
            }
        }

        Switch(null);
    }

    /// <summary>Takes the task that is next out of the ready ones: an activity, or Limits.Processes + a thread's index,
    /// or Idle.</summary>
    public int Pick()
    {
        int ring = _bestRing;
        int level = _bestRingLevel;
        KernelThread? thread = _bestThread;
        if (thread != null && (_bestThreadLevel > level || (_bestThreadLevel == level && IsBefore(thread))))
        {
            _readyThreads &= ~(1u << thread.Index);
            RankThreads();
            return Limits.Processes + thread.Index;
        }

        if (ring < 0)
        {
            return Idle;
        }

        int activity = _rings.First(ring);
        _rings.Remove(activity);
        Rank();
        return activity;
    }

    /// <summary>The alarm has come (Clock.Arm). Dispatch follows at the end of the interrupt.</summary>
    public void TimerExpired()
    {
        ulong now = _clock.Now;
        _armed = Clock.Never;
        Tick(now);
        for (int sleeper = _sleepers.TakeExpired(now); sleeper >= 0; sleeper = _sleepers.TakeExpired(now))
        {
            if (sleeper < Limits.Processes)
            {
                Ready(sleeper);
            }
            else
            {
                MakeReady(_threads[sleeper - Limits.Processes].Thread);
            }
        }

        _ticks = HighestReady >= 0 || _state.Thread != _idle;
        Arm(_ticks ? now + TickNs : Clock.Never);
        Arm(_sleepers.First);
        Arm(Reserves.Next);
    }

    /// <summary>Derives the first ring and HighestReady, when what is ready has changed, or a reserve. Who has a level
    /// from its share takes the processor from an activity of that level too.</summary>
    public void Rank()
    {
        _bestRing = _rings.FindBest(out int best);
        _bestRingLevel = best;
        int level = _bestThreadLevel;
        level += _bestThread is { } thread && thread.Level < level ? 1 : 0;
        level = level > best ? level : best;
        int running = Reserves.Running;
        if (running != Reserves.None)
        {
            level = best == Reserved && Reserves.EndOf(_bestRing) < Reserves.EndOf(running) ? Reserved + 1 : Reserved;
        }

        _state.Trap.HighestReady = level;
    }

    /// <summary>Counts what the reserve that runs has used so far. Else it is counted when another runs, and at each
    /// look at the time.</summary>
    public void Recount() => Count(Reserves.Running, false);

    /// <summary>The current thread waits for <paramref name="on"/> or until the time; true when the event woke it. The
    /// gate is closed once.</summary>
    internal bool Block(Event? on, ulong deadlineNs)
    {
        KernelThread? thread = _state.Thread;
        Fail.Unless(thread != null && thread != _idle, "only a kernel thread can wait"u8);
        _usedNs[LevelOf(thread)] = 0;
        thread.State = ThreadState.Blocked;
        thread.WaitsFor = on;
        AddSleeper(Limits.Processes + thread.Index, deadlineNs);
        Leave(thread);
        RankThreads();
        Switch(thread);
        return thread.WasSignalled;
    }

    /// <summary>Makes ready all threads that wait for the event.</summary>
    internal void Wake(Event on)
    {
        for (int i = 0; i < _threadCount; i++)
        {
            KernelThread thread = _threads[i].Thread;
            if (thread.WaitsFor == on)
            {
                _sleepers.Remove(Limits.Processes + i);
                MakeReady(thread);
                thread.WasSignalled = true;
            }
        }
    }

    private void MakeReady(KernelThread thread)
    {
        thread.WaitsFor = null;
        thread.WasSignalled = false;
        thread.Since = ++_count;
        SetReady(thread);
    }

    private void SetReady(KernelThread thread)
    {
        thread.State = ThreadState.Ready;
        _readyThreads |= 1u << thread.Index;
        if (thread.IsService && !_share.IsWanted)
        {
            NoteShare(_clock.Now);
        }

        RankThreads();
    }

    /// <summary>Something more urgent is ready; or as urgent, once the slice is over.</summary>
    private bool MustYield(int level) => HighestReady + _sliceOver > level;

    private void PutBack(int activity)
    {
        if (_sliceOver != 0)
        {
            _rings.Append(activity, ++_count);
        }
        else
        {
            _rings.Prepend(activity);
        }

        _state.Activity = ActivityTable.None;
        Rank();
    }

    private void PutBack(KernelThread thread)
    {
        Leave(thread);
        if (thread != _idle)
        {
            thread.Since = _sliceOver != 0 ? ++_count : thread.Since;
            SetReady(thread);
        }
    }

    private void Leave(KernelThread thread)
    {
        _state.Thread = null;
        if (thread.IsService)
        {
            NoteShare(_clock.Now);
        }
    }

    /// <summary>Goes on with what Pick says; returns when <paramref name="from"/> is switched to again.</summary>
    private void Switch(KernelThread? from)
    {
        if (Reserves.Running != Reserves.None)
        {
            Count(Reserves.None, false);
        }

        int task = Pick();
        while (task is >= 0 and < Limits.Processes && !Enter(task))
        {
            task = Pick();
        }

        _sliceOver = 0;
        _counters.Values.ContextSwitches++;
        if (task != Idle && !_ticks)
        {
            StartTicking();
        }

        if (task is >= 0 and < Limits.Processes)
        {
            _runner!.Resume(from);
            return;
        }

        KernelThread to = task == Idle ? _idle : _threads[task - Limits.Processes].Thread;
        to.State = ThreadState.Running;
        _state.Thread = to;
        if (to.IsService)
        {
            NoteShare(_clock.Now);
        }

        if (to != from)
        {
            _processor.SwitchTo(from, to);
        }
    }

    private bool Enter(int activity)
    {
        _state.Activity = activity;
        _activities[activity].State = ActivityState.Running;
        int before = _activities[activity].Ring;
        if (_runner!.TryEnter(activity))
        {
            int ring = _activities[activity].Ring;
            if ((ring >= Limits.Priorities) | (Reserves.Running != Reserves.None))
            {
                Follow(ring, ring != before);
            }

            return true;
        }

        _state.Activity = ActivityTable.None;
        return false;
    }

    /// <summary>From now on the time of a ring's reserve passes, if there is one with time left: nothing is to be done
    /// if it does already.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Follow(int ring, bool mayBegin)
    {
        if (ring != Reserves.Running && (Reserves.Running != Reserves.None || Reserves.LevelOf(ring) == Reserved))
        {
            Count(ring, mayBegin);
        }
    }

    /// <summary>The time of the reserve that ran is counted; from now on that of a ring passes, which may only begin
    /// now to want it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Count(int ring, bool mayBegin)
    {
        ulong now = _clock.Now;
        if (mayBegin && ring >= Limits.Priorities && _rings.IsEmpty(ring))
        {
            Reserves.Begin(ring, now);
        }

        Reserves.Run(ring, now);
        Arm(Reserves.Next);
        Rank();
    }

    /// <summary>Looks at the time: whoever runs has used some.</summary>
    private void Tick(ulong now)
    {
        ulong elapsed = now - _lastTick;
        _lastTick = now;
        NoteShare(now);
        Reserves.Run(Reserves.Running, now);
        Reserves.Refill(now);
        KernelThread? thread = _state.Thread;
        int level = -1;
        if (thread != null)
        {
            level = LevelOf(thread);
        }
        else if (_state.Activity != ActivityTable.None)
        {
            level = LevelOf(_state.Activity);
        }

        if (level >= 0 && (_usedNs[level] += elapsed) >= QuantumNs)
        {
            _usedNs[level] = 0;
            _sliceOver = 1;
        }

        RankThreads();
    }

    /// <summary>Tells the share whether service threads run, or wait for their turn.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteShare(ulong now) =>
        _share.Note(now, _state.Thread is { IsService: true }, (_readyThreads & _serviceThreads) != 0);

    private void StartTicking()
    {
        ulong now = _clock.Now;
        _lastTick = now;
        _ticks = true;
        Arm(now + TickNs);
    }

    private void AddSleeper(int sleeper, ulong wakeNs)
    {
        if (wakeNs != Clock.Never)
        {
            _sleepers.Add(sleeper, wakeNs);
            Arm(wakeNs);
        }
    }

    private void Arm(ulong deadlineNs)
    {
        if (deadlineNs < _armed)
        {
            _armed = deadlineNs;
            _clock.Arm(deadlineNs);
        }
    }

    /// <summary>Who has the level from its share goes before the activities of it: their turns may be long.</summary>
    private bool IsBefore(KernelThread thread) =>
        thread.Level < _bestThreadLevel || thread.Since < _activities[_rings.First(_bestRing)].Key;

    private int LevelOf(KernelThread thread) =>
        thread.IsService && thread.Level < _share.Level ? _share.Level : thread.Level;

    /// <summary>Derives the levels of all threads, and which ready one is next.</summary>
    private void RankThreads()
    {
        for (int i = 0; i < _threadCount; i++)
        {
            KernelThread thread = _threads[i].Thread;
            thread.Level = thread.Urgency > thread.Priority ? thread.Urgency : thread.Priority;
        }

        while (LendUrgency())
        {
        }

        _bestThread = null;
        _bestThreadLevel = -1;
        for (uint ready = _readyThreads; ready != 0; ready &= ready - 1)
        {
            KernelThread thread = _threads[BitOperations.TrailingZeroCount(ready)].Thread;
            int level = LevelOf(thread);
            if (level > _bestThreadLevel || (level == _bestThreadLevel && thread.Since < _bestThread!.Since))
            {
                _bestThread = thread;
                _bestThreadLevel = level;
            }
        }

        Rank();
    }

    /// <summary>One step of lending: true when a level has risen, so that another step is needed. Levels only rise, and
    /// have a bound.</summary>
    private bool LendUrgency()
    {
        bool hasRisen = false;
        for (int i = 0; i < _threadCount; i++)
        {
            KernelThread thread = _threads[i].Thread;
            KernelThread? server = thread.WaitsFor?.Server;
            if (server != null && server.Level < thread.Level)
            {
                server.Level = thread.Level;
                hasRisen = true;
            }
        }

        return hasRisen;
    }

    /// <summary>A thread in an array: a store into an array of references would look at its class, and the kernel keeps
    /// nothing of types.</summary>
    private struct ThreadSlot
    {
        internal KernelThread Thread;
    }
}
