// SourceFingerprint: tells whether a build would do anything, in milliseconds, from names, sizes and times of files.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Eros.Build.Cli.Building;

/// <summary>Fingerprints of a tree's sources and of what was built from them.</summary>
internal static class SourceFingerprint
{
    private static readonly string[] _sourceEndings =
        [".cs", ".xs", ".csproj", ".props", ".targets", ".json", ".ld", ".txt", ".xml", ".md", ".sln", ".editorconfig"];

    private static readonly string[] _skippedFolders = ["bin", "obj", "artifacts", "machine"];

    /// <summary>A text that changes whenever a source file below <paramref name="root"/> comes, goes or is written,
    /// outside the folders <paramref name="without"/> of the root.</summary>
    internal static string OfSources(string root, params IReadOnlyCollection<string> without)
    {
        var lines = new List<string>();
        Collect(new DirectoryInfo(root), without, lines);
        lines.Sort(StringComparer.Ordinal);
        return Digest(lines);
    }

    /// <summary>A text that changes whenever one of <paramref name="files"/> comes, goes or is written.</summary>
    internal static string OfFiles(IEnumerable<string> files) =>
        Digest(files.Select(file => Describe(new FileInfo(file))));

    private static void Collect(DirectoryInfo folder, IReadOnlyCollection<string> without, List<string> lines)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is FileInfo file)
            {
                if (_sourceEndings.Contains(file.Extension))
                {
                    lines.Add(Describe(file));
                }
            }
            else if (!IsSkipped(entry.Name) && !without.Contains(entry.Name))
            {
                Collect((DirectoryInfo)entry, [], lines);
            }
        }
    }

    private static bool IsSkipped(string folder) => folder[0] == '.' || _skippedFolders.Contains(folder);

    private static string Digest(IEnumerable<string> lines) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

    private static string Describe(FileInfo file) =>
        file.Exists ? $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}" : $"{file.FullName} none";
}
