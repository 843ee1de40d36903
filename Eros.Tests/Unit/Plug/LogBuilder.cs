using System.Collections.Generic;
using System.IO;
using System.Text;
using Eros.Build.Plug;

namespace Eros.Tests.Unit.Plug;

/// <summary>Writes dm-log-writes files of version 1 with sectors of 512 bytes.</summary>
internal sealed class LogBuilder
{
    private const int SectorBytes = 512;

    private readonly MemoryStream _bytes = new();

    internal LogBuilder() => Sector(0x6A736677736872, 1, 0, SectorBytes);

    internal LogBuilder Write(ulong sector, int sectors, bool forced = false, byte fill = 1)
    {
        Sector(sector, (ulong)sectors, forced ? 2UL : 0, 0);
        byte[] data = new byte[sectors * SectorBytes];
        System.Array.Fill(data, fill);
        _bytes.Write(data);
        return this;
    }

    internal LogBuilder Flush() => Sector(0, 0, 1, 0);

    internal LogBuilder Discard(ulong sector, int sectors) => Sector(sector, (ulong)sectors, 4, 0);

    internal LogBuilder Gap() => Sector(0, 0, 0, 0);

    internal LogBuilder Mark(string text)
    {
        Sector(0, 0, 8, (ulong)text.Length);
        byte[] data = new byte[SectorBytes];
        Encoding.ASCII.GetBytes(text, data);
        _bytes.Write(data);
        return this;
    }

    internal byte[] Bytes() => _bytes.ToArray();

    internal IReadOnlyList<WriteLogEntry> Read() => WriteLog.Read(new MemoryStream(Bytes()));

    private LogBuilder Sector(ulong first, ulong second, ulong third, ulong fourth)
    {
        using var sector = new MemoryStream(new byte[SectorBytes]);
        using var writer = new BinaryWriter(sector);
        writer.Write(first);
        writer.Write(second);
        writer.Write(third);
        writer.Write(fourth);
        _bytes.Write(sector.ToArray());
        return this;
    }
}
