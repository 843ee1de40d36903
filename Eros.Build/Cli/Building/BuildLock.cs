using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Eros.Build.Cli.Building;

/// <summary>Held by the one command that builds; the others wait. The kernel lets go of it when its holder
/// dies.</summary>
internal sealed class BuildLock : IDisposable
{
    private const int Exclusive = 2;
    private const int DoNotWait = 4;

    private readonly FileStream _file;

    private BuildLock(FileStream file) => _file = file;

    /// <summary>Waits for its turn; calls <paramref name="busy"/> once if there is something to wait for.</summary>
    internal static BuildLock Take(string path, Action busy)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        int handle = (int)file.SafeFileHandle.DangerousGetHandle();
        if (Lock(handle, Exclusive | DoNotWait) != 0)
        {
            busy();
            _ = Lock(handle, Exclusive);
        }

        return new BuildLock(file);
    }

    public void Dispose() => _file.Dispose();

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static extern int Lock(int file, int operation);
}
