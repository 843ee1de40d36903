// Data in ILC's object for a runtime that the kernel does not have, cut out before the linker sees it:
//
//   descriptors   of the references in a type's objects, for a collector: in front of a MethodTable whose flags say so.
//                 A positive count n: n series of 16 bytes, then n. A negative one, for arrays of structures: -n items
//                 of 8 bytes and an offset, then n.
//   types         all of a MethodTable but its sizes, and its virtual methods if it has any: the rest is for casts,
//                 boxes and names of types, of which the kernel has none. What reads it is a method of MethodTable
//                 that KernelLowering keeps apart: an image that has one is refused.
//   padding       behind texts and tables of bytes, whose names are nothing but their hashes: Roslyn adds the alignment
//                 that wider elements want, ILC gives 8 bytes to all
//   unreferenced  what no code, and no data that stays, refers to by a relocation: the header that leads to all that a
//                 runtime would look up, and the tables that it lists
//
// ILC resolves relative addresses within .data by itself, without a relocation. They lead from MethodTables to cells of
// the runtime, which nothing reads, and from the header to static references: an image that walks it is left whole.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Eros.Build.Tasks;

internal sealed class UnreadData
{
    private const uint HasReferences = 0x01000000;
    private const string MethodTablePrefix = "_ZTV";

    // Of a MethodTable, the head of MethodTable.cs has it: flags and size, then what is for casts, then the methods.
    private const int SizesEnd = 8;
    private const int SlotCountAt = 16;
    private const int SlotsStart = 24;

    private const string Code = "__managedcode";
    private const string TypeReader = "Eros_CoreLib_Internal_Runtime_MethodTable__";
    private const string HeaderWalk = "__start___modules";
    private const string ConstantPrefix = "_PrivateImplementationDetails_";
    private const int HashDigits = 64;

    // What is not bytes keeps its alignment: addresses in .data, vectors among the constants.
    private static readonly Dictionary<string, ulong> _alignments = new() { [".data"] = 8, [".rodata"] = 16 };

    private readonly ElfObject _object;
    private readonly Dictionary<int, Piece[]> _pieces;

    // How long what needs no alignment is.
    private readonly Dictionary<string, ulong> _bytes;

    private UnreadData(ElfObject elf, Dictionary<string, ulong> bytes)
    {
        _object = elf;
        _bytes = bytes;
        _pieces = _alignments.Keys.Select(elf.SectionIndex).ToDictionary(section => section, PiecesOf);
    }

    /// <summary>Writes a copy of an object of ILC without the data that nothing reads.</summary>
    internal static void Cut(string from, string to)
    {
        ElfObject elf = new(File.ReadAllBytes(from));
        int code = elf.SectionIndex(Code);
        if (!elf.Relocations.Any(r => r.Section == code && r.Target.Name == HeaderWalk))
        {
            if (elf.Labels.FirstOrDefault(label => label.Section == code && IsTypeReader(label)) is { } reader)
            {
                throw new BuildFailure(new Problem("EROS0012", $"this image may not use {reader.Name}", "ilc"));
            }

            UnreadData data = new(elf, BytesIn(Path.ChangeExtension(from, ".map.xml")));
            data.KeepWhatIsUsedBy(relocation => relocation.Section == code);
            data.Cut();
        }

        File.WriteAllBytes(to, elf.Bytes);
    }

    private static bool IsTypeReader(ElfLabel label) => label.Name.StartsWith(TypeReader, StringComparison.Ordinal);

    // ILC's map has the true lengths.
    private static Dictionary<string, ulong> BytesIn(string map) => XDocument.Load(map)
        .Descendants("FieldRvaData")
        .Where(data => IsOfBytes(data.Attribute("Name")!.Value))
        .ToDictionary(
            data => data.Attribute("Name")!.Value,
            data => ulong.Parse(data.Attribute("Length")!.Value, CultureInfo.InvariantCulture));

    private static bool IsOfBytes(string name)
    {
        int prefix = name.IndexOf(ConstantPrefix, StringComparison.Ordinal);
        return prefix >= 0 && name[(prefix + ConstantPrefix.Length)..].TrimStart('_').Length == HashDigits;
    }

