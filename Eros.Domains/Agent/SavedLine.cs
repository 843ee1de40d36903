// SavedLine: the line that is being typed, and the newest that were entered, as they stand in a page that is durable
// ahead of the next checkpoint. After a power cut the agent is as it was at the last checkpoint, and the page is newer:
// it says what was typed since.
//
//   0 writings u64: the page with more of them is the newer one
//   8 lines entered u64
//  16 cursor u16 | 18 length u16 | 20 the line that is being typed, UTF-16
//  2048 entered lines, newest first: length u16, UTF-16; a length of 0 ends them
//
// Numbers are little-endian.

using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;

namespace Eros.Domains.Agent;

public sealed class SavedLine
{
    /// <summary>Bytes at the page's beginning by which <see cref="IsOlderThan"/> knows it.</summary>
    public const int StampBytes = sizeof(ulong);

    private const int EnteredAt = 8;
    private const int CursorAt = 16;
    private const int LengthAt = 18;
    private const int LineAt = 20;
    private const int LinesAt = 2048;
    private const int LengthBytes = 2;

    private readonly byte[] _page = new byte[MappedPage.SizeInBytes];
    private ulong _writings;
    private ulong _entered;

    /// <summary>A line has been entered. The oldest go where there is no room for all.</summary>
    public void Enter(string line)
    {
        int bytes = LengthBytes + (line.Length * sizeof(char));
        if (line.Length == 0 || bytes > _page.Length - LinesAt - LengthBytes)
        {
            return;
        }

        _entered++;
        Span<byte> lines = _page.AsSpan(LinesAt);
        lines[..^bytes].CopyTo(lines[bytes..]);
        BinaryPrimitives.WriteUInt16LittleEndian(lines, (ushort)line.Length);
        MemoryMarshal.AsBytes(line.AsSpan()).CopyTo(lines[LengthBytes..]);

        // What was cut off at the end goes as a whole.
        int end = 0;
        for (int next = Next(lines, 0); next > 0; next = Next(lines, next))
        {
            end = next;
        }

        lines[end..].Clear();
    }

    /// <summary>The page as it is to be now.</summary>
    public ReadOnlySpan<byte> Write(LineBuffer buffer)
    {
        _writings++;
        Span<byte> page = _page;
        BinaryPrimitives.WriteUInt64LittleEndian(page, _writings);
        BinaryPrimitives.WriteUInt64LittleEndian(page[EnteredAt..], _entered);
        BinaryPrimitives.WriteUInt16LittleEndian(page[CursorAt..], (ushort)buffer.Cursor);
        BinaryPrimitives.WriteUInt16LittleEndian(page[LengthAt..], (ushort)buffer.Length);
        MemoryMarshal.AsBytes(buffer.Text).CopyTo(page[LineAt..]);
        return page;
    }

    /// <summary>True when the page has been written since this was.</summary>
    public bool IsOlderThan(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt64LittleEndian(page) > _writings;

    /// <summary>
    /// Takes over a page that is newer than this: the buffer then has its line, and in its history what was entered
    /// since. False: it is not, or no page of this kind.
    /// </summary>
    public bool TryRecall(ReadOnlySpan<byte> page, LineBuffer buffer)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(page[LengthAt..]);
        int cursor = BinaryPrimitives.ReadUInt16LittleEndian(page[CursorAt..]);
        if (!IsOlderThan(page) || length > LineBuffer.MaxLength || cursor > length)
        {
            return false;
        }

        ulong total = BinaryPrimitives.ReadUInt64LittleEndian(page[EnteredAt..]);
        int entered = (int)Math.Min(total - _entered, LinesAt);
        page.CopyTo(_page);
        _writings = BinaryPrimitives.ReadUInt64LittleEndian(page);
        _entered = total;
        Remember(page[LinesAt..], 0, entered, buffer);
        buffer.Restore(MemoryMarshal.Cast<byte, char>(page.Slice(LineAt, length * sizeof(char))), cursor);
        return true;
    }

    // The oldest first.
    private static void Remember(ReadOnlySpan<byte> lines, int at, int count, LineBuffer buffer)
    {
        int next = Next(lines, at);
        if (count > 0 && next > 0)
        {
            Remember(lines, next, count - 1, buffer);
            buffer.Remember(new string(MemoryMarshal.Cast<byte, char>(lines[(at + LengthBytes)..next])));
        }
    }

    /// <summary>Where the entry after the one at <paramref name="at"/> begins; 0 when there is none there.</summary>
    private static int Next(ReadOnlySpan<byte> lines, int at)
    {
        int length = lines.Length - at < LengthBytes ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(lines[at..]);
        int next = at + LengthBytes + (length * sizeof(char));
        return length == 0 || next > lines.Length ? 0 : next;
    }
}
