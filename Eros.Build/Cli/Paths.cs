using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;

namespace Eros.Build.Cli;

/// <summary>Checks of paths that commands are given, to be made before any work is done.</summary>
internal static class Paths
{
    // struct statx, the same for all processors: man 2 statx.
    private const int StatusBytes = 256;
    private const int ModeAt = 28;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int RelativeToHere = -100;
    private const uint WantedType = 1;

    /// <summary>Gives back the path of a file that is to be read; null stays null.</summary>
    /// <exception cref="UserError">There is no such file.</exception>
    internal static string? Existing(string? path, string option) => path == null || File.Exists(path)
        ? path
        : throw new UserError(Directory.Exists(path)
            ? $"{path} is a directory; {option} takes a file."
            : $"{path} does not exist. Name another file with {option}, or leave it out.");

    /// <summary>Gives back the path of a file that is to be written; null stays null.</summary>
    /// <exception cref="UserError">Its folder is not there, or it is a folder itself.</exception>
    internal static string? Writable(string? path, string option)
    {
        if (path == null)
        {
            return null;
        }

        if (Directory.Exists(path))
        {
            throw new UserError($"{path} is a directory; {option} takes a file.");
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder)
            ? path
            : throw new UserError($"{path}: there is no folder {folder}. Make it, or name another file with {option}.");
    }

    /// <summary>Whether there is a file that holds bytes of its own: no device, and no pipe, which may never be done
    /// with opening. Only Linux tells.</summary>
    internal static bool IsRegularFile(string path)
    {
        if (!File.Exists(path) || !OperatingSystem.IsLinux())
        {
            return File.Exists(path);
        }

        byte[] status = new byte[StatusBytes];
        return Status(RelativeToHere, path, flags: 0, WantedType, status) == 0
            && (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeAt)) & TypeMask) == RegularType;
    }

    /// <summary>The absolute path without symbolic links, as far as it exists.</summary>
    internal static string Real(string path)
    {
        string full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder)
        {
            return full;
        }

        string name = Path.Combine(Real(folder), Path.GetFileName(full));
        return (File.Exists(name) || Directory.Exists(name))
            && File.ResolveLinkTarget(name, returnFinalTarget: true) is { } target ? Real(target.FullName) : name;
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Status(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, [Out] byte[] status);
}
