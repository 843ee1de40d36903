using System;
using System.Linq;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>ProcessOrder, on other processes and on the invoker itself.</summary>
public sealed class ProcessCapabilityTests : KernelTestBase
{
    private SimulatedDomain _other = null!;

    [SetUp]
    public void MakeOther() => _other = Machine.NewDomain();

    [Test]
    public void Registers_are_fetched_and_swapped()
    {
        Expect(Result.Ok, _other.Process, ProcessOrder.SwapRegister, 31, argument: Capability.Number(4));
        Assert.That(_other[31], Is.EqualTo(Capability.Number(4)));
        Expect(Result.Ok, _other.Process, ProcessOrder.FetchRegister, 31);
        Assert.That(Answer, Is.EqualTo(Capability.Number(4)));
    }

    [Test]
    public void Register_0_and_those_beyond_31_do_not_exist(
        [Values(0UL, 32UL, ulong.MaxValue)] ulong register,
        [Values(ProcessOrder.FetchRegister, ProcessOrder.SwapRegister)] uint order) =>
        Expect(Result.BadArgument, _other.Process, order, register, argument: Capability.Number(4));

    [Test]
    public void What_a_register_held_comes_back_when_it_is_swapped()
    {
        Expect(Result.Ok, _other.Process, ProcessOrder.SwapRegister, 31, argument: Capability.Number(3));
        Expect(Result.Ok, _other.Process, ProcessOrder.SwapRegister, 31, argument: Capability.Number(4));
        Assert.That(Answer, Is.EqualTo(Capability.Number(3)));
    }

    [Test]
    public void Slots_are_fetched_and_swapped_but_the_brand_is_not_given_out()
    {
        for (uint slot = ProcessSlot.Schedule; slot <= ProcessSlot.Space; slot++)
        {
            Expect(Result.Ok, _other.Process, ProcessOrder.SwapSlot, slot, argument: Capability.Number(slot + 1));
            Expect(Result.Ok, _other.Process, ProcessOrder.FetchSlot, slot);
            Assert.That(Answer, Is.EqualTo(Capability.Number(slot + 1)));
        }

        Expect(Result.Ok, _other.Process, ProcessOrder.SwapSlot, ProcessSlot.Brand, argument: Capability.Number(9));
        Expect(Result.Ok, _other.Process, ProcessOrder.SwapSlot, ProcessSlot.Brand, argument: Capability.Number(8));
        Assert.That(Answer, Is.EqualTo(Capability.Void));
        Assert.That(_other.Frame.Brand, Is.EqualTo(Capability.Number(8)));
        Expect(Result.NoAccess, _other.Process, ProcessOrder.FetchSlot, ProcessSlot.Brand);
        Expect(Result.BadArgument, _other.Process, ProcessOrder.SwapSlot, 4);
        Expect(Result.BadArgument, _other.Process, ProcessOrder.FetchSlot, 4);
    }

    [Test]
    public void General_registers_are_a_string_of_160_bytes_with_harmless_flags()
    {
        _other.Frame.R15 = 0x1515;
        Domain.SetString(0, 0, room: 160);
        Expect(Result.Ok, _other.Process, ProcessOrder.ReadRegisters);
        Assert.That(Domain.Stored, Is.EqualTo(160));
        byte[] registers = Domain.Read(SimulatedDomain.Window, 160);
        Assert.That(BitConverter.ToUInt64(registers, 120), Is.EqualTo(0x1515));

        BitConverter.TryWriteBytes(registers.AsSpan(0), 0xAAUL);
        BitConverter.TryWriteBytes(registers.AsSpan(136), ulong.MaxValue);
        Assert.That(Write(registers), Is.EqualTo(Result.Ok));
        Assert.That(_other.Frame.Rax, Is.EqualTo(0xAA));
        Assert.That(_other.Frame.Rflags, Is.EqualTo(0x240FD7), "no I/O privilege, no nested task; interrupts on");
    }

