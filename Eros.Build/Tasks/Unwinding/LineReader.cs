// LineReader: which source line each piece of code comes from, from .debug_line (DWARF 4, section 6.2).

using System;
using System.Collections.Generic;

namespace Eros.Build.Tasks.Unwinding;

/// <summary>From this address to the next row's the code is of this line.</summary>
internal readonly record struct LineRow(ulong Address, string File, int Line);

internal ref struct LineReader
{
    private const byte ExtendedOpcode = 0;
    private const byte EndSequence = 1;
    private const byte SetAddress = 2;
    private const byte Copy = 1;
    private const byte AdvancePc = 2;
    private const byte AdvanceLine = 3;
    private const byte SetFile = 4;
    private const byte ConstAddPc = 8;
    private const byte FixedAdvancePc = 9;

    // Lines that the compiler has no source for.
    private const int NoLine = 0xF00F00;

    // What the root of the tree is called in symbols: by the SDK in a git checkout, else by our PathMap.
    private static readonly string[] _mappedRoots = ["/_/", "/eros/"];

    private readonly List<LineRow> _rows;
    private readonly List<string> _files = [];
    private ByteReader _reader;
    private byte[] _argumentCounts = [];
    private sbyte _lineBase;
    private byte _lineRange;
    private ulong _address;
    private int _file;
    private int _line;

    private LineReader(ReadOnlySpan<byte> bytes, List<LineRow> rows)
    {
        _reader = new ByteReader(bytes, 0);
        _rows = rows;
    }

    /// <summary>All rows, by address; files are paths below the root of the tree where they are in it.</summary>
    internal static List<LineRow> Read(ElfFile elf)
    {
        List<LineRow> rows = [];
        LineReader reader = new(elf.Contents(elf.Section(".debug_line")), rows);
        while (!reader._reader.IsAtEnd)
        {
            reader.ReadUnit();
        }

        rows.Sort((left, right) => left.Address.CompareTo(right.Address));
        return rows;
    }

    private void ReadUnit()
    {
        int end = _reader.I32() + _reader.At;
        _reader.U16();
        int program = _reader.I32() + _reader.At;
        _reader.U8();
        _reader.U8();
        _reader.U8();
        _lineBase = (sbyte)_reader.U8();
        _lineRange = _reader.U8();
        _argumentCounts = new byte[_reader.U8()];
        for (int opcode = 1; opcode < _argumentCounts.Length; opcode++)
        {
            _argumentCounts[opcode] = _reader.U8();
        }

        ReadFiles();
        _reader.At = program;
        Begin();
        while (_reader.At < end)
        {
            Step(_reader.U8());
        }
    }

    private void ReadFiles()
    {
        List<string> folders = [string.Empty];
        while (_reader.Text() is { Length: > 0 } folder)
        {
            folders.Add(folder);
        }

        _files.Clear();
        _files.Add(string.Empty);
        while (_reader.Text() is { Length: > 0 } file)
        {
            string folder = folders[(int)_reader.Unsigned()];
            _reader.Unsigned();
            _reader.Unsigned();
            string path = folder.Length == 0 ? file : folder + "/" + file;
            string? root = Array.Find(_mappedRoots, start => path.StartsWith(start, StringComparison.Ordinal));
            _files.Add(root is null ? path : path[root.Length..]);
        }
    }

    private void Begin()
    {
        _address = 0;
        _file = 1;
        _line = 1;
    }

    private void Step(byte opcode)
    {
        if (opcode >= _argumentCounts.Length)
        {
            int adjusted = opcode - _argumentCounts.Length;
            _address += (ulong)(adjusted / _lineRange);
            _line += _lineBase + (adjusted % _lineRange);
            Emit();
            return;
        }

        switch (opcode)
        {
            case ExtendedOpcode:
                StepExtended();
                break;
            case Copy:
                Emit();
                break;
            case AdvancePc:
                _address += _reader.Unsigned();
                break;
            case AdvanceLine:
                _line += (int)_reader.Signed();
                break;
            case SetFile:
                _file = (int)_reader.Unsigned();
                break;
            case ConstAddPc:
                _address += (ulong)((255 - _argumentCounts.Length) / _lineRange);
                break;
            case FixedAdvancePc:
                _address += _reader.U16();
                break;
            default:
                for (int left = _argumentCounts[opcode]; left > 0; left--)
                {
                    _reader.Unsigned();
                }

                break;
        }
    }

    private void StepExtended()
    {
        int length = (int)_reader.Unsigned();
        int next = _reader.At + length;
        switch (_reader.U8())
        {
            case EndSequence:
                Begin();
                break;
            case SetAddress:
                _address = _reader.U64();
                break;
        }

        _reader.At = next;
    }

    private readonly void Emit()
    {
        if (_line is > 0 and < NoLine)
        {
            _rows.Add(new LineRow(_address, _files[_file], _line));
        }
    }
}
