// DebianPackages: files of Debian packages that a race needs and that this machine has no use for: they are unpacked
// into a folder, not installed.
//
// Invariant: a package's folder has its name only when it is whole.

using System;
using System.IO;
using System.Linq;

namespace Eros.Build.Cli.Racing;

/// <summary>An unpacked package.</summary>
/// <param name="Name">The package's.</param>
/// <param name="Version">The package's.</param>
/// <param name="Folder">Where its files are, as they would be below /.</param>
internal sealed record DebianPackage(string Name, string Version, string Folder);

/// <summary>Fetches packages once.</summary>
/// <param name="screen">Is told what is fetched.</param>
/// <param name="folder">Where they are unpacked.</param>
internal sealed class DebianPackages(Screen screen, string folder)
{
    private const string Part = ".part";
    private const string VersionFile = "version";
    private const string Files = "files";

    private readonly Screen _screen = screen;
    private readonly string _folder = folder;

    /// <summary>The package that a package of packages, as linux-image-amd64, leads to today; one that was fetched
    /// before stays.</summary>
    /// <exception cref="UserError">It cannot be fetched.</exception>
    internal DebianPackage GetNewest(string package, string prefix)
    {
        string? kept = Directory.Exists(_folder)
            ? Directory.EnumerateDirectories(_folder, prefix + "*").FirstOrDefault(one => !one.EndsWith(Part))
            : null;
        return Get(kept != null ? Path.GetFileName(kept) : DependencyOf(package, prefix));
    }

    /// <summary>Fetches a package unless it was.</summary>
    /// <exception cref="UserError">It cannot be fetched.</exception>
    internal DebianPackage Get(string package)
    {
        string home = Path.Combine(_folder, package);
        if (!Directory.Exists(home))
        {
            Fetch(package, home);
        }

        string version = File.ReadAllText(Path.Combine(home, VersionFile));
        return new DebianPackage(package, version, Path.Combine(home, Files));
    }

    /// <summary>The first package with this prefix among what `apt-cache depends` prints.</summary>
    internal static string? DependencyIn(string output, string prefix) => output.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.StartsWith("Depends: " + prefix, StringComparison.Ordinal))
        .Select(line => line["Depends: ".Length..])
        .FirstOrDefault();

    private string DependencyOf(string package, string prefix) =>
        DependencyIn(Child.Run("/", _ => { }, "apt-cache", "depends", package).Output, prefix)
            ?? throw new UserError($"apt knows no {package}. As root: apt-get update. The race needs Debian's kernel.");

    private void Fetch(string package, string home)
    {
        string part = home + Part;
        if (Directory.Exists(part))
        {
            Directory.Delete(part, recursive: true);
        }

        Directory.CreateDirectory(part);
        Do(package, part, "apt-get", "download", "-q", package);
        string archive = Directory.EnumerateFiles(part, "*.deb").Single();
        Do(package, part, "dpkg-deb", "-x", archive, Files);
        File.WriteAllText(Path.Combine(part, VersionFile), VersionOf(Path.GetFileName(archive)));
        File.Delete(archive);
        Directory.Move(part, home);
    }

    /// <summary>The version in the name of an archive: NAME_VERSION_ARCHITECTURE.deb, its colon escaped.</summary>
    internal static string VersionOf(string archive) => Uri.UnescapeDataString(archive.Split('_')[1]);

    private void Do(string package, string folder, string program, params string[] arguments)
    {
        _screen.Note($"> {program} {string.Join(' ', arguments)}");
        if (Child.Run(folder, _screen.Note, program, arguments).ExitCode != 0)
        {
            throw new UserError($"The package {package} could not be fetched; the lines above say why. "
                + "If apt knows no such version, as root: apt-get update. Then the same again.");
        }
    }
}
