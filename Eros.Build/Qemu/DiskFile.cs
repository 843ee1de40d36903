using System;
using System.IO;

namespace Eros.Build.Qemu;

/// <summary>Disk images as files of the host.</summary>
public static class DiskFile
{
    private const int CopyBytes = 1 << 20;

    /// <summary>Copies a file and leaves holes where it has a megabyte of zeros.</summary>
    public static void CopySparse(string from, string to)
    {
        using FileStream source = File.OpenRead(from);
        using FileStream copy = File.Create(to);
        byte[] buffer = new byte[CopyBytes];
        for (int count; (count = source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            Span<byte> piece = buffer.AsSpan(0, count);
            if (piece.ContainsAnyExcept((byte)0))
            {
                copy.Write(piece);
            }
            else
            {
                copy.Seek(count, SeekOrigin.Current);
            }
        }

        copy.SetLength(source.Length);
    }
}
