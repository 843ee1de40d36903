// The debugger on a hosted kernel, over domains that the test plays: what it refuses, and what it says.

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Eros.Domains.Debugger;
using Eros.Domains.Runtime;
using Eros.Domains.Warden;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed unsafe class DebuggerTests
{
    private readonly List<uint> _destroyed = [];
    private readonly List<ulong> _processOrders = [];
    private HostedSystem _system = null!;
    private HostedProcess _debugger = null!;
    private ProcessRegisters _registers;
    private RunState _state;
    private FaultCode _code;
    private string _why = "";
    private RunState _wardens;

    [SetUp]
    public void Start()
    {
        _destroyed.Clear();
        _processOrders.Clear();
        _registers = new ProcessRegisters { Rip = 0x401234 };
        _state = RunState.Available;
        _code = FaultCode.GeneralProtection;
        _why = "";
        _wardens = RunState.Available;
        _system = new HostedSystem();
        HostedStored processes = new(0, 0, RangeKind.PlainNode);
        HostedStored banks = new(1, 0, RangeKind.PlainNode);
        _debugger = _system.AddProcess(processes, banks, new HostedService(_ => { }), new HostedService(ObeyAsWarden));
        byte* page = _debugger.MapMemory(SpaceLayout.Windows, MappedPage.SizeInBytes);
        (string Name, DomainFlags Flags)[] domains =
        [
            ("shell", DomainFlags.Vital), ("debugger", DomainFlags.Vital | DomainFlags.Restarts),
            ("greeter", DomainFlags.None), ("warden", DomainFlags.Vital),
        ];
        for (int i = 0; i < domains.Length; i++)
        {
            uint number = (uint)i;
            processes.Slots[i] = new HostedService(
                domains[i].Name == "warden" ? ObeyAsWardensProcess : ObeyAsProcess);
            banks.Slots[i] = new HostedService(message => ObeyAsBank(number, message));
            Unsafe.AsRef<DomainRecord>(page + i * DomainRecord.SizeInBytes) =
                new DomainRecord { Name = domains[i].Name, Flags = domains[i].Flags };
        }

        _system.AddProcess(new HostedStart(_debugger, Message.Payload(0, 0))).Enter(named: 1);
        _system.Start<DebuggerDomain>(_debugger);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _debugger.Dispose();
    }

    [Test]
    public void Why_a_domain_stopped_is_not_asked_of_a_warden_that_cannot_answer(
        [Values(RunState.Faulted, RunState.Waiting, RunState.Available)] RunState wardens)
    {
        _state = RunState.Faulted;
        _why = "it said so";
        _wardens = wardens;
        string why = wardens == RunState.Available
            ? _why
            : "protection violation at 0x401234\nthe warden, who knows more";
        Assert.That(Debug("greeter").Text, Does.StartWith($"stopped: {why}"));
    }

    [Test]
    public void What_the_system_stands_on_is_not_ended([Values] bool hasStopped, [Values("", " now")] string sure)
    {
        _state = hasStopped ? RunState.Faulted : RunState.Waiting;
        Assert.That(Debug("shell destroy" + sure), Is.EqualTo((Result.NoAccess,
            "shell is vital, says its composition: others could not go on without it\n"
            + "switched off without a checkpoint, the machine comes back as it was at the last one\n")));
        Assert.That(
            Debug("debugger destroy" + sure).Text, Does.EndWith("\nrun warden restart debugger starts it again\n"));
        Assert.That(_destroyed, Is.Empty);
    }

    [Test]
    public void One_that_has_not_stopped_is_ended_when_it_is_said_twice()
    {
        Assert.That(Debug("greeter destroy"), Is.EqualTo((Result.BadArgument,
            "greeter has not stopped; debug greeter destroy now ends it all the same, for good\n")));
        Assert.That(Debug("greeter destroy soon").Text, Does.StartWith("usage: debug NAME"));
        Assert.That(_destroyed, Is.Empty);
        Assert.That(Debug("greeter destroy now"), Is.EqualTo((Result.Ok, "it is no more\n")));
        Assert.That(_destroyed, Is.EqualTo(new[] { 2u }));
    }

    [Test]
    public void One_that_has_stopped_is_ended_at_once()
    {
        _state = RunState.Faulted;
        Assert.That(Debug("greeter destroy"), Is.EqualTo((Result.Ok, "it is no more\n")));
        Assert.That(_destroyed, Is.EqualTo(new[] { 2u }));
    }

    [Test]
    public void An_exception_that_nobody_caught_is_shown_with_its_own_trace_and_is_not_tried_again()
    {
        _state = RunState.Faulted;
        _code = FaultCode.BadOpcode;
        _registers.Rax = FaultText.GaveUpMark;
        _why = "gave up: System.Exception: no shop\n   at Town.Town.Walk in town.cs:30";
        Assert.That(Debug("greeter").Text, Does.StartWith($"stopped: {_why}\n  rip   0000000000401234  "));
        Assert.That(Debug("greeter resume"), Is.EqualTo((Result.BadArgument,
            "greeter gave up by itself: it has nothing to try again\n")));
        Assert.That(_processOrders, Does.Not.Contain((ulong)ProcessOrder.Run));
    }

    [Test]
    public void A_fault_of_the_processor_is_shown_with_where_it_was_and_is_tried_again()
    {
        _state = RunState.Faulted;
        _why = "protection violation at 0x401234";
        Assert.That(Debug("greeter").Text, Does.StartWith($"stopped: {_why}\n  its program has no names\n  rip "));
        Assert.That(Debug("greeter resume"), Is.EqualTo((Result.Ok, "it tries again\n")));
        Assert.That(_processOrders, Does.Contain((ulong)ProcessOrder.Run));
    }

    private static (Result Result, string Text) Debug(string arguments)
    {
        Result result = ProgramClient.At(CapabilityRegisters.FirstNamed).Run(arguments, out string output);
        return (result, output);
    }

    private void ObeyAsBank(uint number, HostedMessage message)
    {
        if ((uint)message.Order == SpaceBankOrder.DestroyStep)
        {
            _destroyed.Add(number);
        }

        message.Answer(Result.Ok, 1);
    }

    private void ObeyAsWarden(HostedMessage message)
    {
        message.Answer(Result.Ok);
        message.Text = Encoding.UTF8.GetBytes(_why);
    }

    private void ObeyAsWardensProcess(HostedMessage message) => message.Answer(Result.Ok, (ulong)_wardens);

    private void ObeyAsProcess(HostedMessage message)
    {
        _processOrders.Add(message.Order);
        switch ((uint)message.Order)
        {
            case ProcessOrder.Describe:
                message.Answer(Result.Ok, (ulong)_state, (ulong)_code, 0xBAD);
                break;
            case ProcessOrder.ReadRegisters:
                message.Answer(Result.Ok);
                message.Text = MemoryMarshal.AsBytes([_registers]).ToArray();
                break;
            case ProcessOrder.ReadMemory:
                message.Answer(Result.BadArgument);
                break;
            default:
                message.Answer(Result.Ok);
                break;
        }
    }
}
