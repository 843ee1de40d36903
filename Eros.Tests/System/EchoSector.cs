// EchoSector: the smallest machine that the harness can talk to, a boot sector. It writes itself to sector 1 of its
// disk, 'k' to the debug port and '!' to COM1, and then marks and sends back whatever is typed at COM1.

using System;
using System.IO;

namespace Eros.Tests.SystemTests;

internal static class EchoSector
{
    private static readonly byte[] _code =
    [
        0x31, 0xC0, 0x8E, 0xC0,             // es = 0
        0xBB, 0x00, 0x7C,                   // bx = 7C00h, where the BIOS put this sector
        0xB9, 0x02, 0x00, 0xB6, 0x00,       // cylinder 0, sector 2, head 0; dl is the boot drive
        0xB8, 0x01, 0x03, 0xCD, 0x13,       // BIOS: write one sector
        0xB0, 0x6B, 0xE6, 0xE9,             // 'k' to port E9h
        0xBA, 0xF8, 0x03, 0xB0, 0x21, 0xEE, // '!' to COM1
        0xBA, 0xFD, 0x03, 0xEC,             // again: read the line status
        0xA8, 0x01, 0x74, 0xF8,             // nothing received: again
        0xBA, 0xF8, 0x03, 0xEC,             // read what came
        0xE6, 0xE9, 0xEE,                   // mark it, send it back
        0xEB, 0xEF,                         // again
    ];

    /// <summary>Bytes of the disk: less than a cylinder, and the BIOS would not read it.</summary>
    private const int DiskBytes = 4 << 20;

    /// <summary>Makes a disk at <paramref name="path"/> that starts with the sector.</summary>
    /// <returns>The sector.</returns>
    public static byte[] WriteTo(string path)
    {
        byte[] sector = new byte[512];
        _code.CopyTo(sector, 0);
        sector[510] = 0x55;
        sector[511] = 0xAA;
        using FileStream disk = File.Create(path);
        disk.Write(sector);
        disk.SetLength(DiskBytes);
        return sector;
    }
}
