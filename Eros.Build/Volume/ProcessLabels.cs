using System;
using System.Text;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>The labels of processes as text.</summary>
public static class ProcessLabels
{
    /// <summary>Empty when there is none.</summary>
    public static string Read(in ProcessLabel bytes)
    {
        ReadOnlySpan<byte> label = bytes;
        int length = label.IndexOf((byte)0);
        return Encoding.UTF8.GetString(length < 0 ? label : label[..length]);
    }

    /// <summary>Labels a process; what does not fit is left out.</summary>
    public static void Write(string text, ref ProcessLabel label)
    {
        Span<byte> bytes = label;
        bytes.Clear();
        Encoding.UTF8.GetEncoder().Convert(text, bytes, flush: true, out _, out _, out _);
    }
}
