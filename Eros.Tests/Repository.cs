using System;
using System.IO;

namespace Eros.Tests;

/// <summary>Where the tree is that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that Eros.sln and the `eros` command are in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The absolute path of <paramref name="relative"/>, which is written with forward slashes.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder != null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Directory.Packages.props")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the source tree.");
    }
}
