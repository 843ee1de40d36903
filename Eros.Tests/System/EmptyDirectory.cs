using System;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Eros.Tests.SystemTests;

/// <summary>A directory outside the source tree, with projects in it that build upon the tree.</summary>
internal sealed class EmptyDirectory : IDisposable
{
    private static readonly string _images = Repository.PathOf("artifacts/domains");

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _imagesBefore = Directory.GetFiles(_images);

    /// <summary>The absolute path of a file in it.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Writes a file, and makes the directories above it.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>Runs a program here; the environment says where the tree is, and which of its builds is there
    /// already.</summary>
    public (int Code, string Output) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            Environment = { ["EROS"] = Repository.Root, ["Configuration"] = "Release" },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Also takes away what the builds have left in the tree's artifacts.</summary>
    public void Dispose()
    {
        _folder.Dispose();
        foreach (string image in Directory.GetFiles(_images).Except(_imagesBefore))
        {
            File.Delete(image);
        }
    }
}
