using System;
using Eros.Hal.Firmware;
using Eros.Hal.Interrupts;
using NUnit.Framework;

namespace Eros.Tests.Unit.Hal;

public sealed unsafe class AcpiTests
{
    private const ulong Pointer = 0x1000;
    private const ulong Root = 0x2000;
    private const ulong MadtAt = 0x3000;
    private const ulong FadtAt = 0x4000;
    private const ulong DsdtAt = 0x5000;
    private const uint RootSignature = 0x54445352;

    [TestCase((byte)0)]
    [TestCase((byte)2)]
    public void TablesAreFoundThroughEitherRoot(byte revision)
    {
        using PhysicalImage image = Write(revision);
        AcpiTables tables = new(image.Window, Pointer);
        Assert.That(tables.Find(Madt.Signature)->Length, Is.EqualTo(74));
        Assert.That(tables.Find(0x58585858) == null);
    }

    [Test]
    public void TableWithAWrongSumIsNotFound()
    {
        using PhysicalImage image = Write(2);
        image.At(MadtAt)[40] ^= 1;
        Assert.That(new AcpiTables(image.Window, Pointer).Find(Madt.Signature) == null);
    }

    [Test]
    public void RootPointerWithAWrongSumLeadsNowhere()
    {
        using PhysicalImage image = Write(2);
        image.At(Pointer)[9] ^= 1;
        Assert.That(new AcpiTables(image.Window, Pointer).Find(Madt.Signature) == null);
        Assert.That(new AcpiTables(image.Window, 0).Find(Madt.Signature) == null);
    }

    [Test]
    public void MadtGivesControllersAndOverrides()
    {
        using PhysicalImage image = Write(2);
        Madt madt = default;
        Assert.That(madt.Read(new AcpiTables(image.Window, Pointer).Find(Madt.Signature)), Is.True);
        Assert.That(madt.LocalApic, Is.EqualTo(0xFEE00000));
        Assert.That(madt.IoApic, Is.EqualTo(0xFEC00000));
        Assert.That(madt.Isa(4).Global, Is.EqualTo(4));
        IsaRoute moved = madt.Isa(9);
        Assert.That((moved.Global, moved.IsActiveLow, moved.IsLevel), Is.EqualTo((20u, true, true)));
        Assert.That(IoApic.Redirection(moved, 50), Is.EqualTo(50u | (1 << 13) | (1 << 15)));
        Assert.That(IoApic.Redirection(madt.Isa(4), 49), Is.EqualTo(49u));
    }

    [Test]
    public void MadtWithoutIoApicOrWithAnEntryOfNoLengthIsRefused()
    {
        Madt madt = default;
        Assert.That(madt.Read(null), Is.False);
        using PhysicalImage image = new();
        image.Table(MadtAt, Madt.Signature, 60);
        Assert.That(madt.Read((AcpiHeader*)image.Window.Find(MadtAt, 60)), Is.False);
    }

    [TestCase(new byte[] { 0x12, 0x06, 0x04, 0x0A, 0x05, 0x00, 0x00 }, 5)]
    [TestCase(new byte[] { 0x12, 0x06, 0x04, 0x00, 0x00, 0x00, 0x00 }, 0)]
    [TestCase(new byte[] { 0x12, 0x46, 0x00, 0x04, 0x01, 0x00, 0x00 }, 1)]
    public void SoftOffIsTheFirstNumberOfThePackage(byte[] package, int type)
    {
        using PhysicalImage image = Write(2);
        "_S5_"u8.CopyTo(image.At(DsdtAt + 50));
        package.AsSpan().CopyTo(image.At(DsdtAt + 54));
        image.Table(DsdtAt, 0x54445344, 80);
        Fadt fadt = new(new AcpiTables(image.Window, Pointer));
        Assert.That(fadt.ControlPort, Is.EqualTo(0x604));
        Assert.That(fadt.SoftOff, Is.EqualTo((type << 10) | 0x2000));
    }

    [Test]
    public void NoSoftOffWithoutThePackage()
    {
        using PhysicalImage image = Write(2);
        Assert.That(new Fadt(new AcpiTables(image.Window, Pointer)).ControlPort, Is.Zero);
        Assert.That(new Fadt(new AcpiTables(image.Window, 0)).ControlPort, Is.Zero);
    }

    private static PhysicalImage Write(byte revision)
    {
        PhysicalImage image = new();
        "RSD PTR "u8.CopyTo(image.At(Pointer));
        image.U8(Pointer + 15, revision);
        image.U32(Pointer + 16, revision == 0 ? (uint)Root : 0);
        image.U64(Pointer + 24, Root);
        image.Seal(Pointer, 20, 8);
        int entry = revision == 0 ? 4 : 8;
        image.U32(Root + 36, (uint)MadtAt);
        image.U32(Root + 36 + (ulong)entry, (uint)FadtAt);
        image.Table(Root, RootSignature, 36 + 2 * entry);
        WriteMadt(image);
        image.U32(FadtAt + 64, 0x604);
        image.U32(FadtAt + 40, (uint)DsdtAt);
        image.Table(FadtAt, Fadt.Signature, 244);
        image.Table(DsdtAt, 0x54445344, 80);
        return image;
    }

    private static void WriteMadt(PhysicalImage image)
    {
        image.U32(MadtAt + 36, 0xFEE00000);
        ReadOnlySpan<byte> local = [0, 8, 0, 0, 1, 0, 0, 0];
        ReadOnlySpan<byte> io = [1, 12, 0, 0, 0x00, 0x00, 0xC0, 0xFE, 0, 0, 0, 0];
        ReadOnlySpan<byte> moved = [2, 10, 0, 9, 20, 0, 0, 0, 0x0F, 0];
        local.CopyTo(image.At(MadtAt + 44));
        io.CopyTo(image.At(MadtAt + 52));
        moved.CopyTo(image.At(MadtAt + 64));
        image.Table(MadtAt, Madt.Signature, 74);
    }
}
