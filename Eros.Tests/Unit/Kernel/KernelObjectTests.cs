using System.Text;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>
/// What kernel objects answer and to whom; number, schedule, sleep, notification, checkpoint, console.
/// </summary>
public sealed class KernelObjectTests : KernelTestBase
{
    private const ulong BootEpoch = SimulatedMachine.BootEpoch;

    private static readonly Capability _sleep = new((byte)CapabilityType.Sleep, 0);
    private static readonly Capability _checkpoint = new((byte)CapabilityType.Checkpoint, 0);
    private static readonly Capability _grant = new((byte)CapabilityType.ConsoleGrant, 0);

    [Test]
    public void A_number_gives_its_96_bits()
    {
        Expect(Result.Ok, Capability.Number(0x1122_3344_5566_7788, 0x99AA_BBCC), NumberOrder.Get);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(0x1122_3344_5566_7788));
        Assert.That(Domain.Frame.Rdx, Is.EqualTo(0x99AA_BBCC));
    }

    [Test]
    public void Types_without_objects_and_devices_of_another_boot_are_void([Values(0, 19, 20, 21, 24, 255)] int type) =>
        Expect(Result.VoidCapability, new Capability((byte)type, ulong.MaxValue), CommonOrder.TypeOf);

    [Test]
    public void Every_kernel_object_says_its_type_and_refuses_unknown_orders()
    {
        Capability[] objects =
        [
            Capability.Number(1), Machine.NewPage(), Machine.NewNode(), Domain.Process, Capability.Range(1, 1),
            new((byte)CapabilityType.Schedule, 0), new((byte)CapabilityType.Discrim, 0),
            new((byte)CapabilityType.ProcessTool, 0), new((byte)CapabilityType.DeviceGrant, 0),
            new((byte)CapabilityType.ReserveGrant, 0),
            _sleep, _checkpoint, _grant, Session(),
        ];
        foreach (Capability capability in objects)
        {
            Assert.That(TypeOf(capability), Is.EqualTo(capability.Type));
            Expect(Result.UnknownOrder, capability, 0x7777);
            Expect(Result.UnknownOrder, capability, (1UL << 32) | 1);
        }
    }

    [Test]
    public void Without_a_call_the_answer_goes_to_whom_argument_3_resumes(
        [Values(InvocationKind.Send, InvocationKind.Return, InvocationKind.Delegate, InvocationKind.Reply)]
        InvocationKind kind)
    {
        SimulatedDomain client = Waiting();
        Domain[4] = Capability.Resume(client.Oid, client.Frame.CallCount);
        Domain[20] = Capability.Number(42);
        Domain.Invoke(kind, 20, NumberOrder.Get);
        Assert.Multiple(() =>
        {
            Assert.That(client.State, Is.EqualTo(RunState.Running));
            Assert.That(client.Result, Is.EqualTo(Result.Ok));
            Assert.That(client.Frame.Rsi, Is.EqualTo(42));
            bool goesOn = kind is InvocationKind.Send or InvocationKind.Reply;
            Assert.That(client.IsCurrent, Is.EqualTo(!goesOn));
            Assert.That(Domain.State, Is.EqualTo(goesOn ? RunState.Running : RunState.Available));
            Assert.That(client.Call(Domain[4], 1), Is.Not.EqualTo(Result.Ok), "it is used up");
        });
    }

    [Test]
    public void A_void_capability_answers_as_a_dead_service_does()
    {
        SimulatedDomain client = Waiting();
        Domain[4] = Capability.Resume(client.Oid, client.Frame.CallCount);
        Domain.Invoke(InvocationKind.Return, 0, 1);
        Assert.That(client.IsCurrent);
        Assert.That(client.Result, Is.EqualTo(Result.VoidCapability));
    }

    [Test]
    public void Without_anybody_to_answer_the_answer_is_dropped()
    {
        Domain[20] = Capability.Number(42);
        Domain[4] = Capability.Resume(Domain.Oid, Domain.Frame.CallCount);
        Domain.Invoke(InvocationKind.Send, 20, NumberOrder.Get);
        Assert.That(Domain.Frame.Rdi, Is.EqualTo(NumberOrder.Get));
        Domain.Invoke(InvocationKind.Return, 20, NumberOrder.Get);
        Assert.That(Domain.State, Is.EqualTo(RunState.Available));
        Assert.That(Machine.Kernel.Activities.Count, Is.Zero);
    }

    [TestCase(SleepOrder.For, 1000u)]
    [TestCase(SleepOrder.Until, 1500u)]
    public void A_sleeper_wakes_when_its_time_has_come(uint order, uint word)
    {
        Machine.Clock.Time = 500;
        Domain[20] = _sleep;
        Domain.Invoke(InvocationKind.Call, 20, order, word);
        Assert.That(Domain.State, Is.EqualTo(RunState.KernelWait));
        Assert.That(Machine.Dispatch(), Is.Null);
        Machine.Pass(999);
        Assert.That(Machine.Dispatch(), Is.Null);
        Machine.Pass(1);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Assert.That(Domain.Result, Is.EqualTo(Result.Ok));
        Assert.That(Domain.State, Is.EqualTo(RunState.Running));
    }

    [Test]
    public void Time_that_has_passed_is_not_waited_for()
    {
        Machine.Clock.Time = 500;
        Expect(Result.Ok, _sleep, SleepOrder.Until, 500);
        Expect(Result.Ok, _sleep, SleepOrder.For, 0);
        Expect(Result.Ok, _sleep, SleepOrder.Now);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(500));
        Assert.That(Domain.Frame.Rdx, Is.EqualTo(BootEpoch));
    }

    [Test]
    public void Who_knows_of_another_boot_does_not_wait_for_the_next()
    {
        Expect(Result.Restarted, _sleep, SleepOrder.UntilRestart, BootEpoch - 1);
        Expect(Result.Restarted, _sleep, SleepOrder.UntilRestart, BootEpoch | (1UL << 32));
    }

    [TestCase(SleepOrder.UntilRestart, BootEpoch)]
    [TestCase(SleepOrder.For, ulong.MaxValue)]
    [TestCase(SleepOrder.Until, ulong.MaxValue)]
    public void Some_sleep_until_the_next_restart(uint order, ulong word)
    {
        Domain[20] = _sleep;
        Domain.Invoke(InvocationKind.Call, 20, order, word);
        Machine.Pass(ulong.MaxValue / 2);
        Assert.That(Machine.Dispatch(), Is.Null);
        Assert.That(Domain.State, Is.EqualTo(RunState.KernelWait));
    }

    [Test]
    public void A_server_lets_its_client_sleep_and_goes_on()
    {
        SimulatedDomain client = Waiting();
        Domain[4] = Capability.Resume(client.Oid, client.Frame.CallCount);
        Domain[20] = _sleep;
        Domain.Invoke(InvocationKind.Return, 20, SleepOrder.For, 100);
        Assert.That(client.State, Is.EqualTo(RunState.KernelWait));
        Assert.That(Domain.State, Is.EqualTo(RunState.Available));
        Machine.Pass(100);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(client.Entry));
        Assert.That(client.Result, Is.EqualTo(Result.Ok));
    }

    [Test]
    public void A_notification_reaches_an_available_process_at_once()
    {
        SimulatedDomain other = Machine.NewDomain();
        other.Await(InvocationWord.Registers(5));
        other[5] = Capability.Number(1);
        Expect(Result.Ok, other.Notification(0x81), 0);
        Assert.Multiple(() =>
        {
            Assert.That(other.State, Is.EqualTo(RunState.Running));
            Assert.That(other.Frame.Rdi, Is.EqualTo(InvocationWord.NotificationOrder));
            Assert.That(other.Frame.Rsi, Is.EqualTo(0x81));
            Assert.That(other.Frame.Rax, Is.EqualTo(InvocationWord.ReceivedNotification));
            Assert.That(other[5], Is.EqualTo(Capability.Void));
            Assert.That(other.Frame.Notifications, Is.Zero);
        });
    }

    [Test]
    public void Notifications_to_a_busy_process_gather_and_come_when_it_returns()
    {
        SimulatedDomain other = Waiting();
        Expect(Result.Ok, other.Notification(1), 0);
        Expect(Result.Ok, other.Notification(4), 0);
        Assert.That(other.State, Is.EqualTo(RunState.Waiting));
        ProcessControl.BecomeAvailable(Machine.Kernel, other.Entry);
        Assert.That(other.State, Is.EqualTo(RunState.Running));
        Assert.That(other.Frame.Rsi, Is.EqualTo(5));
    }

    [Test]
    public void Whoever_returns_with_notifications_pending_runs_on_beside_its_client()
    {
        SimulatedDomain client = Waiting();
        Domain.Frame.Notifications = 2;
        Domain[20] = Capability.Resume(client.Oid, client.Frame.CallCount);
        Domain.Invoke(InvocationKind.Return, 20, 0);
        Assert.That(client.IsCurrent);
        Assert.That(Domain.State, Is.EqualTo(RunState.Running));
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(2));
        Assert.That(Machine.Kernel.Activities.Count, Is.EqualTo(2));
    }

    [Test]
    public void A_process_may_notify_itself()
    {
        Expect(Result.Ok, Domain.Notification(8), 0);
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(8));
        Expect(Result.VoidCapability, new Capability(CapabilityType.Notification, Domain.Oid, 99, 1), 0);
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(8));
    }

    [Test]
    public void A_checkpoint_is_asked_for_and_its_generation_waited_for()
    {
        Machine.Kernel.Checkpoints.Working = 5;
        Machine.Kernel.Checkpoints.Committed = 4;
        Expect(Result.Ok, _checkpoint, CheckpointOrder.Take);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(5));
        Assert.That(Machine.Kernel.Services.CheckpointDue.IsSet);
        Expect(Result.Ok, _checkpoint, CheckpointOrder.WaitCommitted, 4);
        Expect(Result.BadArgument, _checkpoint, CheckpointOrder.WaitCommitted, 6);

        Domain[20] = _checkpoint;
        Domain.Invoke(InvocationKind.Call, 20, CheckpointOrder.WaitCommitted, 5);
        Assert.That(Domain.State, Is.EqualTo(RunState.Running), "an ordinary stall, which a restart repeats");
        Assert.That(Machine.Dispatch(), Is.Null);
        Machine.Events.Committed(5);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Domain.Frame.Rip += 2;
        Domain.Invoke();
        Assert.That(Domain.Result, Is.EqualTo(Result.Ok));

        Domain.Invoke(InvocationKind.Call, 20, CheckpointOrder.WaitSettled, 5);
        Assert.That(Machine.Dispatch(), Is.Null);
        Machine.Events.Settled(5);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Domain.Frame.Rip += 2;
        Domain.Invoke();
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(5));
        Expect(Result.Ok, _checkpoint, CheckpointOrder.Generation);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(5));
        Expect(Result.BadArgument, _checkpoint, CheckpointOrder.WaitSettled, Domain.Frame.Rdx + 1);
    }

    [Test]
    public void Without_a_disk_nothing_is_durable()
    {
        Machine.Kernel.Checkpoints.IsDurable = false;
        Expect(Result.NotDurable, _checkpoint, CheckpointOrder.Take);
        Expect(Result.NotDurable, _checkpoint, CheckpointOrder.WaitCommitted, 1);
        Expect(Result.NotDurable, _checkpoint, CheckpointOrder.WaitSettled, 1);
        ulong taken = Machine.Kernel.Checkpoints.Working + 1;
        Expect(Result.NotDurable, _checkpoint, CheckpointOrder.WaitCommitted, taken);
    }

    [Test]
    public void The_interval_has_bounds()
    {
        Expect(Result.BadArgument, _checkpoint, CheckpointOrder.SetInterval, Limits.MinCheckpointIntervalMs - 1);
        Expect(Result.BadArgument, _checkpoint, CheckpointOrder.SetInterval, 1UL << 32);
        Expect(Result.Ok, _checkpoint, CheckpointOrder.SetInterval, 5000);
        Expect(Result.Ok, _checkpoint, CheckpointOrder.Generation);
        Assert.That(Domain.Frame.R8, Is.EqualTo(5000));
        Expect(Result.Ok, _checkpoint, CheckpointOrder.SetInterval, 0);
    }

    [Test]
    public void Counters_come_as_a_string()
    {
        int length = System.Runtime.CompilerServices.Unsafe.SizeOf<KernelCounters>();
        Domain.SetString(0, 0, room: 4096);
        Expect(Result.Ok, _checkpoint, CheckpointOrder.Counters);
        Assert.That(Domain.Stored, Is.EqualTo(length));
        byte[] counters = Domain.Read(SimulatedDomain.Window, length);
        Assert.That(System.BitConverter.ToUInt64(counters), Is.EqualTo(Machine.Counters.Values.Invocations));
    }

    [Test]
    public void A_snapshot_counts_its_frames_and_its_pause()
    {
        Machine.Processor.Timestamp = 100;
        Machine.Events.Phase(StorePhase.Snapshot);
        Machine.Frames.BeginSnapshot();
        Machine.Processor.Timestamp = 350;
        Machine.Events.TimeNs();
        Assert.That(Machine.Counters.Values.SnapshotFrames, Is.GreaterThan(0));
        Assert.That(Machine.Counters.Values.SnapshotCycles, Is.EqualTo(250));
        Assert.That(Machine.Events.Phases, Is.EqualTo(new[] { StorePhase.Snapshot }));
    }

    [Test]
    public void Power_off_ends_the_machine() =>
        Assert.That(() => Domain.Call(_checkpoint, CheckpointOrder.PowerOff), Throws.TypeOf<PoweredOffException>());

    [Test]
    public void A_session_writes_whole_strings()
    {
        Domain.Write(SimulatedDomain.Window, Encoding.ASCII.GetBytes("hello"));
        Capability session = Session();
        Domain.SetString(SimulatedDomain.Window, 5);
        Expect(Result.Ok, session, ConsoleSessionOrder.Write);
        Assert.That(Machine.TakeConsole(), Is.EqualTo("hello"));
    }

    [Test]
    public void A_writer_waits_for_room_and_the_kernel_does_not()
    {
        Machine.Kernel.Terminal.Write(new byte[Limits.ConsoleOutput - 4]);
        Domain[20] = Session();
        Domain.SetString(SimulatedDomain.Window, 5);
        Domain.Invoke(InvocationKind.Call, 20, ConsoleSessionOrder.Write);
        Assert.That(Machine.Dispatch(), Is.Null);
        Machine.Kernel.Log.Begin("line"u8).End();
        Assert.That(Machine.TakeConsole(), Does.EndWith("\neros: line\n"));
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Domain.Frame.Rip += 2;
        Domain.Invoke();
        Assert.That(Domain.Result, Is.EqualTo(Result.Ok));
    }

    [Test]
    public void What_is_typed_is_read_as_far_as_there_is_room()
    {
        Capability session = Session();
        foreach (byte b in "typed"u8)
        {
            Machine.Kernel.Terminal.Typed(b);
        }

        Domain.SetString(0, 0, room: 3);
        Expect(Result.Ok, session, ConsoleSessionOrder.Read);
        Assert.That(Domain.Read(SimulatedDomain.Window, 3), Is.EqualTo("typ"u8.ToArray()));
        Domain.SetString(0, 0, room: 100);
        Expect(Result.Ok, session, ConsoleSessionOrder.Read);
        Assert.That(Domain.Stored, Is.EqualTo(2));
        Domain.SetString(0, 0, room: 100);
        Expect(Result.Ok, session, ConsoleSessionOrder.Read);
        Assert.That(Domain.Stored, Is.Zero);
    }

    [Test]
    public void A_listener_is_told_once_for_all_input_after_an_empty_read()
    {
        Capability session = Session();
        Expect(Result.BadArgument, session, ConsoleSessionOrder.Listen, argument: Machine.NewPage());
        Expect(Result.Ok, session, ConsoleSessionOrder.Listen, argument: Domain.Notification(16));
        Machine.Kernel.Terminal.Typed(1);
        Tell();
        Machine.Kernel.Terminal.Typed(2);
        Tell();
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(16));
        Domain.Frame.Notifications = 0;
        Tell();
        Assert.That(Domain.Frame.Notifications, Is.Zero);
        Domain.SetString(0, 0, room: 100);
        Expect(Result.Ok, session, ConsoleSessionOrder.Read);
        Machine.Kernel.Terminal.Typed(3);
        Tell();
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(16));

        void Tell() => Machine.Kernel.TellListener(out _);
    }

    [Test]
    public void A_session_dies_with_its_boot()
    {
        Capability session = Session();
        Machine.Kernel.Counters.Values.BootEpoch++;
        Expect(Result.VoidCapability, session, ConsoleSessionOrder.Read);
        Expect(Result.VoidCapability, session, CommonOrder.TypeOf);
        Assert.That(TypeOf(Session()), Is.EqualTo(CapabilityType.ConsoleSession));
    }

    private Capability Session()
    {
        Expect(Result.Ok, _grant, ConsoleGrantOrder.OpenSession);
        return Answer;
    }

    /// <summary>A process in a call.</summary>
    private SimulatedDomain Waiting()
    {
        SimulatedDomain domain = Machine.NewDomain();
        domain.GiveSpace(1);
        domain.Await(InvocationWord.Registers(11));
        domain.Frame.RunState = RunState.Waiting;
        return domain;
    }
}
