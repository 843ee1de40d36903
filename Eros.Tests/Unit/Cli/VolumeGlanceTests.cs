using System;
using System.IO;
using Eros.Build.Cli;
using Eros.Build.Cli.Running;
using Eros.Build.Volume;
using Eros.Persistence.Layout;
using Eros.Persistence.Volume;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

/// <summary>What `./eros run` says of a disk before it starts a machine on it.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class VolumeGlanceTests
{
    private const int BlockBytes = 4096;

    private TemporaryFolder _folder = null!;
    private string _pristine = null!;
    private string _disk = null!;

    [SetUp]
    public void MakePristine()
    {
        _folder = new TemporaryFolder();
        _pristine = Make("pristine.img", protocol: 1, composition: 1);
        _disk = _folder.File("disk.img");
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void The_same_domains_are_nothing_to_talk_about()
    {
        Make("disk.img", protocol: 1, composition: 1);
        Assert.That(VolumeGlance.HasOtherDomains(_disk, _pristine), Is.False);
    }

    [Test]
    public void Domains_that_were_rebuilt_are_noticed()
    {
        Make("disk.img", protocol: 1, composition: 2);
        Assert.That(VolumeGlance.HasOtherDomains(_disk, _pristine), Is.True);
    }

    [Test]
    public void Another_protocol_is_refused_in_a_line_that_names_fresh()
    {
        Make("disk.img", protocol: 2, composition: 1);
        Refused("protocol 2");
    }

    [Test]
    public void Another_format_is_refused_in_a_line_that_names_fresh()
    {
        Make("disk.img", protocol: 1, composition: 1);
        SetFormat(77);
        Refused("format 77");
    }

    [Test]
    public void A_volume_cut_short_is_refused_in_a_line_that_names_fresh()
    {
        Make("disk.img", protocol: 1, composition: 1);
        using (FileStream file = File.Open(_disk, FileMode.Open))
        {
            file.SetLength(file.Length - BlockBytes);
        }

        Refused("cut short");
    }

    [Test]
    public void A_system_of_another_protocol_is_to_be_built_again()
    {
        Make("disk.img", protocol: 2, composition: 1);
        Assert.That(
            () => VolumeGlance.CheckUsable(_disk, _pristine, VolumeGlance.OfSystem),
            Throws.TypeOf<UserError>().With.Message.Contains("protocol 2")
                .And.Message.Contains("build the composition again").IgnoreCase
                .And.Message.Not.Contains("--fresh"));
    }

    [Test]
    public void What_is_no_volume_is_not_compared()
    {
        File.WriteAllBytes(_disk, new byte[10 * BlockBytes]);
        Assert.That(VolumeGlance.HasOtherDomains(_disk, _pristine), Is.False);
    }

    private string Make(string name, uint protocol, byte composition)
    {
        string path = _folder.File(name);
        HostStore.Format(path, VolumeBuilder.GeometryFor(1000), id: 1, protocol, [composition]);
        return path;
    }

    private void SetFormat(uint format)
    {
        using var host = new HostMemory(2);
        byte[] bytes = File.ReadAllBytes(_disk);
        Span<byte> block = bytes.AsSpan(0, BlockBytes);
        block.CopyTo(host.Memory.Bytes(1));
        ref VolumeHeader header = ref host.Memory.As<VolumeHeader>(1);
        header.Format = format;
        BlockHeader.Seal(host.Memory, 1, VolumeHeader.MagicValue, header.Header.Name, generation: 0);
        host.Memory.Bytes(1).CopyTo(block);
        File.WriteAllBytes(_disk, bytes);
    }

    private void Refused(string reason) => Assert.That(
        () => VolumeGlance.CheckUsable(_disk, _pristine, VolumeGlance.OfDisk),
        Throws.TypeOf<UserError>().With.Message.Contains(reason)
            .And.Message.Contains("--fresh").And.Message.Not.Contains("\n"));
}
