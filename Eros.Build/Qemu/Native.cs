using System.Runtime.InteropServices;

namespace Eros.Build.Qemu;

/// <summary>What Linux has and .NET does not wrap: named pipes of a chosen capacity. All return -1 on
/// failure.</summary>
internal static class Native
{
    /// <summary>fcntl: sets a pipe's capacity, bytes; no less than a page.</summary>
    internal const int SetPipeSize = 1031;

    /// <summary>ioctl: how many bytes can be read at once.</summary>
    internal const nuint BytesToRead = 0x541B;

    /// <summary>poll: there is something to read.</summary>
    internal const short Readable = 1;

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    internal static extern int MakeFifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static extern int Control(nint file, int command, nint argument);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static extern int DeviceControl(nint file, nuint request, out int value);

    /// <summary>Waits until one of <paramref name="count"/> files is ready or <paramref name="milliseconds"/> have
    /// passed.</summary>
    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static extern int Poll(ref PollRequest request, nuint count, int milliseconds);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollRequest
    {
        internal int File;
        internal short Wanted;
        internal short Ready;
    }
}
