using System;
using System.Linq;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>Strings between address spaces: MessageString.</summary>
public sealed class MessageStringTests
{
    private const uint PageBytes = PhysicalMemory.FrameBytes;
    private SimulatedMachine _machine = null!;
    private SimulatedDomain _client = null!;
    private SimulatedDomain _server = null!;

    [SetUp]
    public void SetUp()
    {
        _machine = new SimulatedMachine();
        _server = _machine.NewDomain();
        _server.GiveSpace(18);
        _server.Await(0, room: InvocationWord.MaxString);
        _client = _machine.NewRunning(pages: 18);
        _client[10] = _server.Start();
        _machine.Dispatch();
    }

    [TearDown]
    public void TearDown() => _machine.Dispose();

    [Test]
    public void A_string_arrives_whole_wherever_it_begins_and_ends(
        [Values(0u, 1u, 4090u)] uint from,
        [Values(0u, 7u, 4095u)] uint to,
        [Values(1u, 8u, 4096u, 5000u, 65536u)] uint length)
    {
        byte[] sent = Pattern((int)length);
        _client.Write(SimulatedDomain.Window + from, sent);
        _client.SetString(SimulatedDomain.Window + from, length);
        _server.Frame.R12 = SimulatedDomain.Window + to;
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.Multiple(() =>
        {
            Assert.That(_server.Sent, Is.EqualTo(length));
            Assert.That(_server.Stored, Is.EqualTo(length));
            Assert.That(_server.IsTruncated, Is.False);
            Assert.That(_server.Read(SimulatedDomain.Window + to, (int)length), Is.EqualTo(sent));
        });
    }

