// TablesWriter: makes an image's tables, for its own unwinder and for debuggers, from the image as it is linked without
// them. The format is told in Eros.Domains/Runtime/Unwinding/ProgramTables.cs.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Eros.Build.Tasks.Unwinding;

internal sealed class TablesWriter
{
    private const uint Magic = 0x31425445;
    private const int HeaderWords = 16;
    private const int ClauseWords = 6;
    private const ushort NoShape = 0xFFFF;
    private const uint HiddenBit = 0x8000_0000;
    private const string MethodTablePrefix = "_ZTV";

    private readonly ElfFile _elf;
    private readonly List<FunctionFrame> _functions;
    private readonly int[] _roots;
    private readonly ulong _base;
    private readonly StringTable _strings = new();

    private TablesWriter(ElfFile elf)
    {
        _elf = elf;
        _functions = WithGaps(FrameReader.Read(elf));
        _roots = RootsOf(new ClauseReader(elf), _functions);
        _base = elf.Section(".text").Address;
    }

    /// <summary>The tables of a linked image.</summary>
    internal static byte[] Make(ElfFile elf, IEnumerable<string> assemblies)
    {
        using MethodNames names = new(assemblies);
        return new TablesWriter(elf).Write(names, LineReader.Read(elf));
    }

    // Between two functions there may be code that has no description: X#, stubs.
    private static List<FunctionFrame> WithGaps(List<FunctionFrame> described)
    {
        List<FunctionFrame> all = [];
        foreach (FunctionFrame function in described)
        {
            if (all.Count > 0 && function.Start - all[^1].End >= 16)
            {
                all.Add(new FunctionFrame(all[^1].End, function.Start, -1, default));
            }

            all.Add(function);
        }

        all.Add(new FunctionFrame(all[^1].End, all[^1].End, -1, default));
        return all;
    }

    private byte[] Write(MethodNames names, List<LineRow> lines)
    {
        List<FrameShape> shapes = [.. _functions.Where(f => f.Clauses >= 0).Select(f => f.Shape).Distinct()];
        byte[] starts = Words(_functions.Select(f => Place(f.Start)));
        byte[] numbers = [.. _functions.SelectMany(f => BitConverter.GetBytes(
            f.Clauses < 0 ? NoShape : (ushort)shapes.IndexOf(f.Shape)))];
        (byte[] handlers, byte[] clauses) = WriteHandlers();
        byte[] lineBytes = WriteLines(lines, out List<uint> lineStarts);
        byte[] methods = WriteMethods(names, lineStarts);
        byte[] types = WriteTypes(names);
        return Join(
            [Magic, 0, (uint)_functions.Count, (uint)_base],
            starts,
            numbers,
            [.. shapes.SelectMany(ShapeBytes)],
            handlers,
            clauses,
            methods,
            types,
            lineBytes,
            _strings.Bytes());
    }

    private static byte[] Join(List<uint> header, params byte[][] parts)
    {
        using MemoryStream all = new();
        all.SetLength(HeaderWords * sizeof(uint));
        all.Position = all.Length;
        foreach (byte[] part in parts)
        {
            header.Add((uint)all.Position);
            all.Write(part);
            all.Write(new byte[-all.Position & 3]);
        }

        header[1] = (uint)all.Position;
        all.Position = 0;
        all.Write(Words(header));
        return all.ToArray();
    }

    private static byte[] ShapeBytes(FrameShape shape) =>
    [
        .. BitConverter.GetBytes(shape.Bytes),
        (byte)(shape.IsFromRbp ? 1 : 0),
        .. shape.Saved.Select(words => (byte)words),
        0,
    ];

    private (byte[] Handlers, byte[] Clauses) WriteHandlers()
    {
        ClauseReader reader = new(_elf);
        List<uint> handlers = [];
        List<uint> rows = [];
        Dictionary<int, (uint First, uint Count)> written = [];
        for (int index = 0; index < _functions.Count; index++)
        {
            int root = _roots[index];
            if (root < 0)
            {
                continue;
            }

            if (!written.TryGetValue(root, out (uint First, uint Count) range))
            {
                List<Clause> clauses = reader.Read(_functions[root].Clauses, _functions[root].Start);
                range = ((uint)rows.Count / ClauseWords, (uint)clauses.Count);
                written.Add(root, range);
                rows.AddRange(clauses.SelectMany((clause, at) => ClauseRow(clause, NextTry(clauses, at))));
            }

            if (range.Count != 0)
            {
                handlers.AddRange([(uint)index, (uint)root, range.First, range.Count]);
            }
        }

        return (Words(handlers), Words(rows));
    }

