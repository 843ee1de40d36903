// The parts of a 64-bit little-endian ELF file that the build inspects: sections and symbols.
// Layouts: System V ABI, chapter 4 (section header 64 bytes, symbol 24 bytes).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Eros.Build.Tasks;

internal sealed record ElfSection(
    string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, int Link, int Info)
{
    internal bool IsLoaded => (Flags & 2) != 0;

    internal bool IsWritable => (Flags & 1) != 0;

    internal bool IsCode => (Flags & 4) != 0;

    /// <summary>Takes memory but no bytes of the file.</summary>
    internal bool IsZero => Type == 8;
}

internal sealed record ElfSymbol(string Name, ulong Value, ulong Size, bool IsUndefined, bool IsFunction);

internal sealed class ElfFile
{
    private const uint SymbolTable = 2;
    private const int SymbolSize = 24;
    private const int FunctionSymbol = 2;

    private readonly byte[] _bytes;

    private ElfFile(byte[] bytes)
    {
        _bytes = bytes;
        Sections = ReadSections();
        Symbols = ReadSymbols();
    }

    internal IReadOnlyList<ElfSection> Sections { get; }

    internal IReadOnlyList<ElfSymbol> Symbols { get; }

    internal static ElfFile Read(string file) => Parse(File.ReadAllBytes(file));

    internal static ElfFile Parse(byte[] bytes) => new(bytes);

    /// <summary>The section of a name.</summary>
    internal ElfSection Section(string name) => Sections.Single(section => section.Name == name);

    /// <summary>The bytes of a section.</summary>
    internal ReadOnlySpan<byte> Contents(ElfSection section) =>
        _bytes.AsSpan((int)section.Offset, (int)section.Size);

    /// <summary>Where in the file the header of a section is.</summary>
    internal int HeaderOf(int section) => (int)U64(0x28) + section * U16(0x3A);

    /// <summary>Text up to a zero.</summary>
    internal string TextAt(int at) => Encoding.UTF8.GetString(_bytes.AsSpan(at, _bytes.AsSpan(at).IndexOf((byte)0)));

    private List<ElfSection> ReadSections()
    {
        int names = (int)U64(HeaderOf(U16(0x3E)) + 0x18);
        return Enumerable.Range(0, U16(0x3C)).Select(index => ReadSection(HeaderOf(index), names)).ToList();
    }

    private ElfSection ReadSection(int at, int names) => new(
        TextAt(names + (int)U32(at)),
        U32(at + 4),
        U64(at + 8),
        U64(at + 16),
        U64(at + 24),
        U64(at + 32),
        (int)U32(at + 40),
        (int)U32(at + 44));

    private List<ElfSymbol> ReadSymbols()
    {
        List<ElfSymbol> symbols = [];
        foreach (ElfSection table in Sections.Where(section => section.Type == SymbolTable))
        {
            int names = (int)Sections[table.Link].Offset;

            // Symbol 0 is the null symbol.
            for (int at = (int)table.Offset + SymbolSize; at < (int)(table.Offset + table.Size); at += SymbolSize)
            {
                string name = TextAt(names + (int)U32(at));
                bool isFunction = (_bytes[at + 4] & 15) == FunctionSymbol;
                symbols.Add(new ElfSymbol(name, U64(at + 8), U64(at + 16), U16(at + 6) == 0, isFunction));
            }
        }

        return symbols;
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    private ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at));
}
