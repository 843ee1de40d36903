using Eros.Kernel.Objects;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>Call, return, send and delegate between processes: InvocationWord, Invoker.</summary>
public sealed class ProcessInvocationTests
{
    private SimulatedMachine _machine = null!;
    private SimulatedDomain _client = null!;
    private SimulatedDomain _server = null!;

    [SetUp]
    public void SetUp()
    {
        _machine = new SimulatedMachine();
        _server = _machine.NewDomain();
        _server.Await(InvocationWord.Registers(5, 6, 7, 8));
        _client = _machine.NewRunning();
        _client[10] = _server.Start(payload: 77);
        _machine.Dispatch();
    }

    [TearDown]
    public void TearDown() => _machine.Dispose();

    [Test]
    public void A_call_delivers_order_words_capabilities_and_payload()
    {
        _client[1] = Capability.Number(1);
        _client[2] = Capability.Number(2);
        _client[3] = Capability.Number(3);
        _client[4] = Capability.Number(4);
        _client.Invoke(InvocationKind.Call, 10, 100, 101, 102, 103);
        Assert.Multiple(() =>
        {
            Assert.That(_server.IsCurrent);
            Assert.That(_server.State, Is.EqualTo(RunState.Running));
            Assert.That(_client.State, Is.EqualTo(RunState.Waiting));
            Assert.That(_server.Frame.Rdi, Is.EqualTo(100));
            Assert.That(_server.Frame.Rsi, Is.EqualTo(101));
            Assert.That(_server.Frame.Rdx, Is.EqualTo(102));
            Assert.That(_server.Frame.R8, Is.EqualTo(103));
            Assert.That(_server.Frame.Rax, Is.EqualTo(77));
            Assert.That(_server[5], Is.EqualTo(Capability.Number(1)));
            Assert.That(_server[6], Is.EqualTo(Capability.Number(2)));
            Assert.That(_server[7], Is.EqualTo(Capability.Number(3)));
            Assert.That(_server[8], Is.EqualTo(Capability.Resume(_client.Oid, _client.Frame.CallCount)), "minted");
        });
    }

    [Test]
    public void A_return_answers_the_call_and_makes_the_server_available()
    {
        _client.Invoke(InvocationKind.Call, 10, 1);
        _server[1] = Capability.Number(9);
        _server.Invoke(InvocationKind.Return, 8, 200, 201, 202, 203);
        Assert.Multiple(() =>
        {
            Assert.That(_client.IsCurrent);
            Assert.That(_client.State, Is.EqualTo(RunState.Running));
            Assert.That(_server.State, Is.EqualTo(RunState.Available));
            Assert.That(_client.Frame.Rdi, Is.EqualTo(200));
            Assert.That(_client.Frame.R8, Is.EqualTo(203));
            Assert.That(_client.Frame.Rax, Is.Zero, "a reply has no payload");
            Assert.That(_client[11], Is.EqualTo(Capability.Number(9)));
            Assert.That(_machine.Kernel.Activities.Count, Is.EqualTo(1));
        });
    }

