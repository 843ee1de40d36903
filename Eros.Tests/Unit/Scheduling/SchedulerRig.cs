using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Eros.Build.Volume;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;

namespace Eros.Tests.Unit.Scheduling;

/// <summary>A scheduler on a simulated processor, whose activities can always run.</summary>
public sealed class SchedulerRig : IDisposable
{
    public const ulong Ms = 1_000_000;

    public SchedulerRig()
    {
        Activities = new ActivityTable();
        Processor = new FakeProcessor(Clock);
        Scheduler = new Scheduler(Activities, Processor, Clock, new Counters());
        Processor.Scheduler = Scheduler;
        Runner = new Runner(this);
        Scheduler.Attach(Runner);
    }

    public FakeClock Clock { get; } = new();

    public FakeProcessor Processor { get; }

    public ActivityTable Activities { get; }

    public Scheduler Scheduler { get; }

    public Runner Runner { get; }

    public void Dispose() => Processor.Dispose();

    /// <summary>An activity that is ready.</summary>
    public int NewActivity(int priority)
    {
        int activity = Activities.Allocate(100, (byte)priority);
        Scheduler.Ready(activity);
        return activity;
    }

    public TestThread NewThread(string name, int priority, Action<TestThread> life, bool isService = false)
    {
        var thread = new TestThread(this, name, priority, isService, life);
        Scheduler.Add(thread);
        return thread;
    }

    public Event NewEvent(KernelThread? server = null) => new(Scheduler, Processor) { Server = server };

    /// <summary>Enters the kernel, does nothing, and dispatches.</summary>
    public void Start() => Processor.Enter(() => { });

    public ulong RanMs(string name) => Processor.Ran.GetValueOrDefault(name) / Ms;
}

/// <summary>Lets every activity run, but those that a test says have vanished.</summary>
public sealed class Runner(SchedulerRig rig) : ActivityRunner
{
    public HashSet<int> Vanished { get; } = [];

    public override bool TryEnter(int activity) => !Vanished.Contains(activity);

    public override void Resume(KernelThread? from) =>
        rig.Processor.ResumeDomain(from, ref Unsafe.NullRef<ProcessFrame>());
}

/// <summary>A kernel thread that does what a test says.</summary>
public sealed class TestThread(SchedulerRig rig, string name, int priority, bool isService, Action<TestThread> life)
    : KernelThread(name, priority, isService)
{
    /// <summary>Uses the processor for a time, with the gate open.</summary>
    public void Compute(ulong ns) => rig.Processor.Compute(ns);

    /// <summary>Says that this thread has come so far.</summary>
    public void Note(string what) => rig.Processor.Log.Add($"{Name}: {what}");

    public override void Run()
    {
        life(this);
        rig.NewEvent().Wait();
    }
}