    [Test]
    public void Memory_of_a_process_is_read_as_far_as_there_is_any()
    {
        _other.GiveSpace(2);
        byte[] bytes = [1, 2, 3, 4, 5, 6];
        ulong edge = SimulatedDomain.Window + 4096 - 3;
        _other.Write(edge, bytes);
        Assert.That(ReadMemory(edge, 6), Is.EqualTo(bytes), "over the edge of a page");
        Assert.That(ReadMemory(SimulatedDomain.Window + 8192 - 10, 4096), Has.Length.EqualTo(10), "the last page");
        Assert.That(ReadMemory(0, 8), Is.Empty, "where there is none");
        Expect(Result.BadArgument, _other.Process, ProcessOrder.ReadMemory, SimulatedDomain.Window, 4097);
        Expect(Result.Ok, Domain.Process, ProcessOrder.ReadMemory, SimulatedDomain.Window, 0);
    }

    private byte[] ReadMemory(ulong address, ulong length)
    {
        Domain.SetString(0, 0, room: 4096);
        Expect(Result.Ok, _other.Process, ProcessOrder.ReadMemory, address, length);
        return Domain.Read(SimulatedDomain.Window, Domain.Stored);
    }

    [Test]
    public void Registers_that_the_kernel_could_not_load_are_refused([Values(128, 144, 152)] int offset)
    {
        byte[] registers = new byte[160];
        BitConverter.TryWriteBytes(registers.AsSpan(offset), 0x8000_0000_0000UL);
        _other.Frame.Rax = 1;
        Assert.That(Write(registers), Is.EqualTo(Result.BadArgument));
        Assert.That(Write(registers[..159]), Is.EqualTo(Result.BadArgument));
        Assert.That(_other.Frame.Rax, Is.EqualTo(1));
    }

    [Test]
    public void Start_and_notification_capabilities_carry_their_data()
    {
        Expect(Result.Ok, _other.Process, ProcessOrder.MakeStart, 0xFFFF_FFFF);
        Assert.That(Answer, Is.EqualTo(_other.Start(0xFFFF_FFFF)));
        Expect(Result.Ok, _other.Process, ProcessOrder.MakeOpenStart, 7);
        Assert.That(Answer, Is.EqualTo(_other.OpenStart(7)));
        Expect(Result.BadArgument, _other.Process, ProcessOrder.MakeOpenStart, 1UL << 32);
        Expect(Result.Ok, _other.Process, ProcessOrder.MakeNotification, 5);
        Assert.That(Answer, Is.EqualTo(_other.Notification(5)));
        Expect(Result.BadArgument, _other.Process, ProcessOrder.MakeStart, 1UL << 32);
        Expect(Result.BadArgument, _other.Process, ProcessOrder.MakeNotification, 1UL << 32);
    }

