// Builder: runs MSBuild when the sources changed since it last succeeded, and only then.
//
// Invariants: a stamp says "built" only of sources that were read before the build began; two commands never build at
// once.

using System;
using System.IO;
using System.Linq;

namespace Eros.Build.Cli.Building;

/// <summary>Brings what the commands need up to date.</summary>
internal sealed class Builder
{
    /// <summary>Release for everything that the command builds; the kernel is the same in Debug.</summary>
    internal const string Configuration = "Release";

    private readonly Tree _tree;
    private readonly Screen _screen;

    internal Builder(Tree tree, Screen screen)
    {
        _tree = tree;
        _screen = screen;
    }

    /// <summary>Kernel, pristine volume and ISO.</summary>
    internal void BuildImages() =>
        Build("images", "Eros.Build/Iso/Eros.Build.Iso.csproj", ["Eros.Tests", "docs"], Images);

    /// <summary>The same and the tests.</summary>
    internal void BuildAll()
    {
        string tests = Path.Combine(_tree.Root, "Eros.Tests", "bin", Configuration, "net10.0", "Eros.Tests.dll");
        Build("all", "Eros.sln", [], [.. Images, tests]);

        // Has nothing left to make; but `run`, which looks at the images alone, then knows that they are up to date.
        BuildImages();
    }

    private string[] Images => [_tree.Kernel, _tree.Pristine, _tree.Bustling, _tree.Iso];

    private void Build(string what, string project, string[] without, string[] products)
    {
        Directory.CreateDirectory(_tree.Artifacts);
        using BuildLock turn = BuildLock.Take(
            Path.Combine(_tree.Artifacts, ".building"),
            () => _screen.Note("another eros command is building; waiting for it"));
        BuildStamp stamp = new(Path.Combine(_tree.Artifacts, $".built-{what}"), products);
        string sources = SourceFingerprint.OfSources(_tree.Root, without);
        if (stamp.IsOf(sources))
        {
            return;
        }

        _screen.Step($"building {what}", progress => Run(project, progress));
        if (products.FirstOrDefault(product => !File.Exists(product)) is { } missing)
        {
            throw new UserError($"The build succeeded without making {missing}. Is it part of {project}?");
        }

        stamp.Write(sources);
    }

    private bool Run(string project, Action<string> progress)
    {
        ChildResult result = Child.Run(
            _tree.Root,
            line => Report(line, progress),
            "dotnet",
            ["msbuild", project, "-restore", $"-p:Configuration={Configuration}", "-nologo", "-v:minimal", "-tl:off"]);
        return result.ExitCode == 0 ? true : throw new UserError($"The build failed.\n{ErrorsOf(result.Output)}");
    }

    /// <summary>Of MSBuild's lines, "Project -> file" says how far it is; the rest is the build steps' own.</summary>
    private static void Report(string line, Action<string> progress)
    {
        string text = line.Trim();
        int arrow = text.IndexOf(" -> ", StringComparison.Ordinal);
        if (text.Length > 0)
        {
            progress(arrow < 0 ? text : text[..arrow]);
        }
    }

    private static string ErrorsOf(string output)
    {
        string[] errors =
            [.. output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct()];
        return errors.Length == 0 ? output : string.Join('\n', errors);
    }
}
