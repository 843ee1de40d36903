using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>Devices that domains drive: grant, ports, registers, interrupt lines, DeviceLines.</summary>
public sealed class DeviceTests : KernelTestBase
{
    private static readonly Capability _grant = new((byte)CapabilityType.DeviceGrant, 0);

    [TestCase(1u, 0xAAu)]
    [TestCase(2u, 0xBBBBu)]
    [TestCase(4u, 0xCCCC_CCCCu)]
    public void A_port_is_written_and_read_in_its_size(uint bytes, uint value)
    {
        Capability ports = Open(DeviceGrantOrder.OpenPorts, 0x70, 8);
        Expect(Result.Ok, ports, IoPortOrder.Write, 2, bytes, value);
        Assert.That(Machine.Devices.Values[(0x72, (int)bytes)], Is.EqualTo(value));
        Expect(Result.Ok, ports, IoPortOrder.Read, 2, bytes);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(value));
    }

    [TestCase(8u, 1u)]
    [TestCase(7u, 2u)]
    [TestCase(5u, 4u)]
    [TestCase(0u, 0u)]
    [TestCase(0u, 3u)]
    [TestCase(0u, 8u)]
    [TestCase(0u, 65u)]
    [TestCase(uint.MaxValue, 1u)]
    public void A_port_beyond_the_range_or_of_no_size_is_refused(uint offset, uint bytes)
    {
        Capability ports = Open(DeviceGrantOrder.OpenPorts, 0x70, 8);
        Expect(Result.BadArgument, ports, IoPortOrder.Read, offset, bytes);
        Expect(Result.BadArgument, ports, IoPortOrder.Write, offset, bytes, 1);
        Assert.That(Machine.Devices.Values, Is.Empty);
    }

    [TestCase(0ul, 0ul)]
    [TestCase(0ul, 65536ul)]
    [TestCase(1ul, 65536ul)]
    [TestCase(65535ul, 2ul)]
    [TestCase(65536ul, 1ul)]
    [TestCase(ulong.MaxValue, 2ul)]
    [TestCase(0ul, ulong.MaxValue)]
    public void There_are_65536_ports(ulong first, ulong count) =>
        Expect(Result.BadArgument, _grant, DeviceGrantOrder.OpenPorts, first, count);

    [Test]
    public void The_last_ports_can_be_opened()
    {
        Capability last = Open(DeviceGrantOrder.OpenPorts, 65535, 1);
        Expect(Result.Ok, last, IoPortOrder.Write, 0, 1, 5);
        Assert.That(Machine.Devices.Values, Contains.Key((65535ul, 1)));
        Capability all = Open(DeviceGrantOrder.OpenPorts, 1, 65535);
        Expect(Result.Ok, all, IoPortOrder.Read, 65534, 1);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(5));
    }

    [TestCase(1u)]
    [TestCase(2u)]
    [TestCase(4u)]
    [TestCase(8u)]
    public void A_register_is_written_and_read_in_its_size(uint bytes)
    {
        Capability memory = Open(DeviceGrantOrder.OpenMemory, FakeDevices.Registers + 0x1000, 0x2000);
        Expect(Result.Ok, memory, DeviceMemoryOrder.Write, 0x1FF8, bytes, 0x12);
        ulong address = FakeDevices.Registers + 0x2FF8;
        Assert.That(Machine.Devices.Values[(address, (int)bytes)], Is.EqualTo(0x12));
        Expect(Result.Ok, memory, DeviceMemoryOrder.Read, 0x1FF8, bytes);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(0x12));
    }

    [TestCase(0x2000ul, 1u)]
    [TestCase(0x1FFFul, 2u)]
    [TestCase(2ul, 4u)]
    [TestCase(4ul, 8u)]
    [TestCase(0ul, 0u)]
    [TestCase(0ul, 16u)]
    [TestCase(ulong.MaxValue, 1u)]
    [TestCase(ulong.MaxValue - 7, 8u)]
    public void A_register_beyond_the_range_or_across_its_size_is_refused(ulong offset, uint bytes)
    {
        Capability memory = Open(DeviceGrantOrder.OpenMemory, FakeDevices.Registers, 0x2000);
        Expect(Result.BadArgument, memory, DeviceMemoryOrder.Read, offset, bytes);
        Expect(Result.BadArgument, memory, DeviceMemoryOrder.Write, offset, bytes, 1);
        Assert.That(Machine.Devices.Values, Is.Empty);
    }

    [TestCase(0ul, 0x1000ul)]
    [TestCase(FakeDevices.Registers - 0x1000, 0x2000ul)]
    [TestCase(FakeDevices.Registers + 1, 0x1000ul)]
    [TestCase(FakeDevices.Registers, 0x1001ul)]
    [TestCase(FakeDevices.Registers, 0ul)]
    [TestCase(FakeDevices.Registers, ulong.MaxValue - 0xFFF)]
    [TestCase(FakeDevices.RegistersEnd, 0x1000ul)]
    public void Memory_of_the_machine_is_no_device(ulong address, ulong bytes) =>
        Expect(Result.BadArgument, _grant, DeviceGrantOrder.OpenMemory, address, bytes);

    [Test]
    public void An_interrupt_is_told_once_until_it_is_acknowledged()
    {
        Capability line = Open(DeviceGrantOrder.OpenInterrupt, 5, 0);
        Expect(Result.Ok, line, InterruptOrder.Listen, argument: Domain.Notification(2));
        int place = Machine.Kernel.Lines.PlaceFor(5);
        Assert.That(Machine.Devices.Lines[place], Is.EqualTo((5u, true)));
        Raise(place);
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(2));
        Assert.That(Machine.Devices.Lines[place], Is.EqualTo((5u, false)), "held back");
        Domain.Frame.Notifications = 0;
        Machine.Kernel.TellListener(out _);
        Assert.That(Domain.Frame.Notifications, Is.Zero);
        Expect(Result.Ok, line, InterruptOrder.Acknowledge);
        Assert.That(Machine.Devices.Lines[place], Is.EqualTo((5u, true)));
        Raise(place);
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(2));
    }

    [Test]
    public void A_line_that_nobody_listens_to_any_more_is_held_back_and_its_place_is_free()
    {
        Capability line = Open(DeviceGrantOrder.OpenInterrupt, 5, 0);
        Expect(Result.BadArgument, line, InterruptOrder.Listen, argument: Domain.Process);
        Expect(Result.Ok, line, InterruptOrder.Listen, argument: Domain.Notification(2));
        int place = Machine.Kernel.Lines.PlaceFor(5);
        Machine.Kernel.Lines.Raised(place);
        Expect(Result.Ok, line, InterruptOrder.Listen);
        Machine.Kernel.TellListener(out _);
        Assert.That(Domain.Frame.Notifications, Is.Zero);
        Assert.That(Machine.Devices.Lines[place].IsOpen, Is.False);
        Expect(Result.Ok, line, InterruptOrder.Acknowledge);
        Assert.That(Machine.Devices.Lines[place].IsOpen, Is.False);
    }

    [Test]
    public void So_many_lines_can_be_listened_to_and_each_goes_to_its_own()
    {
        for (uint i = 0; i < Limits.DeviceLines; i++)
        {
            Capability line = Open(DeviceGrantOrder.OpenInterrupt, 5 + i, 0);
            Expect(Result.Ok, line, InterruptOrder.Listen, argument: Domain.Notification(1u << (int)i));
        }

        Capability more = Open(DeviceGrantOrder.OpenInterrupt, 20, 0);
        Expect(Result.LimitReached, more, InterruptOrder.Listen, argument: Domain.Notification(1));
        Expect(Result.Ok, more, InterruptOrder.Acknowledge);
        Machine.Kernel.Lines.Raised(Machine.Kernel.Lines.PlaceFor(6));
        Machine.Kernel.Lines.Raised(Machine.Kernel.Lines.PlaceFor(9));
        Machine.Kernel.TellListener(out _);
        Assert.That(Domain.Frame.Notifications, Is.EqualTo(0x12));
    }

    [Test]
    public void A_listener_that_is_gone_holds_nobody_up_and_its_line_stays_held_back()
    {
        Capability line = Open(DeviceGrantOrder.OpenInterrupt, 5, 0);
        Capability gone = new(CapabilityType.Notification, Domain.Oid, Domain.Frame.Version + 1, 1);
        Expect(Result.Ok, line, InterruptOrder.Listen, argument: gone);
        int place = Machine.Kernel.Lines.PlaceFor(5);
        Raise(place);
        Assert.That(Machine.Kernel.Lines.MustTell, Is.False);
        Assert.That(Machine.Devices.Lines[place].IsOpen, Is.False);
    }

    [TestCase(4ul)]
    [TestCase(24ul)]
    [TestCase(ulong.MaxValue)]
    public void Lines_of_the_kernel_and_lines_that_are_not_there_are_refused(ulong line) =>
        Expect(Result.BadArgument, _grant, DeviceGrantOrder.OpenInterrupt, line);

    [Test]
    public void What_a_grant_opens_is_void_after_a_restart_and_the_grant_is_not()
    {
        Capability[] opened =
        [
            Open(DeviceGrantOrder.OpenPorts, 0x70, 8), Open(DeviceGrantOrder.OpenInterrupt, 5, 0),
            Open(DeviceGrantOrder.OpenMemory, FakeDevices.Registers, 0x1000),
        ];
        Machine.Counters.Values.BootEpoch++;
        foreach (Capability capability in opened)
        {
            Expect(Result.VoidCapability, capability, 1, 0, 1);
            Expect(Result.VoidCapability, capability, CommonOrder.TypeOf);
        }

        Expect(Result.Ok, Open(DeviceGrantOrder.OpenPorts, 0x70, 8), IoPortOrder.Read, 0, 1);
    }

    [TestCase(DeviceGrantOrder.OpenPorts, 0x70ul, 8ul)]
    [TestCase(DeviceGrantOrder.OpenMemory, FakeDevices.Registers, 0x1000ul)]
    [TestCase(DeviceGrantOrder.OpenInterrupt, 5ul, 0ul)]
    public void An_epoch_that_no_capability_can_hold_opens_nothing(uint order, ulong first, ulong count)
    {
        Machine.Counters.Values.BootEpoch = 1UL << 32;
        Expect(Result.LimitReached, _grant, order, first, count);
        Capability past = new(CapabilityType.IoPort, default, 0, 0x1_0070);
        Expect(Result.VoidCapability, past, IoPortOrder.Read, 0, 1);
    }

    private Capability Open(uint order, ulong first, ulong count)
    {
        Expect(Result.Ok, _grant, order, first, count);
        return Answer;
    }

    private void Raise(int place)
    {
        Machine.Kernel.Lines.Raised(place);
        Machine.Kernel.TellListener(out _);
    }
}