    [Test]
    public void Run_makes_it_run_whatever_it_was_doing([Values] RunState state)
    {
        Put(_other, state);
        ulong calls = _other.Frame.CallCount;
        Expect(Result.Ok, _other.Process, ProcessOrder.Run);
        Assert.That(_other.State, Is.EqualTo(RunState.Running));
        Assert.That(_other.Frame.FaultCode, Is.EqualTo(FaultCode.None));
        Assert.That(_other.Frame.CallCount, Is.GreaterThan(calls), "what it waited for is void");
        Assert.That(Machine.Kernel.Activities.Count, Is.EqualTo(2));
        _other.GiveSpace(1);
        ProcessControl.Requeue(Machine.Kernel);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(_other.Entry));
    }

    [Test]
    public void MakeAvailable_stops_it_whatever_it_was_doing([Values] RunState state)
    {
        Put(_other, state);
        Expect(Result.Ok, _other.Process, ProcessOrder.MakeAvailable);
        Assert.That(_other.State, Is.EqualTo(RunState.Available));
        Assert.That(Machine.Kernel.Activities.Count, Is.EqualTo(1));
        Assert.That(Domain.IsCurrent);
    }

    [Test]
    public void A_process_may_stop_itself_and_nobody_is_answered()
    {
        Domain[20] = Domain.Process;
        Domain.Invoke(InvocationKind.Call, 20, ProcessOrder.MakeAvailable);
        Assert.That(Domain.State, Is.EqualTo(RunState.Available));
        Assert.That(Machine.Kernel.Activities.Count, Is.Zero);
        Assert.That(Machine.Dispatch(), Is.Null);
    }

    [Test]
    public void A_process_that_stops_itself_with_notifications_pending_runs_on_with_them()
    {
        Domain.Frame.Notifications = 6;
        Domain[20] = Domain.Process;
        Domain.Invoke(InvocationKind.Call, 20, ProcessOrder.MakeAvailable);
        Assert.That(Domain.State, Is.EqualTo(RunState.Running));
        Assert.That(Domain.Frame.Rdi, Is.EqualTo(InvocationWord.NotificationOrder));
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(6));
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
    }

    [Test]
    public void Run_on_the_invoker_itself_changes_nothing_but_the_answer()
    {
        Expect(Result.Ok, Domain.Process, ProcessOrder.Run);
        Assert.That(Domain.IsCurrent);
        Assert.That(Machine.Kernel.Activities.Count, Is.EqualTo(1));
    }

    [Test]
    public void An_operation_that_stops_whom_it_would_answer_answers_nobody()
    {
        // A server answers its client by way of the client's own process capability, which takes the client out of its
        // call.
        SimulatedDomain client = Machine.NewDomain();
        client.Frame.RunState = RunState.Waiting;
        Domain[4] = Capability.Resume(client.Oid, client.Frame.CallCount);
        Domain[20] = client.Process;
        client.Frame.Rdi = 0x1234;
        Domain.Invoke(InvocationKind.Return, 20, ProcessOrder.MakeAvailable);
        Assert.That(client.State, Is.EqualTo(RunState.Available));
        Assert.That(client.Frame.Rdi, Is.EqualTo(0x1234));
        Assert.That(Domain.State, Is.EqualTo(RunState.Available));
        Assert.That(Machine.Kernel.Activities.Count, Is.Zero);
    }

    [Test]
    public void Describe_tells_of_state_and_fault()
    {
        Put(_other, RunState.Faulted);
        Expect(Result.Ok, _other.Process, ProcessOrder.Describe);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo((ulong)RunState.Faulted));
        Assert.That(Domain.Frame.Rdx, Is.EqualTo((ulong)FaultCode.Divide));
        Assert.That(Domain.Frame.R8, Is.EqualTo(0x77));
        Assert.That(TypeOf(_other.Process), Is.EqualTo(CapabilityType.Process));
        Expect(Result.UnknownOrder, _other.Process, 999);
    }

    [Test]
    public void A_fault_resume_capability_is_of_a_process_that_waits_or_is_faulted([Values] RunState state)
    {
        Put(_other, state);
        bool may = state is RunState.Waiting or RunState.Faulted;
        Expect(may ? Result.Ok : Result.BadArgument, _other.Process, ProcessOrder.MakeFaultResume);
    }

    private void Put(SimulatedDomain domain, RunState state)
    {
        domain.Frame.RunState = state;
        switch (state)
        {
            case RunState.Running:
                ProcessControl.Start(Machine.Kernel, domain.Entry);
                break;
            case RunState.KernelWait:
                ProcessControl.Sleep(Machine.Kernel, domain.Entry, 1000);
                break;
            case RunState.Faulted:
                domain.Frame.FaultCode = FaultCode.Divide;
                domain.Frame.FaultAddress = 0x77;
                domain.Frame.Flags = ProcessFlags.KeeperTold;
                break;
        }
    }

    private Result Write(byte[] registers)
    {
        Domain.Write(SimulatedDomain.Window, registers);
        Domain.SetString(SimulatedDomain.Window, (uint)registers.Length);
        return Domain.Call(_other.Process, ProcessOrder.WriteRegisters);
    }
}
