using System;
using System.IO;

namespace Eros.Build.Cli;

/// <summary>A folder for one command, gone with it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("eros-").FullName;

    /// <summary>The path of <paramref name="name"/> in it.</summary>
    internal string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
