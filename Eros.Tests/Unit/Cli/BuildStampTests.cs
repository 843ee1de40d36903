using System;
using System.IO;
using Eros.Build.Cli.Building;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

[TestFixture, Category(TestKind.Unit)]
public sealed class BuildStampTests
{
    private TemporaryFolder _folder = null!;
    private string _product = null!;
    private BuildStamp _stamp = null!;

    [SetUp]
    public void Build()
    {
        _folder = new TemporaryFolder();
        _product = _folder.File("product");
        File.WriteAllText(_product, "made");
        _stamp = new BuildStamp(_folder.File("stamp"), [_product]);
        _stamp.Write("sources");
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void What_was_built_of_the_same_sources_is_up_to_date() => Assert.That(_stamp.IsOf("sources"));

    [Test]
    public void Other_sources_want_a_build() => Assert.That(_stamp.IsOf("others"), Is.False);

    [Test]
    public void Without_a_stamp_a_build_is_wanted() =>
        Assert.That(new BuildStamp(_folder.File("none"), [_product]).IsOf("sources"), Is.False);

    [Test]
    public void The_same_bytes_written_again_want_no_build()
    {
        File.SetLastWriteTimeUtc(_product, DateTime.UtcNow.AddHours(1));
        Assert.That(_stamp.IsOf("sources"));
    }

    [Test]
    public void Other_bytes_want_a_build()
    {
        File.WriteAllText(_product, "edit");
        File.SetLastWriteTimeUtc(_product, DateTime.UtcNow.AddHours(1));
        Assert.That(_stamp.IsOf("sources"), Is.False);
    }

    [Test]
    public void A_product_that_is_gone_wants_a_build()
    {
        File.Delete(_product);
        Assert.That(_stamp.IsOf("sources"), Is.False);
    }
}
