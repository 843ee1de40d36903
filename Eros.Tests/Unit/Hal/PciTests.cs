using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Eros.Hal.Bus;
using NUnit.Framework;

namespace Eros.Tests.Unit.Hal;

public sealed class PciTests
{
    [Test]
    public void WalkFindsFunctionsOfOneAndOfMoreFunctionsInOrder()
    {
        FakeConfig config = new();
        config.Add(0, 0, 0);
        config.Add(0, 3, 0)[0x0E] = 0x80;
        config.Add(0, 3, 5);
        config.Add(0, 4, 0);
        config.Add(0, 4, 1);
        Assert.That(Walk(config), Is.EqualTo(new[] { (0, 0, 0), (0, 3, 0), (0, 3, 5), (0, 4, 0) }),
            "function 1 of a device of one function is only an echo of function 0");
    }

    [Test]
    public void WalkGoesOnToTheBusesBehindBridges()
    {
        FakeConfig config = new();
        byte[] bridge = config.Add(0, 2, 0);
        bridge[0x0E] = 1;
        bridge[0x1A] = 2;
        config.Add(2, 1, 0);
        config.Add(3, 1, 0);
        Assert.That(Walk(config), Is.EqualTo(new[] { (0, 2, 0), (2, 1, 0) }));
    }

    [Test]
    public void BaseAddressesOfAllWidths()
    {
        FakeConfig config = new();
        Span<byte> header = config.Add(0, 1, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x10..], 0xC001);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x14..], 0xFEB00000);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x20..], 0xFE00000C);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x24..], 0x7);
        PciFunction function = new(config, new PciAddress(0, 1, 0));
        Assert.That(function.BaseAddress(0), Is.Zero, "ports");
        Assert.That(function.BaseAddress(1), Is.EqualTo(0xFEB00000));
        Assert.That(function.BaseAddress(4), Is.EqualTo(0x7_FE00_0000));
        Assert.That(function.BaseAddress(6), Is.Zero);
    }

    [Test]
    public void CapabilitiesAreFoundInTurnAndACycleEnds()
    {
        FakeConfig config = new();
        byte[] header = config.Add(0, 1, 0);
        header[0x06] = 0x10;
        header[0x34] = 0x40;
        (header[0x40], header[0x41]) = (PciFunction.VendorCapability, 0x50);
        (header[0x50], header[0x51]) = (PciFunction.MsixCapability, 0x60);
        (header[0x60], header[0x61]) = (PciFunction.VendorCapability, 0x50);
        PciFunction function = new(config, new PciAddress(0, 1, 0));
        Assert.That(function.FindCapability(PciFunction.VendorCapability), Is.EqualTo(0x40));
        Assert.That(function.FindCapability(PciFunction.VendorCapability, 0x40), Is.EqualTo(0x60));
        Assert.That(function.FindCapability(PciFunction.MsixCapability), Is.EqualTo(0x50));
        Assert.That(function.FindCapability(0x05), Is.Zero);
        header[0x06] = 0;
        Assert.That(function.FindCapability(PciFunction.MsixCapability), Is.Zero);
    }

    [Test]
    public void EnableKeepsTheOtherHalfOfTheWord()
    {
        FakeConfig config = new();
        byte[] header = config.Add(0, 1, 0);
        header[0x06] = 0x10;
        new PciFunction(config, new PciAddress(0, 1, 0)).Enable();
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)), Is.EqualTo(0x0010_0406u));
    }

    [Test]
    public void PortAddressHasTheEnableBitAndAnAlignedRegister() =>
        Assert.That(new PciAddress(1, 2, 3).PortValue(0x3E), Is.EqualTo(0x8001133Cu));

    private static List<(int Bus, int Device, int Function)> Walk(PciConfig config)
    {
        List<(int, int, int)> found = [];
        PciBus bus = new(config);
        while (bus.MoveNext())
        {
            PciAddress address = bus.Current.Address;
            found.Add((address.Bus, address.Device, address.Function));
        }

        return found;
    }

    private sealed class FakeConfig : PciConfig
    {
        private readonly Dictionary<ushort, byte[]> _functions = [];

        public byte[] Add(int bus, int device, int function)
        {
            byte[] space = new byte[256];
            space[0] = 0xF4;
            space[1] = 0x1A;
            _functions.Add(new PciAddress(bus, device, function).Value, space);
            return space;
        }

        public override uint Read(PciAddress address, int register) =>
            _functions.TryGetValue(address.Value, out byte[]? space)
                ? BinaryPrimitives.ReadUInt32LittleEndian(space.AsSpan(register))
                : uint.MaxValue;

        public override void Write(PciAddress address, int register, uint value) =>
            BinaryPrimitives.WriteUInt32LittleEndian(_functions[address.Value].AsSpan(register), value);
    }
}
