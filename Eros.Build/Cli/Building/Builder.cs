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

    /// <summary>What a build makes.</summary>
    /// <param name="Name">What its stamp is called after.</param>
    /// <param name="Project">What MSBuild is given.</param>
    /// <param name="Without">Folders of the root that it does not read.</param>
    /// <param name="Products">Its files.</param>
    private sealed record Goal(string Name, string Project, string[] Without, string[] Products);

    /// <summary>Kernel, pristine volume and ISO.</summary>
    internal void BuildImages() => Build(ImagesAlone);

    /// <summary>The kernel that measures its disk.</summary>
    internal void BuildMeasured() => Build(new(
        "measured",
        "Eros.Hal/MeasuredImage/Eros.Hal.MeasuredImage.csproj",
        ["Eros.Tests", "Eros.Domains", "docs"],
        [_tree.MeasuredKernel]));

    /// <summary>The same and the tests.</summary>
    internal void BuildAll()
    {
        string tests = Path.Combine(_tree.Root, "Eros.Tests", "bin", Configuration, "net10.0", "Eros.Tests.dll");

        // So `run`, which looks at the images alone, knows afterwards that they are up to date.
        Build(new("all", "Eros.sln", [], [.. Images, tests]), ImagesAlone);
    }

    private Goal ImagesAlone =>
        new("images", "Eros.Build/Iso/Eros.Build.Iso.csproj", ["Eros.Tests", "docs"], Images);

    private string[] Images => [_tree.Kernel, _tree.Pristine, _tree.Bustling, _tree.Iso];

    /// <summary>Reaches a goal, unless its stamp says that it is reached.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="parts">What is made on the way.</param>
    private void Build(Goal goal, params Goal[] parts)
    {
        Directory.CreateDirectory(_tree.Artifacts);
        using BuildLock turn = BuildLock.Take(
            Path.Combine(_tree.Artifacts, ".building"),
            () => _screen.Note("another eros command is building; waiting for it"));
        string sources = SourcesOf(goal);
        if (StampOf(goal).IsOf(sources))
        {
            return;
        }

        string[] sourcesOfParts = [.. parts.Select(SourcesOf)];
        _screen.Step($"building {goal.Name}", progress => Run(goal.Project, progress));
        if (goal.Products.FirstOrDefault(product => !File.Exists(product)) is { } missing)
        {
            throw new UserError($"The build succeeded without making {missing}. Is it part of {goal.Project}?");
        }

        StampOf(goal).Write(sources);
        for (int i = 0; i < parts.Length; i++)
        {
            StampOf(parts[i]).Write(sourcesOfParts[i]);
        }
    }

    private string SourcesOf(Goal goal) => SourceFingerprint.OfSources(_tree.Root, goal.Without);

    private BuildStamp StampOf(Goal goal) => new(Path.Combine(_tree.Artifacts, $".built-{goal.Name}"), goal.Products);

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
