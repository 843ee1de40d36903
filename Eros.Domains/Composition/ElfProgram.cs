// ElfProgram: a linked domain: four runs of pages with their rights (Eros.Build/Link/domain.ld). Format: System V
// ABI, chapter 5 (program header 56 bytes).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

/// <summary>One page of a program.</summary>
/// <param name="Address">Where it is linked.</param>
/// <param name="Rights">What is taken away from whoever maps it.</param>
public sealed record ProgramPage(ulong Address, Rights Rights, byte[] Contents)
{
    /// <summary>True when processes of the same program may share the page.</summary>
    public bool IsShared => (Rights & Rights.ReadOnly) != 0;
}

/// <summary>A domain's ELF file.</summary>
public sealed class ElfProgram
{
    private const uint Magic = 0x464C457F;
    private const int SegmentBytes = 56;
    private const uint LoadSegment = 1;
    private const uint Executable = 1;
    private const uint Writable = 2;

    private readonly byte[] _bytes;
    private readonly List<ProgramPage> _pages = [];

    private ElfProgram(string file)
    {
        _bytes = File.ReadAllBytes(file);
        if (_bytes.Length < 64 || U32(0) != Magic)
        {
            throw new CompositionException($"{file} is no ELF file; build the domain's project again");
        }

        Entry = U64(24);
        ulong table = U64(32);
        int size = U16(54);
        int count = U16(56);
        CheckWithin(table, (ulong)(count * size), file);
        for (int i = 0; i < count && size >= SegmentBytes; i++)
        {
            ReadSegment((int)table + i * size, file);
        }

        if (_pages.Count == 0 || _pages[0].Address != SpaceLayout.Program)
        {
            throw new CompositionException($"{file} does not begin where domains do");
        }
    }

    /// <summary>The address of DomainEntry.</summary>
    public ulong Entry { get; }

    /// <summary>What the program begins with.</summary>
    public ProgramHeader Header => MemoryMarshal.Read<ProgramHeader>(_pages[0].Contents);

    public IReadOnlyList<ProgramPage> Pages => _pages;

    /// <summary>The file as it is, for the composition's digest.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a file. CompositionException when it is missing or no domain.</summary>
    public static ElfProgram Read(string file) => File.Exists(file)
        ? new ElfProgram(file)
        : throw new CompositionException($"{file} is missing; build the domain's project");

    private void ReadSegment(int at, string file)
    {
        if (U32(at) != LoadSegment)
        {
            return;
        }

        uint flags = U32(at + 4);
        CheckWithin(U64(at + 8), U64(at + 32), file);
        int offset = (int)U64(at + 8);
        ulong address = U64(at + 16);
        int fileBytes = (int)U64(at + 32);
        ulong end = address + U64(at + 40);
        if (address < SpaceLayout.Program || end > SpaceLayout.StackRegion || address % ImagePage.SizeInBytes != 0)
        {
            throw new CompositionException($"{file}: a segment lies outside the program's 4 MB");
        }

        Rights rights = ((flags & Writable) == 0 ? Rights.ReadOnly : Rights.None)
            | ((flags & Executable) == 0 ? Rights.NoExecute : Rights.None);
        for (int done = 0; address < end; done += ImagePage.SizeInBytes, address += ImagePage.SizeInBytes)
        {
            byte[] contents = new byte[ImagePage.SizeInBytes];
            int left = Math.Clamp(fileBytes - done, 0, ImagePage.SizeInBytes);
            _bytes.AsSpan(offset + Math.Min(done, fileBytes), left).CopyTo(contents);
            _pages.Add(new ProgramPage(address, rights, contents));
        }
    }

    private void CheckWithin(ulong offset, ulong length, string file)
    {
        ulong all = (ulong)_bytes.Length;
        if (offset > all || length > all - offset)
        {
            throw new CompositionException($"{file} is cut short; build the domain's project again");
        }
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    private ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at));
}
