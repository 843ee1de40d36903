// Data in ILC's object for a runtime that the kernel does not have, cut out before the linker sees it:
//
//   descriptors   of the references in a type's objects, for a collector: in front of a MethodTable whose flags say so.
//                 A positive count n: n series of 16 bytes, then n. A negative one, for arrays of structures: -n items
//                 of 8 bytes and an offset, then n.
//   unreferenced  what no code, and no data that stays, refers to by a relocation: the header that leads to all that a
//                 runtime would look up, and the tables that it lists
//
// ILC resolves relative addresses within .data by itself, without a relocation. They lead from MethodTables to cells of
// the runtime, which nothing reads, and from the header to static references: an image that walks it is left whole.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Eros.Build.Tasks;

internal sealed class UnreadData
{
    private const uint HasReferences = 0x01000000;
    private const string MethodTablePrefix = "_ZTV";
    private const string Code = "__managedcode";
    private const string HeaderWalk = "__start___modules";

    // Cuts keep the alignment of what follows them: addresses in .data, vectors among the constants.
    private static readonly Dictionary<string, ulong> _alignments = new() { [".data"] = 8, [".rodata"] = 16 };

    private readonly ElfObject _object;
    private readonly Dictionary<int, Piece[]> _pieces;

    private UnreadData(ElfObject elf)
    {
        _object = elf;
        _pieces = _alignments.Keys.Select(elf.SectionIndex).ToDictionary(section => section, PiecesOf);
    }

    /// <summary>Writes a copy of an object of ILC without the data that nothing reads.</summary>
    internal static void Cut(string from, string to)
    {
        ElfObject elf = new(File.ReadAllBytes(from));
        int code = elf.SectionIndex(Code);
        if (!elf.Relocations.Any(r => r.Section == code && r.Target.Name == HeaderWalk))
        {
            UnreadData data = new(elf);
            data.KeepWhatIsUsedBy(relocation => relocation.Section == code);
            data.Cut();
        }

        File.WriteAllBytes(to, elf.Bytes);
    }

    // From label to label, the descriptors apart.
    private Piece[] PiecesOf(int section)
    {
        List<ElfLabel> labels = [.. _object.Labels.Where(label => label.Section == section && label.Name.Length != 0)];
        HashSet<ulong> descriptors = [.. labels
            .Where(label => label.Name.StartsWith(MethodTablePrefix, StringComparison.Ordinal))
            .Select(label => label.Value - DescriptorBytes(section, label.Value))];
        ulong[] starts = [.. labels.Select(label => label.Value).Concat(descriptors).Append(0ul).Distinct().Order()];
        return [.. starts
            .Zip(starts.Skip(1).Append((ulong)_object.Contents(section).Length))
            .Select(range => new Piece(section, range.First, range.Second))];
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
        foreach ((string section, ulong alignment) in _alignments)
        {
            int index = _object.SectionIndex(section);
            _object.Cut(index, Unread(index, alignment));
        }
    }

    private List<(ulong Start, ulong End)> Unread(int section, ulong alignment)
    {
        List<(ulong Start, ulong End)> runs = [];
        foreach (Piece piece in _pieces[section].Where(piece => !piece.IsKept))
        {
            if (runs.Count != 0 && runs[^1].End == piece.Start)
            {
                runs[^1] = (runs[^1].Start, piece.End);
            }
            else
            {
                runs.Add((piece.Start, piece.End));
            }
        }

        return [.. runs
            .Select(run => ((run.Start + alignment - 1) & ~(alignment - 1), run.End & ~(alignment - 1)))
            .Where(run => run.Item1 < run.Item2)];
    }

    private sealed class Piece(int section, ulong start, ulong end)
    {
        internal ulong Start { get; } = start;

        internal ulong End { get; } = end;

        internal bool IsKept { get; set; }

        internal bool Holds(ElfRelocation relocation) =>
            relocation.Section == section && relocation.Offset >= Start && relocation.Offset < End;
    }
}
