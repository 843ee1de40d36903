using Eros.Hal.Firmware;
using NUnit.Framework;

namespace Eros.Tests.Unit.Hal;

public sealed class BootInfoTests
{
    private const ulong Info = 0x1000;
    private const ulong List = 0x2000;

    [Test]
    public void PvhGivesMemoryModuleAndRootPointer()
    {
        using PhysicalImage image = new();
        WritePvh(image);

        BootInfo info = default;
        Assert.That(info.Read(image.Window, Info, false), Is.True);
        Assert.That(info.Rsdp, Is.EqualTo(0xF0000));
        Assert.That((info.ModuleStart, info.ModuleBytes), Is.EqualTo((0x400000UL, 0x5000UL)));
        Assert.That(info.Memory.UsableBytes, Is.EqualTo(0x9F000 + 0x1FF00000));
        Assert.That(info.Memory.NextFree(0x400000, out MemoryRange free), Is.True);
        Assert.That(free.Start, Is.EqualTo(0x405000), "the module is taken");
    }

    [Test]
    public void PvhWithoutMemoryMapOrWithAnotherMagicIsRefused()
    {
        using PhysicalImage image = new();
        WritePvh(image);
        BootInfo info = default;
        image.U32(Info + 4, 0);
        Assert.That(info.Read(image.Window, Info, false), Is.False);
        image.U32(Info + 4, 1);
        image.U32(Info, 0x12345678);
        Assert.That(info.Read(image.Window, Info, false), Is.False);
    }

    [Test]
    public void PvhOutsideMemoryIsRefused()
    {
        using PhysicalImage image = new();
        BootInfo info = default;
        Assert.That(info.Read(image.Window, PhysicalImage.Size - 8, false), Is.False);
        Assert.That(info.Read(image.Window, ulong.MaxValue - 8, false), Is.False);
    }

    [Test]
    public void Multiboot2GivesMemoryModuleAndTheNewerRootPointer()
    {
        using PhysicalImage image = new();
        ulong root = WriteMultiboot(image);

        BootInfo info = default;
        Assert.That(info.Read(image.Window, Info, true), Is.True);
        Assert.That((info.ModuleStart, info.ModuleBytes), Is.EqualTo((0x600000UL, 0x1000UL)));
        Assert.That(info.Rsdp, Is.EqualTo(root));
        Assert.That(info.Memory.UsableBytes, Is.EqualTo(0x1000000));
        Assert.That(info.Memory.NextFree(Info, out MemoryRange free), Is.True);
        Assert.That(free.Start, Is.EqualTo(0x100000));
    }

    [Test]
    public void Multiboot2WithATagOfNoSizeEndsThere()
    {
        using PhysicalImage image = new();
        image.U32(Info, 64);
        image.U32(Info + 8, 6);
        image.U32(Info + 12, 0);
        BootInfo info = default;
        Assert.That(info.Read(image.Window, Info, true), Is.False);
    }

    private static void WritePvh(PhysicalImage image)
    {
        image.U32(Info, PvhStartInfo.MagicValue);
        image.U32(Info + 4, 1);
        image.U32(Info + 12, 1);
        image.U64(Info + 16, List);
        image.U64(Info + 24, 0x3000);
        image.U64(Info + 32, 0xF0000);
        image.U64(Info + 40, List + 0x100);
        image.U32(Info + 48, 3);
        image.U64(List, 0x400000);
        image.U64(List + 8, 0x5000);
        WriteRange(image, List + 0x100, 0, 0x9F000, 1);
        WriteRange(image, List + 0x118, 0xF0000, 0x10000, 2);
        WriteRange(image, List + 0x130, 0x100000, 0x1FF00000, 1);
    }

    private static ulong WriteMultiboot(PhysicalImage image)
    {
        ulong at = Info + 8;
        at = WriteTag(image, at, 1, 8 + 5);
        image.U32(at + 8, 0x600000);
        image.U32(at + 12, 0x601000);
        at = WriteTag(image, at, 3, 8 + 12);
        image.U32(at + 8, 24);
        WriteRange(image, at + 16, 0x100000, 0x1000000, 1);
        at = WriteTag(image, at, 6, 16 + 24);
        ulong newer = at + 8;
        at = WriteTag(image, at, 15, 8 + 36);
        at = WriteTag(image, at, 14, 8 + 20);
        at = WriteTag(image, at, 0, 8);
        image.U32(Info, (uint)(at - Info));
        return newer;
    }

    private static ulong WriteTag(PhysicalImage image, ulong at, uint type, uint size)
    {
        image.U32(at, type);
        image.U32(at + 4, size);
        return (at + size + 7) & ~7UL;
    }

    private static void WriteRange(PhysicalImage image, ulong at, ulong start, ulong bytes, uint kind)
    {
        image.U64(at, start);
        image.U64(at + 8, bytes);
        image.U32(at + 16, kind);
    }
}