    [Test]
    public void A_resume_capability_answers_once_and_all_its_copies_die()
    {
        _client.Invoke(InvocationKind.Call, 10, 1);
        _server[9] = _server[8];
        _server.Invoke(InvocationKind.Send, 8, 200);
        Assert.That(_client.State, Is.EqualTo(RunState.Running));
        _client.Frame.Rdi = 5;
        Assert.That(_server.Call(_server[9], 201), Is.EqualTo(Result.VoidCapability));
        Assert.That(_client.Frame.Rdi, Is.EqualTo(5));

        // Not even when the client waits again.
        ProcessControl.Requeue(_machine.Kernel);
        _machine.Dispatch();
        Assert.That(_client.IsCurrent);
        _client[10] = _machine.NewDomain().Start();
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_client.State, Is.EqualTo(RunState.Waiting));
        _machine.Dispatch();
        _machine.Dispatch();
    }

    [Test]
    public void A_caller_that_was_destroyed_is_answered_by_nobody_and_its_server_serves_the_next(
        [Values(InvocationKind.Return, InvocationKind.Send)] InvocationKind kind)
    {
        _client.Invoke(InvocationKind.Call, 10, 1);
        ulong frame = _client.Oid.Frame;
        ObjectLife.End(_machine.Kernel, _client.Entry, 0, keepsContents: false);
        _server.Invoke(kind, 8, 200);
        Assert.That(_machine.Frames[_machine.Frames.Find(frame)].Kind, Is.EqualTo(FrameKind.Free));
        Assert.That(_server.State, Is.EqualTo(kind == InvocationKind.Return ? RunState.Available : RunState.Running));
        KernelCheck.Check(_machine, "answered nobody");
        if (kind == InvocationKind.Send)
        {
            _server.Invoke(InvocationKind.Return, 0, 0);
        }

        SimulatedDomain next = _machine.NewRunning();
        next[10] = _server.Start(payload: 78);
        Assert.That(_machine.Dispatch()?.Entry, Is.EqualTo(next.Entry));
        next.Invoke(InvocationKind.Call, 10, 2);
        Assert.That(_server.IsCurrent);
        Assert.That(_server.Frame.Rax, Is.EqualTo(78));
    }

    [Test]
    public void An_answer_through_a_forwarder_is_not_remembered_as_the_way_to_a_server()
    {
        _client.Invoke(InvocationKind.Call, 10, 1);
        Capability node = _machine.NewNode(NodeKind.Forwarder);
        _machine.NodeOf(node).Slots[0] = _server[8];
        _server[9] = node.WithType(CapabilityType.Forwarder);
        _server.Invoke(InvocationKind.Call, 9, 200);
        Assert.That(_client.Frame.Rdi, Is.EqualTo(200));
        KernelCheck.Check(_machine, "answered through a forwarder");
    }

    [Test]
    public void A_reply_that_comes_twice_is_dropped_and_the_client_keeps_the_first()
    {
        _client.Invoke(InvocationKind.Call, 10, 1);
        _server[9] = _server[8];
        _server.Invoke(InvocationKind.Send, 8, 200);
        byte[] answered = _machine.Frames.Bytes(_client.Entry).ToArray();
        _server.Invoke(InvocationKind.Return, 9, 201);
        Assert.That(_server.State, Is.EqualTo(RunState.Available), "the server is free again all the same");
        Assert.That(_client.Frame.Rdi, Is.EqualTo(200));
        Assert.That(_machine.Frames.Bytes(_client.Entry).ToArray(), Is.EqualTo(answered));
        KernelCheck.Check(_machine, "answered twice");
    }

    [Test]
    public void A_send_starts_the_receiver_and_the_sender_goes_on_with_its_registers()
    {
        ulong rax = PrepareAndGetRax(InvocationKind.Send);
        _client.Invoke();
        Assert.Multiple(() =>
        {
            Assert.That(_client.IsCurrent);
            Assert.That(_client.Frame.Rax, Is.EqualTo(rax));
            Assert.That(_client.Frame.Rdi, Is.EqualTo(100));
            Assert.That(_server.State, Is.EqualTo(RunState.Running));
            Assert.That(_server[8], Is.EqualTo(Capability.Number(4)), "a send passes argument 3 on");
            Assert.That(_machine.Kernel.Activities.Count, Is.EqualTo(2));
        });
    }

    [Test]
    public void A_call_waits_for_a_busy_process_and_repeats_when_it_is_available(
        [Values(InvocationKind.Call, InvocationKind.Send, InvocationKind.Delegate)] InvocationKind kind)
    {
        _server.Frame.RunState = RunState.Waiting;
        ulong rax = PrepareAndGetRax(kind);
        _client.Invoke();
        Assert.Multiple(() =>
        {
            Assert.That(_machine.Current, Is.Null);
            Assert.That(_client.State, Is.EqualTo(RunState.Running));
            Assert.That(_client.Frame.Rip, Is.EqualTo(SimulatedDomain.Code - InvocationWord.InstructionBytes));
            Assert.That(_client.Frame.Rax, Is.EqualTo(rax), "the call can be repeated");
        });

        ProcessControl.BecomeAvailable(_machine.Kernel, _server.Entry);
        Assert.That(_machine.Dispatch()?.Entry, Is.EqualTo(_client.Entry));
        _client.Frame.Rip += InvocationWord.InstructionBytes;
        _client.Invoke();
        Assert.That(_server.State, Is.EqualTo(RunState.Running));
    }

    [Test]
    public void A_prompt_return_drops_what_cannot_be_taken_at_once()
    {
        _server.Frame.RunState = RunState.Waiting;
        _client.Invoke(InvocationKind.Return, 10, 1);
        Assert.Multiple(() =>
        {
            Assert.That(_client.State, Is.EqualTo(RunState.Available));
            Assert.That(_server.State, Is.EqualTo(RunState.Waiting));
            Assert.That(_machine.Kernel.Activities.Count, Is.Zero);
        });
    }

    [Test]
    public void A_prompt_reply_is_a_send_that_waits_for_nobody([Values] bool isBusy)
    {
        _server.Frame.RunState = isBusy ? RunState.Waiting : RunState.Available;
        ulong rax = PrepareAndGetRax(InvocationKind.Reply);
        _client.Invoke();
        Assert.Multiple(() =>
        {
            Assert.That(_client.IsCurrent);
            Assert.That(_client.Frame.Rax, Is.EqualTo(rax));
            Assert.That(_client.Frame.Rip, Is.EqualTo(SimulatedDomain.Code));
            Assert.That(_server.State, Is.EqualTo(isBusy ? RunState.Waiting : RunState.Running));
            Assert.That(_machine.Kernel.Activities.Count, Is.EqualTo(isBusy ? 1 : 2));
        });
    }

    [Test]
    public void A_return_through_a_void_register_only_makes_available()
    {
        _client.Invoke(InvocationKind.Return, 0, 1);
        Assert.That(_client.State, Is.EqualTo(RunState.Available));
        Assert.That(_machine.Kernel.Activities.Count, Is.Zero);
    }

    [Test]
    public void Whoever_waits_for_a_process_is_woken_when_it_returns()
    {
        _client.Invoke(InvocationKind.Call, 10, 1);
        SimulatedDomain other = _machine.NewRunning(priority: 20);
        Assert.That(_machine.Dispatch()?.Entry, Is.EqualTo(other.Entry));
        other[10] = _server.Start();
        other.Invoke(InvocationKind.Call, 10, 2);
        Assert.That(_machine.Dispatch()?.Entry, Is.EqualTo(_server.Entry));
        _server.Invoke(InvocationKind.Return, 8, 0);
        Assert.That(_machine.Dispatch()?.Entry, Is.EqualTo(other.Entry), "the more urgent one goes first");
    }

    [Test]
    public void A_process_that_calls_itself_waits_for_ever_and_harms_nobody()
    {
        _client[10] = _client.Start();
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_machine.Current, Is.Null);
        Assert.That(_machine.Dispatch(), Is.Null);
        Assert.That(_client.State, Is.EqualTo(RunState.Running));
    }

    [Test]
    public void A_malformed_word_or_an_endless_string_is_answered_BadArgument(
        [Values(0x0100_0000_0000_0000UL, 0x2000UL, 0x4UL)] ulong bits,
        [Values(0u, 65537u)] uint length)
    {
        _client.Prepare(InvocationKind.Return, 10, 1);
        _client.Frame.Rax |= length == 0 ? bits : 0;
        _client.SetString(SimulatedDomain.Window, length);
        _client.Invoke();
        Assert.That(_client.Result, Is.EqualTo(Result.BadArgument));
        Assert.That(_client.IsCurrent);
        Assert.That(_server.State, Is.EqualTo(RunState.Available));
    }

    [Test]
    public void A_stale_start_capability_is_void()
    {
        Capability stale = new(CapabilityType.Start, _server.Oid, _server.Frame.Version + 1);
        Capability beyond = new(CapabilityType.Start, Oid.Of(SimulatedMachine.HomeFrames), 1);
        Capability beside = new(CapabilityType.Start, Oid.Of(_server.Oid.Frame, 1), 1);
        Capability elsewhere = new(CapabilityType.Start, new Oid(_server.Oid.Value | (1UL << 40)), 1);
        Assert.That(_client.Call(stale, 1), Is.EqualTo(Result.VoidCapability));
        Assert.That(_client.Call(beyond, 1), Is.EqualTo(Result.VoidCapability));
        Assert.That(_client.Call(beside, 1), Is.EqualTo(Result.VoidCapability));
        Assert.That(_client.Call(elsewhere, 1), Is.EqualTo(Result.VoidCapability));
    }

    [Test]
    public void A_call_through_a_resume_capability_is_answered_by_whom_it_resumes()
    {
        _client.Invoke(InvocationKind.Call, 10, 1);
        _server.Invoke(InvocationKind.Call, 8, 2);
        Assert.That(_client.IsCurrent);
        Assert.That(_server.State, Is.EqualTo(RunState.Waiting));
        Assert.That(_client[14], Is.EqualTo(Capability.Resume(_server.Oid, _server.Frame.CallCount)));
        _client.Invoke(InvocationKind.Call, 14, 3);
        Assert.That(_server.IsCurrent);
        Assert.That(_server.Frame.Rdi, Is.EqualTo(3));
    }

    [Test]
    public void A_message_through_the_receivers_own_registers_counts_as_copied_out_first()
    {
        // Sends 1, 2 into 2, 1 of itself, by a process capability's fetch: arguments are read before answers are
        // stored.
        _client[1] = Capability.Number(1);
        _client[2] = Capability.Number(2);
        _client[20] = _client.Process;
        _client.Prepare(InvocationKind.Call, 20, ProcessOrder.SwapRegister, 2);
        _client.Frame.Rax = new InvocationWord(
            InvocationKind.Call, 20, InvocationWord.Registers(1), InvocationWord.Registers(1)).Value;
        _client.Invoke();
        Assert.That(_client[2], Is.EqualTo(Capability.Number(1)));
        Assert.That(_client[1], Is.EqualTo(Capability.Number(2)));
    }

    [Test]
    public void Register_0_stays_void()
    {
        _client[1] = Capability.Number(1);
        _server.Await(0);
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_server[0], Is.EqualTo(Capability.Void));
    }

    [Test]
    public void A_receiver_that_cannot_be_made_dirty_lets_the_invoker_wait_and_changes_nothing()
    {
        using var machine = new SimulatedMachine(claimLimit: 2);
        SimulatedDomain client = machine.NewRunning(pages: 0);
        SimulatedDomain server = machine.NewDomain();
        server.Await(0);
        client[10] = server.Start();
        machine.Dispatch();
        client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(machine.Waits(StallReason.Space));
        Assert.That(server.State, Is.EqualTo(RunState.Available));
        machine.Events.SpaceFreed();
        Assert.That(machine.Waits(StallReason.Space), Is.False);
        Assert.That(machine.Dispatch()?.Entry, Is.EqualTo(client.Entry));
    }

    private ulong PrepareAndGetRax(InvocationKind kind)
    {
        _client[4] = Capability.Number(4);
        _client.Prepare(kind, 10, 100);
        return _client.Frame.Rax;
    }
}
