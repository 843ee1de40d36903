using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Domains.Warden;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed unsafe class WardenTests
{
    private const int Asks = 0;
    private const int Keeps = 1;
    private const int Runs = 2;
    private const uint Hostile = 1;

    private readonly List<string> _printed = [];
    private readonly List<uint> _processOrders = [];
    private HostedSystem _system = null!;
    private HostedProcess _warden = null!;
    private HostedProcess _test = null!;
    private HostedCapability? _caller;
    private ProcessRegisters _registers;
    private RunState _state;

    [SetUp]
    public void Start()
    {
        _printed.Clear();
        _processOrders.Clear();
        _registers = new ProcessRegisters { Rip = 0x401234 };
        _state = RunState.Waiting;
        _system = new HostedSystem();
        HostedStored processes = new(0, 0, RangeKind.PlainNode);
        processes.Slots[0] = new HostedService(ObeyAsProcess);
        processes.Slots[1] = new HostedService(ObeyAsProcess);
        HostedService terminal = new(message =>
        {
            _printed.Add(Encoding.UTF8.GetString(message.Text));
            message.Answer(Result.Ok);
        });
        _warden = _system.AddProcess(processes, terminal);
        byte* page = _warden.MapMemory(SpaceLayout.Windows, MappedPage.SizeInBytes);
        ulong[] program = [0x503000, 0x400F00, 0x501000, 0x502000];
        Record(page, 0) = new DomainRecord
        {
            Name = "shell",
            Entry = 0x400000,
            StackTop = 0xC00000,
            Program = MemoryMarshal.Read<ProgramHeader>(MemoryMarshal.AsBytes<ulong>(program)),
        };
        Record(page, 1) = new DomainRecord
        {
            Name = "hostile",
            Flags = DomainFlags.Restarts,
            Entry = 0x400000,
            StackTop = 0xBFFFF8,
        };
        _test = _system.AddProcess(
            new HostedStart(_warden, Message.Payload(Asks, 0)),
            new HostedStart(_warden, Message.Payload(Keeps, Hostile)),
            new HostedStart(_warden, Message.Payload(Keeps, 0)), new HostedStart(_warden, Message.Payload(Runs, 0)));
        _test.Enter(named: 4);
        _system.Start<WardenDomain>(_warden);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _warden.Dispose();
    }

    [Test]
    public void Each_domain_is_described_and_the_end_of_the_list_is_told()
    {
        IWarden warden = WardenClient.At(CapabilityRegisters.FirstNamed);
        Assert.That(warden.Describe(0, out string first), Is.EqualTo(Result.Ok));
        Assert.That(first, Is.EqualTo("shell           waits for an answer"));
        _state = RunState.Faulted;
        warden.Describe(1, out string second);
        Assert.That(second, Is.EqualTo("hostile         stopped: divide error at 0x401234"));
        Assert.That(warden.Describe(2, out _), Is.EqualTo(Result.BadArgument));
        Assert.That(warden.Describe(1000, out _), Is.EqualTo(Result.BadArgument));
    }

    [Test]
    public void A_fault_is_told_on_the_terminal_and_the_caller_is_answered()
    {
        Result answer = Result.Ok;
        _caller = new HostedService(message => answer = (Result)message.Order);
        Assert.That(Keeper(0).Fault((ulong)FaultCode.Divide, 0, 0), Is.Not.EqualTo(Result.Ok));
        Assert.That(_printed, Is.EqualTo(new[] { "shell: divide error at 0x401234\n" }));
        Assert.That(answer, Is.EqualTo(Result.VoidCapability));
        Assert.That(_processOrders, Does.Not.Contain(ProcessOrder.Run));
    }

    [Test]
    public void A_capability_in_the_callers_place_that_takes_no_message_does_not_hold_the_warden_up()
    {
        _caller = new HostedStart(_test, 0);
        Assert.That(Keeper(0).Fault((ulong)FaultCode.Divide, 0, 0), Is.Not.EqualTo(Result.Ok));
    }

    [Test]
    public void A_domain_that_may_be_is_started_again_from_its_entry()
    {
        Keeper(Hostile).Fault((ulong)FaultCode.InvalidAddress, 0x10, 0);
        Assert.That(_printed, Is.EqualTo(new[] { "hostile: no memory at 0x10, at 0x401234\n" }));
        Assert.That(_processOrders, Does.Contain(ProcessOrder.Run));
        Assert.That((_registers.Rip, _registers.Rsp), Is.EqualTo((0x400000UL, 0xBFFFF8UL)));
    }

    [Test]
    public void A_domain_that_is_damaged_on_the_disk_is_not_started_again()
    {
        Keeper(Hostile).Fault((ulong)FaultCode.BadObject, 0x10, 0);
        Assert.That(_printed, Is.EqualTo(new[] { "hostile: damaged object at 0x10, at 0x401234\n" }));
        Assert.That(_processOrders, Does.Not.Contain(ProcessOrder.Run));
    }

    [Test]
    public void What_a_domain_says_when_it_gives_up_is_told()
    {
        _registers = new ProcessRegisters
        {
            Rax = FaultText.GaveUpMark,
            Rsi = BitConverter.ToUInt64("no capab"u8),
            Rdx = BitConverter.ToUInt64("ility\0\0\0"u8),
        };
        Keeper(0).Fault((ulong)FaultCode.BadOpcode, 0, 0);
        Assert.That(_printed, Is.EqualTo(new[] { "shell: gave up: no capability\n" }));
    }

    [Test]
    public void What_a_domain_says_when_it_gives_up_is_a_text_and_commands_nothing()
    {
        _registers = new ProcessRegisters
        {
            Rax = FaultText.GaveUpMark,
            Rsi = BitConverter.ToUInt64("\u001B[2J\r\n\t\u007F"u8),
            Rdx = BitConverter.ToUInt64("\u009B\u00E9 ok\0"u8),
        };
        Keeper(0).Fault((ulong)FaultCode.BadOpcode, 0, 0);
        Assert.That(_printed, Is.EqualTo(new[] { "shell: gave up: ?[2J?\nshell: ???\u00E9 ok\n" }));
    }

    [Test]
    public void What_a_domain_says_in_pieces_is_told_as_one_when_it_ends()
    {
        _registers = new ProcessRegisters { Rax = FaultText.PieceMark, Rsi = BitConverter.ToUInt64("no capab"u8) };
        _registers.Rip = 0x401234;
        Assert.That(Keeper(0).Fault((ulong)FaultCode.BadOpcode, 0, 0), Is.EqualTo(Result.Ok));
        Assert.That(_printed, Is.Empty);
        Assert.That(_registers.Rip, Is.EqualTo(0x401236), "it goes on behind the instruction");
        _registers = new ProcessRegisters { Rax = FaultText.GaveUpMark, Rsi = BitConverter.ToUInt64("ility\0\0\0"u8) };
        Assert.That(Keeper(0).Fault((ulong)FaultCode.BadOpcode, 0, 0), Is.Not.EqualTo(Result.Ok));
        Keeper(0).Fault((ulong)FaultCode.BadOpcode, 0, 0);
        Assert.That(_printed, Is.EqualTo(new[]
        {
            "shell: gave up: no capability\n",
            "shell: gave up: ility\n",
        }));
    }

    [Test]
    public void All_that_a_domain_said_before_it_stopped_can_be_had_as_long_as_it_is_stopped()
    {
        IWarden warden = WardenClient.At(CapabilityRegisters.FirstNamed);
        _registers = new ProcessRegisters { Rax = FaultText.PieceMark, Rsi = BitConverter.ToUInt64("no shop\n"u8) };
        Keeper(0).Fault((ulong)FaultCode.BadOpcode, 0, 0);
        _registers = new ProcessRegisters { Rax = FaultText.GaveUpMark, Rsi = BitConverter.ToUInt64("at Town\0"u8) };
        Keeper(0).Fault((ulong)FaultCode.BadOpcode, 0, 0);
        warden.WhyStopped(0, out string why);
        Assert.That(why, Is.Empty, "it waits");
        _state = RunState.Faulted;
        warden.WhyStopped(0, out why);
        Assert.That(why, Is.EqualTo("gave up: no shop\nat Town"));
        warden.Describe(0, out string description);
        Assert.That(description, Is.EqualTo("shell           stopped: gave up: no shop"));
        Assert.That(warden.WhyStopped(2, out _), Is.EqualTo(Result.BadArgument));
    }

    [TestCase(FaultCode.InvalidAddress, 0xFF8UL, 0x501234UL, true)]
    [TestCase(FaultCode.Divide, 0UL, 0x501234UL, true)]
    [TestCase(FaultCode.InvalidAddress, 0x1000UL, 0x501234UL, false)]
    [TestCase(FaultCode.InvalidAddress, 0UL, 0x502000UL, false)]
    [TestCase(FaultCode.GeneralProtection, 0UL, 0x501234UL, false)]
    public void What_is_an_exception_of_CSharp_is_thrown_where_it_happened(
        FaultCode code, ulong address, ulong rip, bool isThrown)
    {
        _registers = new ProcessRegisters { Rip = rip, Rsp = 0xB00010 };
        Result answer = Keeper(0).Fault((ulong)code, address, 0);
        Assert.That(answer == Result.Ok, Is.EqualTo(isThrown));
        Assert.That(_registers, Is.EqualTo(isThrown
            ? new ProcessRegisters { Rip = 0x400F00, Rsp = 0xB00010, Rdi = (ulong)code, Rsi = rip }
            : new ProcessRegisters { Rip = rip, Rsp = 0xB00010 }));
    }

    [Test]
    public void A_domain_is_started_again_for_who_holds_the_notification_with_its_bit()
    {
        _test.Registers[CapabilityRegisters.FirstNamed + 1] = new HostedNotification(_warden, 1 << (int)Hostile);
        NotificationClient.At(CapabilityRegisters.FirstNamed + 1).Notify();
        WardenClient.At(CapabilityRegisters.FirstNamed).Describe(Hostile, out _);
        Assert.That(_processOrders, Does.Contain(ProcessOrder.MakeAvailable).And.Contain(ProcessOrder.Run));
        Assert.That((_registers.Rip, _registers.Rsp), Is.EqualTo((0x400000UL, 0xBFFFF8UL)));
        Assert.That(_printed, Is.Empty);
    }

    [TestCase("restart hostile", Result.Ok, "hostile starts again\n")]
    [TestCase("restart shell", Result.BadArgument,
        "shell is not to be restarted: its composition does not say Restarts\n")]
    [TestCase("restart greeter", Result.BadArgument, "no domain greeter\n")]
    [TestCase("restart", Result.BadArgument, "usage: restart NAME\n")]
    public void Only_what_the_composition_allows_is_restarted_on_request(string arguments, Result expected, string text)
    {
        Result result = ProgramClient.At(CapabilityRegisters.FirstNamed + 3).Run(arguments, out string output);
        Assert.That((result, output), Is.EqualTo((expected, text)));
        Assert.That(_processOrders.Contains(ProcessOrder.Run), Is.EqualTo(expected == Result.Ok));
    }

    private static IKeeper Keeper(uint number) =>
        KeeperClient.At(CapabilityRegisters.FirstNamed + (number == Hostile ? 1 : 2));

    private static ref DomainRecord Record(byte* page, int number) =>
        ref Unsafe.AsRef<DomainRecord>(page + number * DomainRecord.SizeInBytes);

    private void ObeyAsProcess(HostedMessage message)
    {
        _processOrders.Add((uint)message.Order);
        switch ((uint)message.Order)
        {
            case ProcessOrder.Describe:
                message.Answer(Result.Ok, (ulong)_state, (ulong)FaultCode.Divide, 0xBAD);
                break;
            case ProcessOrder.ReadRegisters:
                message.Answer(Result.Ok);
                message.Text = MemoryMarshal.AsBytes([_registers]).ToArray();
                break;
            case ProcessOrder.WriteRegisters:
                _registers = MemoryMarshal.Read<ProcessRegisters>(message.Text);
                message.Answer(Result.Ok);
                break;
            case ProcessOrder.FetchRegister:
                Assert.That(message.Words[0], Is.EqualTo(CapabilityRegisters.Reply));
                message.Answer(Result.Ok);
                message.Capabilities[0] = _caller;
                break;
            default:
                message.Answer(Result.Ok);
                break;
        }
    }
}
