using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>A volume is composed again when what composes it has changed.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class RecompositionTests
{
    private const string Library = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
          </PropertyGroup>
        </Project>
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="$(EROS)/Eros.Domains/Composition.props" />
          <ItemGroup>
            <ProjectReference Include="../Shelf/Shelf.csproj" />
          </ItemGroup>
          <Import Project="$(EROS)/Eros.Domains/Composition.targets" />
        </Project>
        """;

    private const string Program = """
        using System;
        using Eros.Domains.Composition;
        using Eros.Domains.Image;

        return ImageCommand.Run(args, programs =>
        {
            Console.WriteLine($"composed with {Shelf.Books.Title}");
            return new StandardSystem(programs).Builder;
        });
        """;

    [Test]
    public void A_change_of_a_library_that_the_program_uses_composes_it_again()
    {
        using EmptyDirectory folder = new();
        folder.Write("Shelf/Shelf.csproj", Library);
        folder.Write("Study/Study.csproj", Project);
        folder.Write("Study/Program.cs", Program);
        foreach (string title in new[] { "Emma", "Ulysses" })
        {
            folder.Write("Shelf/Books.cs", $$"""
                namespace Shelf { public static class Books { public static string Title => "{{title}}"; } }
                """);
            (int code, string output) = folder.Run("dotnet", "build", "Study", "-nologo");
            Assert.That(code, Is.Zero, output);
            Assert.That(output, Does.Contain("composed with " + title));
        }
    }
}
