using System;
using System.Diagnostics;
using System.IO;
using Eros.Tests.Hygiene;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>A copy of the source tree, built as the tree is, and gone with its test.</summary>
internal sealed class ScratchTree : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <exception cref="InvalidOperationException">An edit no longer applies.</exception>
    public ScratchTree(params SourceEdit[] edits)
    {
        foreach (string file in SourceTree.All)
        {
            string target = PathOf(file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Repository.PathOf(file), target);
        }

        foreach (SourceEdit edit in edits)
        {
            string path = PathOf(edit.File);
            File.WriteAllText(path, edit.ApplyTo(File.ReadAllText(path)));
        }
    }

    /// <summary>The absolute path of a file of the copy.</summary>
    public string PathOf(string relative) => _folder.File(relative);

    /// <summary>Builds a project of the copy; the test fails if that does.</summary>
    public void Build(string project)
    {
        // A mutant may be larger than the budget.
        (int code, string output) = BuildProcess.Run(new ProcessStartInfo(
            "dotnet", ["build", project, "-c", "Release", "-v", "quiet", "-nologo", "-p:ErosBudget="])
        {
            WorkingDirectory = _folder.Path,
        });
        Assert.That(code, Is.Zero, output);
    }

    public void Dispose() => _folder.Dispose();
}
