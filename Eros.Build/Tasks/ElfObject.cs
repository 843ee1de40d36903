// A relocatable 64-bit ELF file that can be edited: a section gets other contents, and labels and relocations follow
// what they belong to. Layouts: System V ABI, chapter 4 (symbol 24 bytes: name u32, info u8, other u8, section u16,
// value u64, size u64; relocation with addend 24 bytes: offset u64, type u32, symbol u32, addend i64).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Tasks;

/// <summary>A symbol.</summary>
/// <param name="Name">As it is linked; empty for one that stands for its section.</param>
/// <param name="Section">Where it is defined; 0: elsewhere.</param>
/// <param name="Value">Its offset there.</param>
/// <param name="Size">Bytes of what it names; 0: not known.</param>
/// <param name="At">Its place in the file.</param>
internal sealed record ElfLabel(string Name, int Section, ulong Value, ulong Size, int At);

/// <param name="Section">What it is applied to.</param>
/// <param name="Offset">Where in there.</param>
/// <param name="Target">What it refers to.</param>
/// <param name="Addend">And how far from there, in bytes.</param>
/// <param name="At">Its place in the file.</param>
internal sealed record ElfRelocation(int Section, ulong Offset, ElfLabel Target, long Addend, int At);

internal sealed class ElfObject
{
    private const uint SymbolTable = 2;
    private const uint RelocationTable = 4;
    private const int EntryBytes = 24;
    private const int SectionSymbol = 3;
    private const ulong NoRelocation = 0;

    internal ElfObject(byte[] bytes)
    {
        Bytes = bytes;
        File = ElfFile.Parse(bytes);
        Labels = [.. Entries(SymbolTable).Select(entry => ReadLabel(entry.Table, entry.At))];
        Relocations = [.. Entries(RelocationTable).Select(entry => ReadRelocation(entry.Table, entry.At))];
    }

    internal byte[] Bytes { get; }

    internal ElfFile File { get; }

    internal IReadOnlyList<ElfLabel> Labels { get; }

    internal IReadOnlyList<ElfRelocation> Relocations { get; }

    internal int SectionIndex(string name) =>
        File.Sections.Select(section => section.Name).ToList().IndexOf(name);

    /// <summary>The bytes of a section, which can be written.</summary>
    internal Span<byte> Contents(int section) =>
        Bytes.AsSpan((int)File.Sections[section].Offset, (int)File.Sections[section].Size);

    /// <summary>Gives a section other contents, not more of them. Once for each section: <see cref="Labels"/> and
    /// <see cref="Relocations"/> stay as they were read.</summary>
    /// <param name="section">Its index.</param>
    /// <param name="contents">What is in it from now on.</param>
    /// <param name="moved">Where in there an offset of the old contents is.</param>
    /// <param name="isGone">What was at an offset is no more, nor are its relocations.</param>
    internal void Replace(int section, ReadOnlySpan<byte> contents, Func<ulong, ulong> moved, Predicate<ulong> isGone)
    {
        contents.CopyTo(Contents(section));
        foreach (ElfLabel label in Labels.Where(label => label.Section == section))
        {
            Write(label.At + 8, moved(label.Value));
            Write(label.At + 16, moved(label.Value + label.Size) - moved(label.Value));
        }

        foreach (ElfRelocation relocation in Relocations)
        {
            if (relocation.Section == section)
            {
                bool isCut = isGone(relocation.Offset);
                Write(relocation.At, isCut ? 0 : moved(relocation.Offset));
                Write(relocation.At + 8, isCut ? NoRelocation : Read(relocation.At + 8));
            }

            if (relocation.Target is { Name: "" } target && target.Section == section)
            {
                Write(relocation.At + 16, moved((ulong)relocation.Addend));
            }
        }

        Write(File.HeaderOf(section) + 32, (ulong)contents.Length);
    }

    private IEnumerable<(ElfSection Table, int At)> Entries(uint type) => File.Sections
        .Where(section => section.Type == type)
        .SelectMany(section => Enumerable.Range(0, (int)section.Size / EntryBytes)
            .Select(index => (section, (int)section.Offset + (index * EntryBytes))));

    private ElfLabel ReadLabel(ElfSection table, int at)
    {
        bool isSection = (Bytes[at + 4] & 15) == SectionSymbol;
        int section = BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(at + 6));
        int name = (int)(File.Sections[table.Link].Offset + BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(at)));
        return new ElfLabel(isSection ? string.Empty : File.TextAt(name), section, Read(at + 8), Read(at + 16), at);
    }

    private ElfRelocation ReadRelocation(ElfSection table, int at)
    {
        int symbol = (int)(Read(at + 8) >> 32);
        return new ElfRelocation(table.Info, Read(at), Labels[symbol], (long)Read(at + 16), at);
    }

    private ulong Read(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(at));

    private void Write(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(at), value);
}