    [Test]
    public void A_receiver_with_less_room_gets_the_beginning_and_both_lengths()
    {
        _client.Write(SimulatedDomain.Window, Pattern(100));
        _client.SetString(SimulatedDomain.Window, 100);
        _server.Frame.R10 = 60UL << 32;
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_server.Sent, Is.EqualTo(100));
        Assert.That(_server.Stored, Is.EqualTo(60));
        Assert.That(_server.IsTruncated);
        Assert.That(_server.Read(SimulatedDomain.Window, 61), Is.EqualTo(Pattern(100).Take(60).Append((byte)0)));
    }

    [Test]
    public void A_receiver_without_a_page_there_is_not_waited_for([Values] bool isReadOnly)
    {
        Capability last = _machine.NodeOf(_server.SpaceNode).Slots[1];
        Change(_server, 1, isReadOnly ? last.Less(Rights.ReadOnly) : Capability.Void);
        _client.Write(SimulatedDomain.Window, Pattern(5000));
        _client.SetString(SimulatedDomain.Window, 5000);
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_server.IsCurrent);
        Assert.That(_server.Stored, Is.EqualTo(4096));
        Assert.That(_server.Sent, Is.EqualTo(5000));
        Assert.That(_server.IsTruncated);
    }

    [Test]
    public void A_reply_never_waits_for_the_client_however_bad_its_window(
        [Values(0UL, 0xFFFUL, 0x7FFF_FFFF_FFFFUL, 0x8000_0000_0000UL, 0xFFFF_8000_0000_0000UL, ulong.MaxValue)]
        ulong window)
    {
        _client.SetString(0, 0, receiveAt: window, room: uint.MaxValue);
        _client.Invoke(InvocationKind.Call, 10, 1);
        _server[8] = Capability.Resume(_client.Oid, _client.Frame.CallCount);
        _server.SetString(SimulatedDomain.Window, 4096);
        _server.Invoke(InvocationKind.Return, 8, 0);
        Assert.That(_client.IsCurrent);
        Assert.That(_server.State, Is.EqualTo(RunState.Available));
        Assert.That(_client.Stored, Is.Zero);
        Assert.That(_client.IsTruncated);
    }

    [Test]
    public void An_address_beyond_the_users_is_no_name_for_a_page_below(
        [Range(47, 63)] int bit, [Values] bool isSenders)
    {
        _client.Write(SimulatedDomain.Window, Pattern(100));
        _server.Write(SimulatedDomain.Window, new byte[100]);
        _machine.Memory.Bytes(0).Fill(0x5A);
        ulong alias = SimulatedDomain.Window | (1UL << bit);
        _client.SetString(isSenders ? alias : SimulatedDomain.Window, 100);
        _server.Frame.R12 = isSenders ? SimulatedDomain.Window : alias;
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_server.IsCurrent, Is.EqualTo(!isSenders));
        Assert.That(_server.Stored, Is.EqualTo(isSenders ? InvocationWord.MaxString : 0));
        Assert.That(_client.Frame.FaultAddress, Is.EqualTo(isSenders ? alias : 0));
        Assert.That(_machine.Memory.Bytes(0).IndexOfAnyExcept((byte)0x5A), Is.EqualTo(-1), "frame 0 is nobody's");
    }

    [Test]
    public void A_sender_without_a_page_faults_as_if_it_had_read_there_and_nothing_is_sent()
    {
        Change(_client, 1, Capability.Void);
        SimulatedDomain keeper = _machine.NewDomain();
        keeper.Await(InvocationWord.Registers(0, 0, 0, 8));
        _client.Frame.Keeper = keeper.Start(3);
        _client.SetString(SimulatedDomain.Window + 4000, 200);
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_server.State, Is.EqualTo(RunState.Available));
        Assert.That(_client.Frame.Rip, Is.EqualTo(SimulatedDomain.Code - 2), "the call will be repeated");
        Assert.That(_machine.Dispatch()?.Entry, Is.EqualTo(keeper.Entry));
        Assert.That(keeper.Frame.Rsi, Is.EqualTo((ulong)FaultCode.InvalidAddress));
        Assert.That(keeper.Frame.Rdx, Is.EqualTo(SimulatedDomain.Window + PageBytes));
    }

    [Test]
    public void Pages_on_disk_are_waited_for_at_either_end([Values] bool isSenders)
    {
        ulong frame = _machine.NewFrame();
        Change(isSenders ? _client : _server, 1, new Capability(CapabilityType.Page, Oid.Of(frame), 1, 12));
        _client.SetString(SimulatedDomain.Window + 4000, 200);
        _server.Frame.R12 = SimulatedDomain.Window + 4000;
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_server.State, Is.EqualTo(RunState.Available));
        Assert.That(_machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong wanted));
        Assert.That(wanted, Is.EqualTo(frame));

        _machine.Enter(frame, FrameKind.Page);
        _machine.Events.Loaded(frame, Outcome.Ok);
        Assert.That(_machine.Dispatch()?.Entry, Is.EqualTo(_client.Entry));
        _client.Frame.Rip += 2;
        _client.Invoke();
        Assert.That(_server.Stored, Is.EqualTo(200));
    }

    [Test]
    public void A_receivers_page_that_cannot_be_read_cuts_the_string()
    {
        ulong frame = _machine.NewFrame();
        Change(_server, 1, new Capability(CapabilityType.Page, Oid.Of(frame), 1, 12));
        _client.SetString(SimulatedDomain.Window, 200);
        _server.Frame.R12 = SimulatedDomain.Window + 4000;
        _client.Invoke(InvocationKind.Call, 10, 1);
        _machine.Events.Loaded(frame, Outcome.BadBlock);
        _machine.Dispatch();
        _client.Frame.Rip += 2;
        _client.Invoke();
        Assert.That(_server.Stored, Is.EqualTo(96));
        Assert.That(_server.IsTruncated);
    }

    [Test]
    public void A_senders_page_that_cannot_be_read_is_a_fault_of_the_sender()
    {
        ulong frame = _machine.NewFrame();
        Change(_client, 0, new Capability(CapabilityType.Page, Oid.Of(frame), 1, 12));
        _client.SetString(SimulatedDomain.Window, 200);
        _client.Invoke(InvocationKind.Call, 10, 1);
        _machine.Events.Loaded(frame, Outcome.BadBlock);
        _machine.Dispatch();
        _client.Frame.Rip += 2;
        _client.Invoke();
        Assert.That(_server.State, Is.EqualTo(RunState.Available));
        Assert.That(_client.Frame.FaultCode, Is.EqualTo(FaultCode.BadObject));
        _machine.Dispatch();
        Assert.That(_client.State, Is.EqualTo(RunState.Faulted));
        Assert.That(_machine.TakeConsole(), Does.Match("eros: process [0-9a-f]{12} stopped: bad object at 0x100000\n"));
    }

    [Test]
    public void Overlapping_strings_mean_the_same_as_if_copied_out_first([Values(-4097, -8, 0, 8, 4099)] int shift)
    {
        // Both see the same pages, at different offsets.
        for (int i = 0; i < 18; i++)
        {
            Change(_server, i, _machine.NodeOf(_client.SpaceNode).Slots[i]);
        }

        byte[] sent = Pattern(10000);
        _client.Write(SimulatedDomain.Window + 8192, sent);
        _client.SetString(SimulatedDomain.Window + 8192, 10000);
        _server.Frame.R12 = (ulong)((long)SimulatedDomain.Window + 8192 + shift);
        _client.Invoke(InvocationKind.Call, 10, 1);
        Assert.That(_server.Read(_server.Frame.R12, 10000), Is.EqualTo(sent));
    }

    [Test]
    public void A_page_of_the_snapshot_is_made_dirty_before_it_is_written()
    {
        _client.SetString(SimulatedDomain.Window, 100);
        _client.Invoke(InvocationKind.Call, 10, 1);
        _machine.Frames.BeginSnapshot();
        _machine.Kernel.Objects.Find(_machine.NodeOf(_client.SpaceNode).Slots[0], out int page);
        Assert.That(_machine.Frames.IsWritable(page), Is.False);
        Assert.That(_machine.Dispatch()?.Entry, Is.EqualTo(_server.Entry));
        _server[8] = Capability.Resume(_client.Oid, _client.Frame.CallCount);
        _client.Frame.R10 = 100UL << 32;
        _client.Frame.R12 = SimulatedDomain.Window;
        _server.SetString(SimulatedDomain.Window, 100);
        _server.Invoke(InvocationKind.Return, 8, 0);
        Assert.That(_client.Stored, Is.EqualTo(100));
        Assert.That(_machine.Frames.IsWritable(page));
        Assert.That(_machine.Frames.IsWritable(_client.Entry));
    }

    private void Change(SimulatedDomain domain, int slot, Capability page)
    {
        _machine.Kernel.Objects.Find(domain.SpaceNode, out int entry);
        _machine.Kernel.Spaces.SlotChanging(entry, 0, slot);
        _machine.NodeOf(domain.SpaceNode).Slots[slot] = page;
    }

    private static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
