using System;
using System.IO;
using System.Numerics;
using System.Runtime.InteropServices;
using Eros.Build.Cli;
using Eros.Build.Cli.Running;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

[TestFixture, Category(TestKind.Unit)]
public sealed class VolumeGlanceTests
{
    private const int Blocks = 4096;

    private TemporaryFolder _folder = null!;
    private string _disk = null!;
    private string _pristine = null!;

    [SetUp]
    public void MakeVolumes()
    {
        _folder = new TemporaryFolder();
        _disk = _folder.File("disk.img");
        _pristine = _folder.File("pristine.img");
        Write(_pristine, Header());
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_volume_of_this_kernel_and_these_domains_passes()
    {
        Write(_disk, Header());
        Assert.That(VolumeGlance.HasOtherDomains(_disk, _pristine), Is.False);
    }

    [Test]
    public void A_volume_of_other_domains_is_told_from_it()
    {
        VolumeHeader header = Header();
        header.Digest[0] = 1;
        Write(_disk, header);
        Assert.That(VolumeGlance.HasOtherDomains(_disk, _pristine), Is.True);
    }

    [TestCase(1u, 0u)]
    [TestCase(0u, 1u)]
    public void Another_format_or_protocol_is_refused_and_fresh_is_named(uint format, uint protocol)
    {
        VolumeHeader header = Header();
        header.Format += format;
        header.Protocol += protocol;
        Write(_disk, header);
        Assert.That(
            () => VolumeGlance.HasOtherDomains(_disk, _pristine),
            Throws.TypeOf<UserError>().With.Message.Contains("--fresh"));
    }

    [Test]
    public void A_file_that_was_cut_short_is_refused()
    {
        Write(_disk, Header());
        using (FileStream file = File.OpenWrite(_disk))
        {
            file.SetLength(file.Length - 4096);
        }

        Assert.That(
            () => VolumeGlance.HasOtherDomains(_disk, _pristine),
            Throws.TypeOf<UserError>().With.Message.Contains("cut short"));
    }

    [Test]
    public void A_header_whose_checksum_does_not_fit_is_left_to_the_kernel()
    {
        VolumeHeader header = Header();
        header.Protocol++;
        Write(_disk, header, damaged: true);
        Assert.That(VolumeGlance.HasOtherDomains(_disk, _pristine), Is.False);
    }

    private static VolumeHeader Header() => new()
    {
        Header = new BlockHeader { Magic = VolumeHeader.MagicValue },
        Format = VolumeHeader.FormatVersion,
        Protocol = ProtocolVersion.Current,
        Geometry = new VolumeGeometry(Blocks, VolumeGeometry.MinLogBlocks),
    };

    private static void Write(string path, VolumeHeader header, bool damaged = false)
    {
        byte[] disk = new byte[Blocks * 4096];
        MemoryMarshal.Write(disk, header);
        uint crc = uint.MaxValue;
        foreach (byte value in disk.AsSpan(sizeof(uint), 4096 - sizeof(uint)))
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        MemoryMarshal.Write(disk, damaged ? crc : ~crc);
        File.WriteAllBytes(path, disk);
    }
}
