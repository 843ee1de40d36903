// ProgramTables: what an image knows of its own code: how to get from a frame to its caller's, who handles exceptions,
// and what everything is called. The build makes them (Eros.Build/Tasks/Unwinding) and puts them behind the program,
// where nothing but this reads them; a debugger reads those of another domain.
//
// All is little-endian; places are offsets from the image's base, but those of the header from the tables' start.
//
//   0 magic 'ETB1' | 4 bytes of all | 8 functions f | 12 base address | 16 starts | 20 shape numbers | 24 shapes
//   28 handlers | 32 clauses | 36 methods | 40 types | 44 lines | 48 strings
//
//   starts          f of u32: the first byte of each piece of code, ascending; the last begins behind all code
//   shape numbers   f of u16; 0xFFFF: no managed code
//   shapes          12 bytes: u32 size of the frame with its return address | u8 1: counted from RBP, 0: from RSP
//                   | 6 of u8: where RBX, RBP, R12 to R15 were saved, in words below the frame's end; 0: they were not
//   handlers        16 bytes for each function with clauses and for each of its funclets, ascending:
//                   u32 function | u32 the one that it is part of | u32 first clause | u32 clauses
//   clauses         24 bytes, innermost first: u32 start | u32 end | u32 handler | u32 filter or 0 | u32 type or 0
//                   | u32 how many clauses of the function have the same try as this one or come before
//   methods         12 bytes for each function: u32 type's name | u32 name, top bit: traces leave it out | u32 lines
//   types           8 bytes: u32 MethodTable, ascending | u32 name
//   lines           file's name, count, then for each row bytes since the last and lines since the last (zigzag); all
//                   as numbers of seven bits a byte. Place 0: no lines
//   strings         UTF-8 with a zero behind

using System;
using System.Runtime.InteropServices;

namespace Eros.Domains.Runtime.Unwinding;

