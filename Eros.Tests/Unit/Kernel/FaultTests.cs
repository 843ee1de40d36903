using Eros.Kernel;
using Eros.Kernel.Boot;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>Faults, keepers, and how activities come to the processor: Faults.</summary>
public sealed class FaultTests : KernelTestBase
{
    private const ulong Hole = SimulatedDomain.Window + 0x6000;
    private SimulatedDomain _spaceKeeper = null!;
    private SimulatedDomain _keeper = null!;

    [SetUp]
    public void MakeKeepers()
    {
        _spaceKeeper = MakeKeeper();
        _keeper = MakeKeeper();
    }

    [Test]
    public void An_exception_is_told_to_the_processs_keeper()
    {
        Domain.Frame.Keeper = _keeper.Start(9);
        Machine.Kernel.Fault(FaultCode.Divide, 0x1234, 5);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(_keeper.Entry));
        Assert.Multiple(() =>
        {
            Assert.That(_keeper.Frame.Rdi, Is.EqualTo(InvocationWord.FaultOrder));
            Assert.That(_keeper.Frame.Rsi, Is.EqualTo((ulong)FaultCode.Divide));
            Assert.That(_keeper.Frame.Rdx, Is.EqualTo(0x1234));
            Assert.That(_keeper.Frame.R8, Is.EqualTo(5));
            Assert.That(_keeper.Frame.Rax, Is.EqualTo(9));
            Assert.That(_keeper[5], Is.EqualTo(Capability.Void));
            Assert.That(_keeper[8].Type, Is.EqualTo(CapabilityType.FaultResume));
            Assert.That(_keeper[8].Oid, Is.EqualTo(Domain.Oid));
            Assert.That(_keeper[8].Count, Is.EqualTo(Domain.Frame.CallCount));
            Assert.That(Domain.State, Is.EqualTo(RunState.Waiting));
            Assert.That(Domain.Frame.Rip, Is.EqualTo(SimulatedDomain.Code));
        });
    }

    [Test]
    public void Retry_lets_it_run_on_with_its_registers_as_they_were([Values] bool byReturn)
    {
        TellOwnKeeper();
        ulong rax = Domain.Frame.Rax = 0xAAAA;
        _keeper.Invoke(byReturn ? InvocationKind.Return : InvocationKind.Call, 8, FaultResumeOrder.Retry);
        Assert.Multiple(() =>
        {
            Assert.That(Domain.State, Is.EqualTo(RunState.Running));
            Assert.That(Domain.Frame.FaultCode, Is.EqualTo(FaultCode.None));
            Assert.That(Domain.Frame.Flags, Is.EqualTo(ProcessFlags.None));
            Assert.That(Domain.Frame.Rax, Is.EqualTo(rax));
            Assert.That(Domain.IsCurrent, Is.EqualTo(byReturn));
            Assert.That(_keeper.State, Is.EqualTo(byReturn ? RunState.Available : RunState.Running));
        });
        Assert.That(Machine.Kernel.Objects.Find(_keeper[8], out _), Is.EqualTo(Outcome.NoObject), "used up");
    }

    [Test]
    public void A_space_that_is_on_the_disk_is_loaded_before_an_address_is_called_wrong()
    {
        const ulong Frame = 950;
        Domain.Frame.Space = new Capability(CapabilityType.Space, Oid.Of(Frame), 1, Guard.At0(17).Value);
        Machine.Kernel.PageFault(1 << 17, Access.Read);
        Assert.That(Domain.Frame.FaultCode, Is.EqualTo(FaultCode.None));
        Assert.That(Machine.Waits(StallReason.Load));
    }

    [Test]
    public void What_was_told_of_one_frame_is_not_believed_of_another_after_a_wait_for_something_else()
    {
        Capability forwarder = Machine.NewNode(NodeKind.Forwarder);
        ulong gate = forwarder.Oid.Value;
        Machine.NodeOf(forwarder).Flags = NodeFlags.Blocked;
        Machine.NodeOf(forwarder).Slots[0] = new Capability(CapabilityType.Page, Oid.Of(gate), 1);
        Domain.Call(new Capability(CapabilityType.Page, Oid.Of(950), 1), PageOrder.Zero);
        Machine.Events.Loaded(950, Outcome.BadBlock);
        Machine.Dispatch();
        Domain.Call(forwarder.WithType(CapabilityType.Forwarder), PageOrder.Zero);
        Assert.That(Machine.Waits(StallReason.Gate));
        Machine.NodeOf(forwarder).Flags = NodeFlags.None;
        Machine.Kernel.Stalls.WakeAll(StallReason.Gate, gate);
        Machine.Dispatch();
        Domain.Invoke();
        Assert.That(Machine.Waits(StallReason.Load), "the frame with the number of the gate has not been tried");
    }

    [Test]
    public void A_keeper_that_refuses_leaves_the_process_faulted_and_one_line_on_the_console()
    {
        TellOwnKeeper();
        _keeper.Invoke(InvocationKind.Return, 8, 1);
        Assert.That(Domain.State, Is.EqualTo(RunState.Faulted));
        Assert.That(Machine.Dispatch(), Is.Null);
        string line = $"eros: process {Domain.Oid.Value:x12} stopped: divide by zero at 0x1234\n";
        Assert.That(Machine.TakeConsole(), Is.EqualTo(line));
    }

    [Test]
    public void Without_a_keeper_it_stops_visibly_with_its_registers_as_they_were([Range(0, 6)] int kind)
    {
        Domain.Frame.Keeper = NoKeeper(kind);
        Domain.Prepare(InvocationKind.Call, 1, 2, 3, 4, 5);
        byte[] before = Machine.Frames.Bytes(Domain.Entry)[64..].ToArray();
        Machine.Kernel.Fault(FaultCode.BadOpcode, 0x99, 0);
        Assert.That(Machine.Dispatch(), Is.Null);
        Assert.That(Domain.State, Is.EqualTo(RunState.Faulted));
        Assert.That(Machine.Kernel.Activities.Count, Is.Zero);
        Assert.That(Machine.TakeConsole(), Does.Contain("stopped: bad instruction at 0x99"));
        Assert.That(Machine.Frames.Bytes(Domain.Entry)[64..].ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void A_page_fault_goes_to_the_innermost_space_keeper_with_the_offset_in_its_space()
    {
        KeepSpace();
        Machine.Kernel.PageFault(Hole, Access.Write);
        Assert.That(_spaceKeeper.IsCurrent);
        Assert.That(_spaceKeeper.Frame.Rsi, Is.EqualTo((ulong)FaultCode.InvalidAddress));
        Assert.That(_spaceKeeper.Frame.Rdx, Is.EqualTo(Hole - SimulatedDomain.Window));
        Assert.That(_spaceKeeper.Frame.R8, Is.EqualTo((ulong)Access.Write));
        Assert.That(Domain.State, Is.EqualTo(RunState.Waiting));
        Assert.That(Domain.Frame.FaultAddress, Is.EqualTo(Hole));
        _spaceKeeper.Invoke(InvocationKind.Return, 8, FaultResumeOrder.Retry);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Assert.That(Domain.Frame.FaultCode, Is.EqualTo(FaultCode.None));
    }

    [TestCase(Rights.None)]
    [TestCase(Rights.ReadOnly | Rights.NoExecute)]
    public void A_space_keeper_gets_its_node_with_all_rights_and_is_told_which_the_way_took(Rights way)
    {
        KeepSpace();
        Domain.Frame.Space = Domain.Frame.Space.Less(way | Rights.Opaque);
        Machine.Kernel.PageFault(Hole, Access.Write);
        Assert.That(_spaceKeeper[5], Is.EqualTo(Domain.SpaceNode));
        ulong word = (ulong)Access.Write | ((ulong)(way | Rights.Opaque) << InvocationWord.FaultRightsShift);
        Assert.That(_spaceKeeper.Frame.R8, Is.EqualTo(word));
        _spaceKeeper[1] = Machine.NewPage();
        Assert.That(_spaceKeeper.Call(_spaceKeeper[5], NodeOrder.Swap, 6), Is.EqualTo(Result.Ok), "it mends the space");
        _spaceKeeper.Invoke(InvocationKind.Return, 8, FaultResumeOrder.Retry);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Machine.Kernel.PageFault(Hole, Access.Read);
        Assert.That(Domain.IsCurrent);
    }

    [Test]
    public void One_keeper_tells_the_spaces_that_it_keeps_apart_by_their_nodes()
    {
        KeepSpace();
        Capability inner = Machine.NewNode(NodeKind.Space, Guard.PageLog2);
        Capability outer = Machine.NewNode(NodeKind.Space, Guard.PageLog2 + Guard.NodeLog2);
        int log2 = Guard.PageLog2 + Guard.NodeLog2;
        Machine.NodeOf(outer).Slots[0] = Domain.Frame.Space.WithData(Guard.At0(log2).Value);
        Machine.NodeOf(outer).Slots[2] = inner.WithType(CapabilityType.Space).WithData(Guard.At0(log2).Value);
        Machine.NodeOf(outer).Slots[Node.KeeperSlot] = _spaceKeeper.Start();
        Machine.NodeOf(outer).Flags = NodeFlags.Keeper;
        Domain.Frame.Space = outer.WithType(CapabilityType.Space).WithData(Guard.At0(log2 + Guard.NodeLog2).Value);
        Machine.Kernel.PageFault(0x1_F000, Access.Read);
        Assert.That(_spaceKeeper[5], Is.EqualTo(Domain.SpaceNode), "the innermost is told");
        Assert.That(_spaceKeeper.Frame.Rdx, Is.EqualTo(0x1_F000));
        _spaceKeeper.Invoke(InvocationKind.Return, 8, FaultResumeOrder.Retry);
        Machine.Dispatch();
        Machine.Kernel.PageFault(0x4_5000, Access.Read);
        Assert.That(_spaceKeeper[11], Is.EqualTo(outer));
        Assert.That(_spaceKeeper.Frame.Rdx, Is.EqualTo(0x4_5000), "its node spans the whole");
    }

    [Test]
    public void When_the_space_keeper_refuses_the_processs_keeper_is_told_and_then_it_stops()
    {
        KeepSpace();
        Domain.Frame.Keeper = _keeper.Start();
        Machine.Kernel.PageFault(Hole, Access.Read);
        _spaceKeeper.Invoke(InvocationKind.Return, 8, 1);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(_keeper.Entry));
        Assert.That(_keeper.Frame.Rdx, Is.EqualTo(Hole), "the process's keeper gets the whole address");
        _keeper.Invoke(InvocationKind.Return, 8, 1);
        Assert.That(Domain.State, Is.EqualTo(RunState.Faulted));
        Assert.That(Machine.TakeConsole(), Does.Contain("stopped: no page at 0x106000"));
    }

    [Test]
    public void A_process_that_is_its_own_keeper_does_not_wait_for_itself([Values] bool ofSpace)
    {
        ref Node node = ref Machine.NodeOf(Domain.SpaceNode);
        node.Flags = ofSpace ? NodeFlags.Keeper : NodeFlags.None;
        node.Slots[Node.KeeperSlot] = Domain.Start();
        Domain.Frame.Keeper = Domain.Start();
        Machine.Kernel.PageFault(Hole, Access.Read);
        Assert.That(Machine.Dispatch(), Is.Null);
        Assert.That(Domain.State, Is.EqualTo(RunState.Faulted));
        Assert.That(Machine.TakeConsole(), Does.Contain("stopped: no page at"));
    }

    [Test]
    public void Keepers_that_keep_each_other_wait_until_somebody_moves_one_on()
    {
        SimulatedDomain other = Machine.NewRunning(pages: 1);
        Domain.Frame.Keeper = other.Start();
        other.Frame.Keeper = Domain.Start();
        other.Frame.RunState = RunState.Running;
        Machine.Kernel.Fault(FaultCode.Divide, 0, 0);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(other.Entry), "its keeper is busy, so it waits");
        Machine.Kernel.Fault(FaultCode.Divide, 0, 0);
        Assert.That(Machine.Dispatch(), Is.Null);
        KernelCheck.Check(Machine, "both wait");
        SimulatedDomain third = Machine.NewRunning(pages: 1);
        Machine.Dispatch();
        Assert.That(third.Call(other.Process, ProcessOrder.MakeAvailable), Is.EqualTo(Result.Ok));
        ProcessControl.Requeue(Machine.Kernel);
        Machine.Dispatch();
        Assert.That(Domain.State, Is.EqualTo(RunState.Waiting), "it is told now");
        KernelCheck.Check(Machine, "moved on");
    }

    [Test]
    public void A_keeper_that_is_itself_faulted_is_waited_for_and_told_once_it_is_moved_on([Values] bool ofSpace)
    {
        SimulatedDomain keeper = ofSpace ? _spaceKeeper : _keeper;
        if (ofSpace)
        {
            KeepSpace();
        }
        else
        {
            Domain.Frame.Keeper = keeper.Start();
        }

        keeper.Frame.RunState = RunState.Faulted;
        keeper.Frame.FaultCode = FaultCode.BadOpcode;
        ulong rax = keeper.Frame.Rax;
        FaultOnce(ofSpace);
        Assert.That(Machine.Dispatch(), Is.Null);
        Assert.That(Domain.State, Is.EqualTo(RunState.Running), "it waits, as for any server that is not there yet");
        Assert.That(keeper.Frame.Rax, Is.EqualTo(rax), "a faulted keeper is left as it was found");
        KernelCheck.Check(Machine, "waits");

        SimulatedDomain other = Machine.NewRunning(pages: 1);
        Machine.Dispatch();
        Assert.That(other.Call(keeper.Process, ProcessOrder.MakeAvailable), Is.EqualTo(Result.Ok));
        ProcessControl.Requeue(Machine.Kernel);
        Machine.Dispatch();
        if (ofSpace)
        {
            Assert.That(Domain.IsCurrent, "the instruction is repeated");
            FaultOnce(ofSpace);
        }

        Assert.That(Domain.State, Is.EqualTo(RunState.Waiting));
        Assert.That(keeper.State, Is.EqualTo(RunState.Running));
        Assert.That(keeper.Frame.Rdi, Is.EqualTo(InvocationWord.FaultOrder));
        KernelCheck.Check(Machine, "told");
    }

    [Test]
    public void A_process_waits_for_a_busy_space_keeper_and_faults_again()
    {
        KeepSpace();
        _spaceKeeper.Frame.RunState = RunState.Waiting;
        Machine.Kernel.PageFault(Hole, Access.Write);
        Assert.That(Machine.Dispatch(), Is.Null);
        Assert.That(Domain.State, Is.EqualTo(RunState.Running));
        Assert.That(Domain.Frame.FaultCode, Is.EqualTo(FaultCode.None));
        Assert.That(Domain.Frame.Rip, Is.EqualTo(SimulatedDomain.Code), "the instruction is repeated");
        ProcessControl.BecomeAvailable(Machine.Kernel, _spaceKeeper.Entry);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
    }

    [Test]
    public void A_trap_is_not_lost_while_the_keeper_is_busy()
    {
        // After INT3 the program counter is behind the instruction: repeating would not fault again.
        Domain.Frame.Keeper = _keeper.Start();
        _keeper.Frame.RunState = RunState.Waiting;
        Machine.Kernel.Fault(FaultCode.Breakpoint, 0x10, 0);
        Assert.That(Machine.Dispatch(), Is.Null);
        Assert.That(Domain.Frame.FaultCode, Is.EqualTo(FaultCode.Breakpoint));
        ProcessControl.BecomeAvailable(Machine.Kernel, _keeper.Entry);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(_keeper.Entry));
        Assert.That(_keeper.Frame.Rsi, Is.EqualTo((ulong)FaultCode.Breakpoint));
    }

    [Test]
    public void A_keeper_behind_a_forwarder_is_told_with_the_forwarders_word()
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Machine.NodeOf(node).Slots[0] = _keeper.OpenStart(1);
        Machine.NodeOf(node).Word = 55;
        Domain.Frame.Keeper = node.WithType(CapabilityType.Forwarder);
        Machine.Kernel.Fault(FaultCode.Divide, 0, 0);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(_keeper.Entry));
        Assert.That(_keeper.Frame.Rax, Is.EqualTo(55));
    }

    [Test]
    public void A_page_that_is_only_on_disk_is_loaded_and_the_instruction_repeated()
    {
        ulong frame = Machine.NewFrame();
        Machine.NodeOf(Domain.SpaceNode).Slots[6] = new Capability(CapabilityType.Page, Oid.Of(frame), 1, 12);
        Machine.Kernel.PageFault(Hole, Access.Read);
        Assert.That(Machine.Dispatch(), Is.Null);
        Assert.That(Machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong wanted));
        Assert.That(wanted, Is.EqualTo(frame));
        Machine.Enter(frame, FrameKind.Page);
        Machine.Events.Loaded(frame, Outcome.Ok);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Machine.Kernel.PageFault(Hole, Access.Read);
        Assert.That(Domain.IsCurrent);
    }

    [Test]
    public void A_page_that_cannot_be_read_is_a_fault_told_to_the_processs_keeper()
    {
        ulong frame = Machine.NewFrame();
        Domain.Frame.Keeper = _keeper.Start();
        Machine.NodeOf(Domain.SpaceNode).Slots[6] = new Capability(CapabilityType.Page, Oid.Of(frame), 1, 12);
        Machine.Kernel.PageFault(Hole, Access.Read);
        Machine.Events.Loaded(frame, Outcome.BadBlock);
        Machine.Dispatch();
        Machine.Kernel.PageFault(Hole, Access.Read);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(_keeper.Entry));
        Assert.That(_keeper.Frame.Rsi, Is.EqualTo((ulong)FaultCode.BadObject));
        Assert.That(_keeper.Frame.R8, Is.EqualTo(Oid.Of(frame).Value));
    }

    [Test]
    public void A_space_keeper_that_cannot_be_read_is_none()
    {
        KeepSpace();
        ulong frame = Machine.NewFrame();
        Capability absent = new(CapabilityType.Start, Oid.Of(frame), 1);
        Machine.NodeOf(Domain.SpaceNode).Slots[Node.KeeperSlot] = absent;
        Domain.Frame.Keeper = _keeper.Start();
        Machine.Kernel.PageFault(Hole, Access.Read);
        Machine.Events.Loaded(frame, Outcome.BadBlock);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Machine.Kernel.PageFault(Hole, Access.Read);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(_keeper.Entry), "it is not loaded again and again");
        Assert.That(_keeper.Frame.Rsi, Is.EqualTo((ulong)FaultCode.InvalidAddress));
    }

    [Test]
    public void A_process_without_a_schedule_does_not_run()
    {
        SimulatedDomain other = Machine.NewRunning(priority: 20);
        other.Frame.Schedule = default;
        Domain.Call(Domain.Start(), 1);
        Machine.Dispatch();
        Assert.That(other.State, Is.EqualTo(RunState.Faulted));
        Assert.That(Machine.TakeConsole(), Does.Contain("stopped: no schedule"));
    }

    [Test]
    public void A_less_urgent_schedule_counts_from_the_next_dispatch_on()
    {
        SimulatedDomain other = Machine.NewRunning(priority: 5);
        Capability less = new(CapabilityType.Schedule, default, 0, 3);
        Expect(Result.Ok, Domain.Process, ProcessOrder.SwapSlot, ProcessSlot.Schedule, argument: less);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(other.Entry));
    }

    [Test]
    public void A_faulted_process_is_set_going_by_its_process_capability()
    {
        Machine.Kernel.Fault(FaultCode.Divide, 0, 0);
        SimulatedDomain debugger = Machine.NewRunning();
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(debugger.Entry));
        Assert.That(debugger.Call(Domain.Process, ProcessOrder.MakeFaultResume), Is.EqualTo(Result.Ok));
        Assert.That(debugger.Call(debugger[11], FaultResumeOrder.Retry), Is.EqualTo(Result.Ok));
        Assert.That(Domain.State, Is.EqualTo(RunState.Running));
        Assert.That(Domain.Frame.FaultCode, Is.EqualTo(FaultCode.None));
    }

    [Test]
    public void After_a_restart_every_listed_process_runs_and_calls_in_the_kernel_complete_with_Restarted()
    {
        using var machine = new SimulatedMachine();
        SimulatedDomain running = machine.NewDomain();
        running.Frame.RunState = RunState.Running;
        SimulatedDomain sleeping = machine.NewDomain();
        sleeping.Frame.RunState = RunState.KernelWait;
        ulong absent = machine.NewFrame();
        Restart.Resume(machine.Kernel, [running.Oid.Value, sleeping.Oid.Value, Oid.Of(absent).Value]);
        Assert.That(machine.Dispatch()?.Entry, Is.EqualTo(running.Entry));
        Assert.That(running.Frame.Rdi, Is.Zero, "it runs on as it was");
        ProcessControl.Requeue(machine.Kernel);
        machine.Dispatch();
        Assert.That(sleeping.Result, Is.EqualTo(Result.Restarted));
        Assert.That(sleeping.State, Is.EqualTo(RunState.Running));
        Assert.That(machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong frame));
        Assert.That(frame, Is.EqualTo(absent));
        machine.Events.Loaded(absent, Outcome.BadBlock);
        ProcessControl.Requeue(machine.Kernel);
        machine.Dispatch();
        Assert.That(machine.Kernel.Activities.Count, Is.EqualTo(3), "it is not forgotten");
    }

    [TestCase(Outcome.BadBlock)]
    [TestCase(Outcome.DiskError)]
    [TestCase(Outcome.NoMemory)]
    public void A_process_that_cannot_be_read_at_a_restart_stays_in_the_list_and_is_tried_again(Outcome outcome)
    {
        using var machine = new SimulatedMachine();
        ulong absent = machine.NewFrame();
        Restart.Resume(machine.Kernel, [Oid.Of(absent).Value]);
        machine.Dispatch();
        machine.Events.Loaded(absent, outcome);
        Assert.That(machine.Dispatch(), Is.Null);
        var oids = new ulong[10];
        Assert.That(machine.Events.CollectProcesses(oids), Is.EqualTo(1), "a checkpoint still has it");
        Assert.That(oids[0], Is.EqualTo(Oid.Of(absent).Value));
        Assert.That(machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out _), Is.False);

        machine.Pass(60_000_000_000);
        machine.Events.SpaceFreed();
        machine.Dispatch();
        Assert.That(machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong frame));
        Assert.That(frame, Is.EqualTo(absent));
        var domain = new SimulatedDomain(machine, machine.Enter(absent, FrameKind.Process));
        domain.Frame.RunState = RunState.KernelWait;
        domain.Frame.Schedule = new Capability(CapabilityType.Schedule, default, 0, 8);
        machine.Events.Loaded(absent, Outcome.Ok);
        Assert.That(machine.Dispatch()?.Entry, Is.EqualTo(domain.Entry));
        Assert.That(domain.Result, Is.EqualTo(Result.Restarted));
    }

    [Test]
    public void A_page_that_there_is_no_memory_for_is_waited_for_and_no_fault()
    {
        ulong frame = Machine.NewFrame();
        Machine.NodeOf(Domain.SpaceNode).Slots[6] = new Capability(CapabilityType.Page, Oid.Of(frame), 1, 12);
        Machine.Kernel.PageFault(Hole, Access.Read);
        Machine.Events.Loaded(frame, Outcome.NoMemory);
        Assert.That(Machine.Dispatch(), Is.Null);
        bool isWanted = Machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out _);
        Assert.That(isWanted, Is.False, "the pager does not spin");
        Machine.Events.SpaceFreed();
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Machine.Kernel.PageFault(Hole, Access.Read);
        Assert.That(Machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong wanted));
        Assert.That(wanted, Is.EqualTo(frame));
        Assert.That(Domain.Frame.FaultCode, Is.EqualTo(FaultCode.None));
    }

    [Test]
    public void A_process_that_was_lost_at_a_restart_can_be_moved_on_when_it_is_readable_again(
        [Values(ProcessOrder.Run, ProcessOrder.MakeAvailable)] uint order)
    {
        ulong absent = Machine.NewFrame();
        Restart.Resume(Machine.Kernel, [Oid.Of(absent).Value]);
        ProcessControl.Requeue(Machine.Kernel);
        Machine.Dispatch();
        Machine.Events.Loaded(absent, Outcome.DiskError);
        ProcessControl.Requeue(Machine.Kernel);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        var lost = new SimulatedDomain(Machine, Machine.Enter(absent, FrameKind.Process));
        lost.Frame.RunState = RunState.Running;
        Assert.That(Domain.Call(lost.Process, order), Is.EqualTo(Result.Ok));
        KernelCheck.Check(Machine, "moved on");
    }

    [Test]
    public void Whoever_has_a_process_stopped_again_and_again_keeps_nobody_from_writing()
    {
        SimulatedDomain victim = Machine.NewDomain();
        victim.Frame.RunState = RunState.Faulted;
        for (int i = 0; i < 2000; i++)
        {
            Expect(Result.Ok, victim.Process, ProcessOrder.MakeFaultResume);
            Expect(Result.Ok, Answer, 1);
        }

        Assert.That(Machine.Kernel.Terminal.Room, Is.GreaterThan(Limits.ConsoleOutput / 2));
    }

    [Test]
    public void The_process_list_has_all_that_run_or_wait_in_the_kernel_and_no_others()
    {
        SimulatedDomain sleeper = Machine.NewDomain();
        ProcessControl.Sleep(Machine.Kernel, sleeper.Entry, 100);
        SimulatedDomain stalled = Machine.NewRunning(priority: 20);
        Machine.Dispatch();
        stalled.Call(stalled.Start(), 1);
        Machine.Dispatch();
        var oids = new ulong[10];
        int count = Machine.Events.CollectProcesses(oids);
        Assert.That(oids[..count], Is.EquivalentTo(new[] { Domain.Oid.Value, sleeper.Oid.Value, stalled.Oid.Value }));
    }

    /// <summary>Capabilities that no keeper stands behind.</summary>
    private void FaultOnce(bool ofSpace)
    {
        if (ofSpace)
        {
            Machine.Kernel.PageFault(Hole, Access.Read);
        }
        else
        {
            Machine.Kernel.Fault(FaultCode.Divide, 0, 0);
        }
    }

    private Capability NoKeeper(int kind)
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Machine.NodeOf(node).Slots[0] = kind == 5 ? node.WithType(CapabilityType.Forwarder) : Machine.NewPage();
        return kind switch
        {
            0 => default,
            1 => Capability.Number(1),
            2 => Domain.Process,
            3 => new Capability(CapabilityType.Start, _keeper.Oid, _keeper.Frame.Version + 1),
            4 or 5 => node.WithType(CapabilityType.Forwarder),
            _ => Capability.Resume(_keeper.Oid, _keeper.Frame.CallCount),
        };
    }

    private SimulatedDomain MakeKeeper()
    {
        SimulatedDomain keeper = Machine.NewDomain();
        keeper.Await(InvocationWord.Registers(5, 6, 7, 8));
        return keeper;
    }

    private void KeepSpace()
    {
        ref Node node = ref Machine.NodeOf(Domain.SpaceNode);
        node.Flags = NodeFlags.Keeper;
        node.Slots[Node.KeeperSlot] = _spaceKeeper.Start();
    }

    private void TellOwnKeeper()
    {
        Domain.Frame.Keeper = _keeper.Start();
        Machine.Kernel.Fault(FaultCode.Divide, 0x1234, 0);
        Machine.Dispatch();
    }
}