    // The function that each piece of code belongs to: a funclet, which lies behind it, to the one before; -1: none.
    private static int[] RootsOf(ClauseReader reader, List<FunctionFrame> functions)
    {
        int[] roots = new int[functions.Count];
        int last = -1;
        for (int index = 0; index < roots.Length; index++)
        {
            int description = functions[index].Clauses;
            last = description >= 0 && reader.FunctionOf(description) == description ? index : last;
            roots[index] = description < 0 ? -1 : last;
            if (description >= 0 && reader.FunctionOf(description) != functions[last].Clauses)
            {
                string text = $"the handler at {functions[index].Start:x} is not of the function before";
                throw new BuildFailure(new Problem("EROS0013", text, "unwinding"));
            }
        }

        return roots;
    }

    private uint[] ClauseRow(Clause clause, uint nextTry) =>
    [
        Place(clause.Start),
        Place(clause.End),
        Place(clause.Handler),
        Place(clause.Filter),
        Place(clause.Type),
        nextTry,
    ];

    private static uint NextTry(List<Clause> clauses, int at)
    {
        int next = at + 1;
        while (next < clauses.Count && clauses[next].IsOfSameTry)
        {
            next++;
        }

        return (uint)next;
    }

    private byte[] WriteMethods(MethodNames names, List<uint> lineStarts)
    {
        ILookup<ulong, string> symbols = _elf.Symbols
            .Where(symbol => symbol.IsFunction)
            .ToLookup(symbol => symbol.Value, symbol => symbol.Name);
        List<uint> rows = [];
        for (int index = 0; index < _functions.Count; index++)
        {
            ulong start = _functions[_roots[index] < 0 ? index : _roots[index]].Start;
            (string Type, string Method)? name = symbols[start].Select(names.Find).FirstOrDefault(n => n is not null);
            bool isHidden = name is { } found && names.IsHidden(found);
            rows.Add(_strings.Add(name?.Type ?? string.Empty));
            rows.Add(_strings.Add(name?.Method ?? symbols[start].FirstOrDefault() ?? string.Empty)
                | (isHidden ? HiddenBit : 0));
            rows.Add(lineStarts[index]);
        }

        return Words(rows);
    }

    private byte[] WriteTypes(MethodNames names)
    {
        List<uint> rows = [];
        foreach (ElfSymbol symbol in _elf.Symbols
            .Where(symbol => symbol.Name.StartsWith(MethodTablePrefix, StringComparison.Ordinal))
            .DistinctBy(symbol => symbol.Value)
            .OrderBy(symbol => symbol.Value))
        {
            string mangled = symbol.Name[MethodTablePrefix.Length..].TrimStart("0123456789".ToCharArray());
            if (names.FindType(mangled) is { } name)
            {
                rows.AddRange([Place(symbol.Value), _strings.Add(name)]);
            }
        }

        return Words(rows);
    }

    // For each function: file, count of rows, then rows of bytes since the last and lines since the last.
    private byte[] WriteLines(List<LineRow> lines, out List<uint> starts)
    {
        using MemoryStream bytes = new();
        bytes.WriteByte(0);
        starts = [];
        foreach (FunctionFrame function in _functions)
        {
            LineRow[] rows = RowsOf(lines, function);
            starts.Add(rows.Length == 0 ? 0 : (uint)bytes.Position);
            if (rows.Length == 0)
            {
                continue;
            }

            WriteNumber(bytes, _strings.Add(rows[0].File));
            WriteNumber(bytes, (uint)rows.Length);
            ulong address = function.Start;
            int line = 0;
            foreach (LineRow row in rows)
            {
                WriteNumber(bytes, (uint)(row.Address - address));
                int change = row.Line - line;
                WriteNumber(bytes, (uint)((change << 1) ^ (change >> 31)));
                (address, line) = (row.Address, row.Line);
            }
        }

        return bytes.ToArray();
    }

    // A line that goes on is one row.
    private static LineRow[] RowsOf(List<LineRow> lines, FunctionFrame function)
    {
        List<LineRow> rows = [];
        int first = lines.FindIndex(row => row.Address >= function.Start);
        for (int i = first; i >= 0 && i < lines.Count && lines[i].Address < function.End; i++)
        {
            if (rows.Count == 0 || (lines[i].File == rows[0].File && lines[i].Line != rows[^1].Line))
            {
                rows.Add(lines[i]);
            }
        }

        return [.. rows];
    }

    private static void WriteNumber(Stream bytes, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.WriteByte((byte)(value | 0x80));
        }

        bytes.WriteByte((byte)value);
    }

    private uint Place(ulong address) => address == 0 ? 0 : (uint)(address - _base);

    private static byte[] Words(IEnumerable<uint> words) => [.. words.SelectMany(BitConverter.GetBytes)];

    private sealed class StringTable
    {
        private readonly MemoryStream _text = new();
        private readonly Dictionary<string, uint> _places = new(StringComparer.Ordinal) { [string.Empty] = 0 };

        internal StringTable() => _text.WriteByte(0);

        internal uint Add(string text)
        {
            if (!_places.TryGetValue(text, out uint place))
            {
                place = (uint)_text.Length;
                _places.Add(text, place);
                _text.Write(Encoding.UTF8.GetBytes(text + '\0'));
            }

            return place;
        }

        internal byte[] Bytes() => _text.ToArray();
    }
}
