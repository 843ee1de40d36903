using System;
using System.Buffers.Binary;
using System.IO;
using Eros.Domains.Spin;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed class SpinChainTests
{
    private const int FirstEntry = 64;
    private const int EntryBytes = 2048;

    [Test]
    public void Any_point_is_what_stepping_there_gives([Values(0, 3, 12, 39)] int lane)
    {
        ulong value = SpinChain.At(lane, 0);
        bool isQuick = lane < SpinChain.QuickGeneralLanes
            || (lane >= SpinChain.GeneralLanes && lane < SpinChain.GeneralLanes + SpinChain.QuickVectorLanes);
        AffineMap map = lane < SpinChain.GeneralLanes ? SpinChain.General : SpinChain.Vector;
        for (ulong n = 1; n <= 5000; n++)
        {
            if (isQuick || n % (1UL << SpinChain.SlowLog2) == 0)
            {
                value = map.Apply(value);
            }

            Assert.That(SpinChain.At(lane, n), Is.EqualTo(value), $"step {n}");
        }
    }

    [Test]
    public void Powers_add_up([Values(1UL, 0xFFFF_FFFFUL, 1UL << 63)] ulong times)
    {
        AffineMap both = SpinChain.General.Power(times).Then(SpinChain.General.Power(12345));
        Assert.That(SpinChain.General.Power(unchecked(times + 12345)), Is.EqualTo(both));
    }

    [Test]
    public void A_page_of_zeros_is_the_beginning()
    {
        Assert.That(SpinChain.IsRight(new byte[4096], out ulong n));
        Assert.That(n, Is.Zero);
    }

    [Test]
    public void A_published_page_is_right_and_any_flipped_bit_of_it_is_not()
    {
        ulong n = 77UL << SpinChain.PublishLog2;
        byte[] page = Publish(n);
        Assert.That(SpinChain.IsRight(page, out ulong found));
        Assert.That(found, Is.EqualTo(n));
        int entry = FirstEntry + EntryBytes;
        for (int bit = 0; bit < (SpinChain.Lanes + 1) * 64; bit += 7)
        {
            page[entry + bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(SpinChain.IsRight(page, out _), Is.False, $"bit {bit}");
            page[entry + bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Test]
    public void The_entry_being_written_is_never_the_one_that_is_read()
    {
        byte[] page = Publish(8UL << SpinChain.PublishLog2);
        page.AsSpan(FirstEntry + EntryBytes, EntryBytes - FirstEntry).Fill(0xAA);
        Assert.That(SpinChain.IsRight(page, out _));
    }

    [Test]
    public void An_n_that_is_no_publication_is_wrong()
    {
        byte[] page = Publish(8UL << SpinChain.PublishLog2);
        BinaryPrimitives.WriteUInt64LittleEndian(page, (8UL << SpinChain.PublishLog2) + 1);
        Assert.That(SpinChain.IsRight(page, out _), Is.False);
    }

    [Test]
    public void The_loop_in_xsharp_has_the_same_constants()
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "Eros.Domains/Spin/Freestanding/Spin.xs"));
        Assert.Multiple(() =>
        {
            Assert.That(source, Does.Contain($"const GeneralFactor = 0x{SpinChain.General.Factor:X16}"));
            Assert.That(source, Does.Contain($"const GeneralTerm = 0x{SpinChain.General.Term:X16}"));
            Assert.That(source, Does.Contain($"const VectorTerm = 0x{SpinChain.Vector.Term:X16}"));
            Assert.That(source, Does.Contain("const VectorShift = 5"));
            Assert.That(SpinChain.Vector.Factor, Is.EqualTo((1UL << 5) + 1));
            Assert.That(source, Does.Contain($"const SlowMask = 0x{(1 << SpinChain.SlowLog2) - 1:X}"));
            Assert.That(source, Does.Contain($"const PublishMask = 0x{(1 << SpinChain.PublishLog2) - 1:X}"));
            Assert.That(source, Does.Contain($"const PublishLog2 = {SpinChain.PublishLog2}"));
        });
    }

    private static byte[] Publish(ulong n)
    {
        byte[] page = new byte[4096];
        int entry = FirstEntry + (int)((n >> SpinChain.PublishLog2) & 1) * EntryBytes;
        BinaryPrimitives.WriteUInt64LittleEndian(page, n);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(entry), n);
        for (int lane = 0; lane < SpinChain.Lanes; lane++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(entry + 8 + 8 * lane), SpinChain.At(lane, n));
        }

        return page;
    }
}
