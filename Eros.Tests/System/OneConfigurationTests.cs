// Debug and Release make the same programs, in one place: neither takes the other's for out of date, and a build
// without a change links nothing.

using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

[TestFixture, Category(TestKind.System)]
public sealed class OneConfigurationTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="$(EROS)/Eros.Domains/Domain.props" />
        </Project>
        """;

    private const string Source = """
        using Eros.Domains.Runtime;
        using Eros.Kernel.Protocol;

        namespace EitherWay;

        [Domain]
        public sealed partial class EitherWayDomain : Domain, IProgram
        {
            public Result Run(string arguments, out string output)
            {
                output = arguments;
                return Result.Ok;
            }
        }
        """;

    private static readonly string _image = Repository.PathOf("artifacts/domains/EitherWay.elf");

    [Test]
    public void Either_configuration_makes_the_same_bytes_and_finds_them_made()
    {
        using EmptyDirectory folder = new();
        folder.Write("EitherWay/EitherWay.csproj", Project);
        folder.Write("EitherWay/EitherWayDomain.cs", Source);
        string[] tree = Images();
        Build(folder, "Debug");
        byte[] made = File.ReadAllBytes(_image);
        string[] images = Images();
        Build(folder, "Release");
        Assert.That(Images(), Is.EqualTo(images), "nothing changed, yet something was linked");

        // So the comparison above does see what is linked; and this is what Release makes of it.
        File.SetLastWriteTimeUtc(folder.PathOf("EitherWay/EitherWayDomain.cs"), DateTime.UtcNow);
        Build(folder, "Release");
        Assert.That(Images(), Is.Not.EqualTo(images));
        Assert.That(File.ReadAllBytes(_image).AsSpan().SequenceEqual(made));
        Assert.That(Images(), Is.SupersetOf(tree), "what the tree had built was built again");
    }

    private static void Build(EmptyDirectory folder, string configuration)
    {
        (int code, string output) = folder.Run("dotnet", "build", "EitherWay", "-c", configuration, "-nologo");
        Assert.That(code, Is.Zero, output);
    }

    /// <summary>The programs that there are, each with the time when it was linked.</summary>
    private static string[] Images() =>
    [
        .. Directory.GetFiles(Path.GetDirectoryName(_image)!).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {File.GetLastWriteTimeUtc(file).Ticks}"),
    ];
}
