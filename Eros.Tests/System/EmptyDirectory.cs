using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;

namespace Eros.Tests.SystemTests;

/// <summary>A directory outside the source tree, with projects in it that build upon the tree.</summary>
internal sealed class EmptyDirectory : IDisposable
{
    private static readonly string _images = Repository.PathOf("artifacts/domains");

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _made = [];

    /// <summary>Held by who builds upon the tree, or goes through the programs in its artifacts: tests that run at the
    /// same time have one tree.</summary>
    public static Lock Tree { get; } = new();

    /// <summary>The absolute path of a file in it.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Writes a file, and makes the directories above it.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>Runs a program here; the environment says where the tree is, and which of its builds is there
    /// already. Others with the same intention wait.</summary>
    public (int Code, string Output) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = _folder.Path,
            Environment = { ["EROS"] = Repository.Root, ["Configuration"] = "Release" },
        };
        lock (Tree)
        {
            string[] before = Directory.GetFiles(_images);
            (int, string) end = BuildProcess.Run(start);
            _made.AddRange(Directory.GetFiles(_images).Except(before));
            return end;
        }
    }

    /// <summary>Also takes away what its builds have left in the tree's artifacts.</summary>
    public void Dispose()
    {
        _folder.Dispose();
        lock (Tree)
        {
            _made.ForEach(File.Delete);
        }
    }
}