    // From label to label, the descriptors apart.
    private Piece[] PiecesOf(int section)
    {
        List<ElfLabel> labels = [.. _object.Labels.Where(label => label.Section == section && label.Name.Length != 0)];
        HashSet<ulong> tables = [.. labels
            .Where(label => label.Name.StartsWith(MethodTablePrefix, StringComparison.Ordinal))
            .Select(label => label.Value)];
        IEnumerable<ulong> descriptors = tables.Select(table => table - DescriptorBytes(section, table));
        Dictionary<ulong, ulong> bytes = labels
            .Where(label => _bytes.ContainsKey(label.Name))
            .DistinctBy(label => label.Value)
            .ToDictionary(label => label.Value, label => _bytes[label.Name]);
        ulong alignment = _alignments[_object.File.Sections[section].Name];
        ulong[] starts = [.. labels.Select(label => label.Value).Concat(descriptors).Append(0ul).Distinct().Order()];
        return [.. starts
            .Zip(starts.Skip(1).Append((ulong)_object.Contents(section).Length))
            .Select(range => bytes.TryGetValue(range.First, out ulong length)
                ? new Piece(section, range.First, range.First + length, 1)
                : tables.Contains(range.First)
                    ? TableAt(section, range.First, alignment)
                    : new Piece(section, range.First, range.Second, alignment))];
    }

    private Piece TableAt(int section, ulong start, ulong alignment)
    {
        Span<byte> table = _object.Contents(section)[(int)start..];
        int slots = BinaryPrimitives.ReadUInt16LittleEndian(table[SlotCountAt..]);
        int bytes = slots == 0 ? SizesEnd : SlotsStart + (slots * sizeof(ulong));
        return new Piece(section, start, start + (ulong)bytes, alignment)
        {
            UnreadStart = start + SizesEnd,
            UnreadEnd = start + SlotsStart,
        };
    }

    private ulong DescriptorBytes(int section, ulong table)
    {
        Span<byte> contents = _object.Contents(section);
        if ((BinaryPrimitives.ReadUInt32LittleEndian(contents[(int)table..]) & HasReferences) == 0)
        {
            return 0;
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(contents[((int)table - 8)..]);
        return count > 0 ? 8 + (16 * (ulong)count) : 16 + (8 * (ulong)-count);
    }

    private void KeepWhatIsUsedBy(Func<ElfRelocation, bool> uses)
    {
        foreach (ElfLabel target in _object.Relocations.Where(uses).Select(relocation => relocation.Target))
        {
            if (_pieces.TryGetValue(target.Section, out Piece[]? pieces)
                && Array.FindLast(pieces, piece => piece.Start <= target.Value) is { IsKept: false } piece)
            {
                piece.IsKept = true;
                KeepWhatIsUsedBy(piece.Holds);
            }
        }
    }

    private void Cut()
    {
        foreach ((int section, Piece[] pieces) in _pieces)
        {
            byte[] contents = [.. Rest(section, pieces)];
            Piece At(ulong offset) => Array.FindLast(pieces, piece => piece.Start <= offset)!;
            _object.Replace(
                section, contents, offset => At(offset).Moved(offset), offset => !At(offset).Has(offset));
        }
    }

    /// <summary>Gives each piece its place, and returns the contents of those that are kept.</summary>
    private List<byte> Rest(int section, Piece[] pieces)
    {
        List<byte> rest = [];
        foreach (Piece piece in pieces)
        {
            while (piece.IsKept && (ulong)rest.Count % piece.Alignment != piece.Start % piece.Alignment)
            {
                rest.Add(0);
            }

            piece.NewStart = (ulong)rest.Count;
            if (piece.IsKept)
            {
                rest.AddRange(_object.Contents(section)[(int)piece.Start..(int)piece.End]);
            }
        }

        return rest;
    }

    private sealed class Piece(int section, ulong start, ulong end, ulong alignment)
    {
        internal ulong Start { get; } = start;

        internal ulong End { get; } = end;

        internal ulong Alignment { get; } = alignment;

        /// <summary>What in it nothing reads, and so refers to nothing.</summary>
        internal ulong UnreadStart { get; init; }

        internal ulong UnreadEnd { get; init; }

        internal bool IsKept { get; set; }

        internal ulong NewStart { get; set; }

        internal ulong Moved(ulong offset) => NewStart + (IsKept ? Math.Min(offset, End) - Start : 0);

        internal bool Has(ulong offset) =>
            IsKept && offset >= Start && offset < End && (offset < UnreadStart || offset >= UnreadEnd);

        internal bool Holds(ElfRelocation relocation) => relocation.Section == section && Has(relocation.Offset);
    }
}
