using System;
using System.Text;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

public sealed class FrameImageTests
{
    private const uint Pfn = 1;

    private HostMemory _host = null!;

    private PhysicalMemory Memory => _host.Memory;

    [SetUp]
    public void SetUp() => _host = new HostMemory(4);

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public void The_checksum_is_that_of_every_implementation_of_CRC_32C()
    {
        Random random = new(5);
        random.NextBytes(Memory.Bytes(Pfn));
        Assert.That(Crc32C.OfBlock(Memory, Pfn), Is.EqualTo(Reference(Memory.Bytes(Pfn))));
        Assert.That(Crc32C.OfBlockAfterChecksum(Memory, Pfn), Is.EqualTo(Reference(Memory.Bytes(Pfn)[4..])));
        Assert.That(Reference(Encoding.ASCII.GetBytes("123456789")), Is.EqualTo(0xE306_9283u), "RFC 3720");
    }

    [Test]
    public void The_checksum_is_the_same_on_processors_without_the_instruction()
    {
        uint crc = Crc32C.Bitwise(uint.MaxValue, BitConverter.ToUInt64("12345678"u8), 64);
        Assert.That(~Crc32C.Bitwise(crc, '9', 8), Is.EqualTo(0xE306_9283u), "RFC 3720");
    }

    [Test]
    public void A_new_pot_is_null_until_anything_in_it_is_changed()
    {
        FrameImage.Clear(Memory, Pfn, FrameKind.Pot, frame: 9, version: 3);
        Assert.That(FrameImage.IsNull(Memory, Pfn, FrameKind.Pot), Is.True);
        for (int at = BlockHeader.SizeInBytes; at < NodePot.SizeInBytes; at++)
        {
            Memory.Bytes(Pfn)[at] ^= 1;
            Assert.That(FrameImage.IsNull(Memory, Pfn, FrameKind.Pot), Is.False, $"byte {at}");
            Memory.Bytes(Pfn)[at] ^= 1;
        }
    }

    [Test]
    public void A_process_is_never_null()
    {
        FrameImage.Clear(Memory, Pfn, FrameKind.Process, frame: 9, version: 3);
        Assert.That(FrameImage.IsNull(Memory, Pfn, FrameKind.Process), Is.False);
    }

    [TestCase(FrameKind.Page)]
    [TestCase(FrameKind.Pot)]
    [TestCase(FrameKind.Process)]
    public void No_flipped_bit_is_believed(FrameKind kind)
    {
        FrameImage.Clear(Memory, Pfn, kind, frame: 9, version: 3);
        Memory.Bytes(Pfn)[2000] = 77;
        FrameImage.Stamp(Memory, Pfn, kind, generation: 12);
        uint crc = FrameImage.Seal(Memory, Pfn, kind);
        Assert.That(FrameImage.IsIntact(Memory, Pfn, kind, 9, crc), Is.True);
        for (int bit = 0; bit < 8 * PhysicalMemory.FrameBytes; bit += 7)
        {
            Memory.Bytes(Pfn)[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(FrameImage.IsIntact(Memory, Pfn, kind, 9, crc), Is.False, $"bit {bit}");
            Memory.Bytes(Pfn)[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Test]
    public void A_valid_block_of_another_frame_or_another_generation_is_not_believed()
    {
        FrameImage.Clear(Memory, Pfn, FrameKind.Pot, frame: 9, version: 3);
        uint crc = FrameImage.Seal(Memory, Pfn, FrameKind.Pot);
        Assert.That(FrameImage.IsIntact(Memory, Pfn, FrameKind.Pot, 10, crc), Is.False);
        FrameImage.Stamp(Memory, Pfn, FrameKind.Pot, generation: 13);
        FrameImage.Seal(Memory, Pfn, FrameKind.Pot);
        Assert.That(
            FrameImage.IsIntact(Memory, Pfn, FrameKind.Pot, 9, crc), Is.False, "the tag has the older checksum");
    }

    private static uint Reference(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F6_3B78 : 0);
            }
        }

        return ~crc;
    }
}
