using System.Linq;
using Eros.Tests.Reading;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>The second reader of volumes, which `./eros crash` compares each recovery with.</summary>
public sealed class SecondReaderTests
{
    [Test]
    public void Its_checksum_is_the_formats() =>
        Assert.That(Castagnoli.Of("123456789"u8), Is.EqualTo(0xE3069283));

    [Test]
    public void It_shares_nothing_with_the_store() =>
        Assert.That(
            typeof(VolumeReader).Assembly.GetReferencedAssemblies().Select(name => name.Name),
            Has.None.StartsWith("Eros"));
}
