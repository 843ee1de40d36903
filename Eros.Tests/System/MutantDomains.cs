using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>
/// Domains of the tree with something changed, compiled in one go, and the standard system with some of them in the
/// places of the originals.
/// </summary>
internal sealed class MutantDomains : IDisposable
{
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
            <MSBuild Projects="@(Domain)" Targets="Build" BuildInParallel="true" />
          </Target>
        </Project>
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="$(EROS)/Eros.Domains/Domain.props" />
        </Project>
        """;

    private readonly EmptyDirectory _folder = new();
    private readonly Dictionary<string, string> _originals = [];

    /// <summary>
    /// Adds a domain whose sources are changed. <paramref name="name"/> is that of the mutant's project.
    /// </summary>
    /// <exception cref="InvalidOperationException">An edit no longer applies.</exception>
    public void Add(string name, params SourceEdit[] edits)
    {
        string sources = Path.GetDirectoryName(edits[0].File)!;
        string project = Directory.GetFiles(Repository.PathOf(sources), "*.csproj").Single();
        _originals.Add(name, Path.GetFileNameWithoutExtension(project));
        foreach (string file in Directory.GetFiles(Repository.PathOf(sources), "*.cs"))
        {
            string text = File.ReadAllText(file);
            foreach (SourceEdit edit in edits.Where(edit => Repository.PathOf(edit.File) == file))
            {
                text = edit.ApplyTo(text);
            }

            _folder.Write($"{name}/{Path.GetFileName(file)}", text);
        }

        _folder.Write($"{name}/{name}.csproj", Project);
    }

    /// <summary>Compiles them; the test fails if that does.</summary>
    public void Build()
    {
        _folder.Write("All.proj", All);
        (int code, string output) = _folder.Run("dotnet", "build", "All.proj", "-nologo", "-v", "quiet", "-tl:off");
        Assert.That(code, Is.Zero, output);
    }

    /// <summary>The volume of a system with some of them.</summary>
    public string Compose(params string[] mutants) => Compose(isBustling: false, mutants);

    /// <summary>The same, or the one with workers that keep all services busy.</summary>
    public string Compose(bool isBustling, params string[] mutants)
    {
        string programs = _folder.PathOf(string.Join('-', mutants));
        Directory.CreateDirectory(programs);
        lock (EmptyDirectory.Tree)
        {
            CopyPrograms(programs, mutants);
        }

        string volume = programs + ".img";
        string program = Repository.PathOf("Eros.Domains/Image/bin/Release/net10.0/Eros.Domains.Image.dll");
        string[] arguments = [program, "--programs", programs, "--out", volume];
        (int code, string output) = _folder.Run("dotnet", isBustling ? [.. arguments, "--bustling"] : arguments);
        Assert.That(code, Is.Zero, output);
        return volume;
    }

    public void Dispose() => _folder.Dispose();

    private void CopyPrograms(string target, string[] mutants)
    {
        foreach (string image in Directory.GetFiles(Repository.PathOf("artifacts/domains"), "*.elf"))
        {
            string name = Path.GetFileNameWithoutExtension(image);
            string mutant = mutants.SingleOrDefault(mutant => _originals[mutant] == name) ?? name;
            string chosen = Path.Combine(Path.GetDirectoryName(image)!, mutant + ".elf");
            File.Copy(chosen, Path.Combine(target, name + ".elf"));
        }
    }
}