/// <summary>The tables of one image, wherever its memory is.</summary>
public readonly ref struct ProgramTables
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 64;

    private const uint Magic = 0x31425445;
    private const ushort NoShape = 0xFFFF;
    private const uint HiddenBit = 0x8000_0000;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <param name="bytes">All of the tables: <see cref="SizeOf"/> tells how many.</param>
    public ProgramTables(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    private enum Part
    {
        Starts = 16,
        ShapeNumbers = 20,
        Shapes = 24,
        Handlers = 28,
        Clauses = 32,
        Methods = 36,
        Types = 40,
        Lines = 44,
        Strings = 48,
    }

    /// <summary>Where the image begins.</summary>
    public ulong Base => U32(12);

    private int FunctionCount => (int)U32(8);

    /// <summary>Bytes of the tables that begin so; 0: these are none.</summary>
    /// <param name="header">The first <see cref="HeaderBytes"/>.</param>
    public static int SizeOf(ReadOnlySpan<byte> header) =>
        MemoryMarshal.Read<uint>(header) == Magic ? (int)MemoryMarshal.Read<uint>(header[4..]) : 0;

    /// <summary>The function that an instruction is in; negative: no managed code.</summary>
    public int Find(ulong address)
    {
        uint place = (uint)(address - Base);
        int low = 0;
        int high = FunctionCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if (U32(Part.Starts, middle * 4) <= place)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return address < Base || U32(Part.Starts, low * 4) > place || ShapeNumber(low) == NoShape ? -1 : low;
    }

    /// <summary>The frame of a function's caller.</summary>
    /// <param name="function">What <see cref="Find"/> found for <paramref name="frame"/>.</param>
    /// <param name="frame">Becomes the caller's.</param>
    /// <param name="memory">Where the stack is.</param>
    /// <returns>False: the stack cannot be read there.</returns>
    public bool Unwind<TMemory>(int function, ref CodeFrame frame, TMemory memory)
        where TMemory : struct, IStackMemory
    {
        int shape = Start(Part.Shapes) + ShapeNumber(function) * 12;
        ulong end = (_bytes[shape + 4] == 0 ? frame.Rsp : frame.Rbp) + U32(shape);
        bool isRead = memory.TryRead(end - 8, ref frame.Rip);
        isRead &= Restore(shape + 5, end, ref frame.Rbx, memory);
        isRead &= Restore(shape + 6, end, ref frame.Rbp, memory);
        isRead &= Restore(shape + 7, end, ref frame.R12, memory);
        isRead &= Restore(shape + 8, end, ref frame.R13, memory);
        isRead &= Restore(shape + 9, end, ref frame.R14, memory);
        isRead &= Restore(shape + 10, end, ref frame.R15, memory);
        frame.Rsp = end;
        return isRead;
    }

    /// <summary>The clauses that a function's code may be protected by.</summary>
    internal ReadOnlySpan<HandlerClause> ClausesOf(int function)
    {
        ReadOnlySpan<HandlerRow> rows = Rows<HandlerRow>(Part.Handlers, Part.Clauses);
        int low = 0;
        int high = rows.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (rows[middle].Function < function)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < rows.Length && rows[low].Function == function
            ? Rows<HandlerClause>(Part.Clauses, Part.Methods).Slice(rows[low].First, rows[low].Count)
            : [];
    }

    /// <summary>True: a trace does not show the function.</summary>
    public bool IsHidden(int function) => (U32(Part.Methods, function * 12 + 4) & HiddenBit) != 0;

    /// <summary>The type that a function is of, UTF-8; empty: no source says.</summary>
    public ReadOnlySpan<byte> TypeOf(int function) => TextAt(U32(Part.Methods, function * 12));

    /// <summary>A function's name, UTF-8.</summary>
    public ReadOnlySpan<byte> NameOf(int function) => TextAt(U32(Part.Methods, function * 12 + 4) & ~HiddenBit);

    /// <summary>The name of an object's type, UTF-8; empty: not known.</summary>
    /// <param name="methodTable">The first word of an object.</param>
    public ReadOnlySpan<byte> TypeName(ulong methodTable)
    {
        uint place = (uint)(methodTable - Base);
        ReadOnlySpan<TypeRow> rows = Rows<TypeRow>(Part.Types, Part.Lines);
        foreach (ref readonly TypeRow row in rows)
        {
            if (row.Place == place)
            {
                return TextAt(row.Name);
            }
        }

        return [];
    }

    /// <summary>Which source line an instruction comes from.</summary>
    /// <param name="function">The function that it is in.</param>
    /// <param name="address">The instruction.</param>
    /// <param name="line">Counted from 1; 0: not known.</param>
    /// <returns>The file's name, UTF-8.</returns>
    public ReadOnlySpan<byte> FileOf(int function, ulong address, out int line)
    {
        line = 0;
        uint place = U32(Part.Methods, function * 12 + 8);
        if (place == 0)
        {
            return [];
        }

        int at = Start(Part.Lines) + (int)place;
        uint file = Number(ref at);
        uint target = (uint)(address - Base) - U32(Part.Starts, function * 4);
        uint reached = 0;
        int current = 0;
        for (uint left = Number(ref at); left > 0; left--)
        {
            reached += Number(ref at);
            uint change = Number(ref at);
            current += (int)(change >> 1) ^ -(int)(change & 1);
            if (reached > target)
            {
                break;
            }

            line = current;
        }

        return TextAt(file);
    }

    private bool Restore<TMemory>(int at, ulong end, ref ulong register, TMemory memory)
        where TMemory : struct, IStackMemory =>
        _bytes[at] == 0 || memory.TryRead(end - 8ul * _bytes[at], ref register);

    private int Start(Part part) => (int)U32((int)part);

    private ushort ShapeNumber(int function) =>
        MemoryMarshal.Read<ushort>(_bytes[(Start(Part.ShapeNumbers) + function * 2)..]);

    private ReadOnlySpan<T> Rows<T>(Part part, Part next)
        where T : struct =>
        MemoryMarshal.Cast<byte, T>(_bytes[Start(part)..Start(next)]);

    private ReadOnlySpan<byte> TextAt(uint place)
    {
        ReadOnlySpan<byte> text = _bytes[(Start(Part.Strings) + (int)place)..];
        return text[..text.IndexOf((byte)0)];
    }

    private uint Number(ref int at)
    {
        uint value = 0;
        int shift = 0;
        byte next;
        do
        {
            next = _bytes[at++];
            value |= (uint)(next & 0x7F) << shift;
            shift += 7;
        }
        while (next >= 0x80);

        return value;
    }

    private uint U32(Part part, int at) => U32(Start(part) + at);

    private uint U32(int at) => MemoryMarshal.Read<uint>(_bytes[at..]);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct HandlerRow
    {
        public readonly int Function;
        public readonly int Root;
        public readonly int First;
        public readonly int Count;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TypeRow
    {
        public readonly uint Place;
        public readonly uint Name;
    }
}

/// <summary>A protected range and who is called; neither filter nor type: a finally.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct HandlerClause
{
    private readonly uint _start;
    private readonly uint _end;

    /// <summary>Place of the handler's code.</summary>
    public readonly uint Handler;

    /// <summary>Place of the filter's code; 0: none.</summary>
    public readonly uint Filter;

    /// <summary>Place of the MethodTable of what is caught; 0: none.</summary>
    public readonly uint Type;

    /// <summary>The first clause of the function that does not belong to the same try.</summary>
    public readonly int NextTry;

    /// <summary>True: runs however its try is left.</summary>
    public bool IsFinally => Filter == 0 && Type == 0;

    /// <summary>True when the code at a place is protected by it.</summary>
    public bool Covers(uint place) => place >= _start && place < _end;
}
