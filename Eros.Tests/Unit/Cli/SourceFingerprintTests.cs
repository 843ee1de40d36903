using System;
using System.IO;
using Eros.Build.Cli.Building;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

[TestFixture, Category(TestKind.Unit)]
public sealed class SourceFingerprintTests
{
    private TemporaryFolder _folder = null!;
    private string _source = null!;
    private string _before = null!;

    [SetUp]
    public void MakeTree()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder.File("room/obj"));
        Directory.CreateDirectory(_folder.File("docs"));
        _source = _folder.File("room/A.cs");
        File.WriteAllText(_source, "class A;");
        _before = Fingerprint();
    }

    [TearDown]
    public void RemoveTree() => _folder.Dispose();

    [Test]
    public void Nothing_changed_means_nothing_to_build() => Assert.That(Fingerprint(), Is.EqualTo(_before));

    [Test]
    public void An_edit_that_keeps_the_size_is_seen()
    {
        File.SetLastWriteTimeUtc(_source, File.GetLastWriteTimeUtc(_source) + TimeSpan.FromMilliseconds(1));
        Assert.That(Fingerprint(), Is.Not.EqualTo(_before));
    }

    [Test]
    public void A_source_that_goes_is_seen()
    {
        File.Delete(_source);
        Assert.That(Fingerprint(), Is.Not.EqualTo(_before));
    }

    [TestCase("room/obj/B.cs")]
    [TestCase("docs/tutorial.md")]
    [TestCase("room/notes.tmp")]
    public void What_is_no_source_of_the_images_is_not_seen(string file)
    {
        File.WriteAllText(_folder.File(file), "");
        Assert.That(Fingerprint(), Is.EqualTo(_before));
    }

    [TestCase("room/B.cs")]
    [TestCase("room/B.xs")]
    [TestCase("Directory.Build.props")]
    public void A_source_that_comes_is_seen(string file)
    {
        File.WriteAllText(_folder.File(file), "");
        Assert.That(Fingerprint(), Is.Not.EqualTo(_before));
    }

    [Test]
    public void A_product_that_was_deleted_is_missed()
    {
        string product = _folder.File("kernel.elf");
        string absent = SourceFingerprint.OfFiles([product]);
        File.WriteAllText(product, "");
        Assert.That(SourceFingerprint.OfFiles([product]), Is.Not.EqualTo(absent));
    }

    private string Fingerprint() => SourceFingerprint.OfSources(_folder.Path, "docs");
}
