using System.Linq;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Domains that do not compile.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class BrokenSourceTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="$(EROS)/Eros.Domains/Domain.props" />
        </Project>
        """;

    // One build of them all, since most of a build is its beginning.
    private const string All = """
        <Project DefaultTargets="Build">
          <ItemGroup>
            <Domain Include="*/*.csproj" />
          </ItemGroup>
          <Target Name="Restore">
            <MSBuild Projects="@(Domain)" Targets="Restore" />
          </Target>
          <Target Name="Build">
            <MSBuild Projects="@(Domain)" Targets="Build" ContinueOnError="ErrorAndContinue" BuildInParallel="true" />
          </Target>
        </Project>
        """;

    [Test]
    public void A_mistake_is_an_error_with_file_line_and_column()
    {
        using EmptyDirectory folder = new();
        folder.Write("All.proj", All);
        AddDomain(folder, "BadCSharp", "        output = argument;");
        AddDomain(folder, "BadXSharp", "        output = arguments;");
        folder.Write("BadXSharp/Twice.xs", "namespace Twice\n\nfunction Double {\n    RAX = RDI\n    RAX =+ RDI\n}\n");
        AddDomain(folder, "BadLiteral", "        output = arguments;");
        folder.Write("BadLiteral/Twice.xs", "namespace Twice\n\nfunction Double {\n    ! movv rax, rdi\n}\n");

        (int code, string output) = folder.Run("dotnet", "build", "All.proj", "-nologo", "-tl:off");
        Assert.That(code, Is.Not.Zero);
        string[] errors = [.. output.Split('\n').Where(line => line.Contains(": error ")).Distinct()];
        Assert.Multiple(() =>
        {
            Assert.That(errors, Has.One.StartsWith(
                folder.PathOf("BadCSharp/BadCSharpDomain.cs") + "(11,18): error CS0103: The name 'argument' "));
            Assert.That(errors, Has.One.StartsWith(
                folder.PathOf("BadXSharp/Twice.xs") + "(5,10): error XS0010: expected a number"));
            Assert.That(errors, Has.One.StartsWith(
                folder.PathOf("BadLiteral/Twice.xs") + "(4,5): error EROS0009: parser: instruction expected"));
        });
    }

    private static void AddDomain(EmptyDirectory folder, string name, string statement)
    {
        folder.Write($"{name}/{name}.csproj", Project);
        folder.Write($"{name}/{name}Domain.cs", $$"""
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;

            namespace {{name}};

            [Domain]
            public sealed partial class {{name}}Domain : Domain, IProgram
            {
                public Result Run(string arguments, out string output)
                {
            {{statement}}
                    return Result.Ok;
                }
            }
            """);
    }
}
