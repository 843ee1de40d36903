// FrameReader: how each function's frame looks behind its prologue, from .eh_frame (System V ABI and DWARF 4, section
// 6.4). An exception comes out of a call, and calls are made behind the prologue only, so that the last row of a
// function's table says all.
//
// ILC uses four instructions: advance, where the frame's upper end is (register and offset), and where a register was
// saved. Anything else stops the build.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Eros.Build.Tasks.Unwinding;

/// <summary>What a frame looks like.</summary>
/// <param name="IsFromRbp">Its upper end is counted from RBP, else from RSP.</param>
/// <param name="Bytes">To its upper end, above the return address.</param>
/// <param name="Saved">Where RBX, RBP, R12 to R15 are: words below the upper end; 0: they are as they were.</param>
internal readonly record struct FrameShape(bool IsFromRbp, uint Bytes, string Saved);

/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte behind its last.</param>
/// <param name="Clauses">Where in .dotnet_eh_table its description begins.</param>
/// <param name="Shape">Its frame.</param>
internal sealed record FunctionFrame(ulong Start, ulong End, int Clauses, FrameShape Shape);

internal static class FrameReader
{
    private const byte AdvanceLoc = 0x40;
    private const byte OffsetRule = 0x80;
    private const byte OperationBits = 0xC0;
    private const byte AdvanceLoc1 = 0x02;
    private const byte AdvanceLoc2 = 0x03;
    private const byte DefineCfa = 0x0C;
    private const byte DefineCfaRegister = 0x0D;
    private const byte DefineCfaOffset = 0x0E;
    private const int Rbp = 6;
    private const int Rsp = 7;

    // DWARF's numbers of RBX, RBP, R12 to R15, and their places in a shape.
    private static readonly int[] _savable = [3, Rbp, 12, 13, 14, 15];

    internal static List<FunctionFrame> Read(ElfFile elf)
    {
        ElfSection section = elf.Section(".eh_frame");
        ReadOnlySpan<byte> bytes = elf.Contents(section);
        List<FunctionFrame> functions = [];
        ByteReader reader = new(bytes, 0);
        while (!reader.IsAtEnd)
        {
            int length = reader.I32();
            int end = reader.At + length;
            if (length != 0 && reader.U32() != 0)
            {
                functions.Add(ReadFunction(bytes, section.Address, reader.At, end));
            }

            reader.At = end;
        }

        return [.. functions.OrderBy(function => function.Start)];
    }

    // Augmentation "zLR", both pointers 32 bits and relative to themselves.
    private static FunctionFrame ReadFunction(ReadOnlySpan<byte> bytes, ulong section, int at, int end)
    {
        ByteReader reader = new(bytes, at);
        ulong start = section + (ulong)reader.Relative();
        uint length = reader.U32();
        if (reader.Unsigned() != sizeof(int))
        {
            throw Unknown("an augmentation", at);
        }

        int clauses = (int)section + reader.Relative();
        return new FunctionFrame(start, start + length, clauses, ReadShape(ref reader, end));
    }

    private static FrameShape ReadShape(ref ByteReader reader, int end)
    {
        int register = Rsp;
        ulong bytes = 8;
        char[] saved = new char[_savable.Length];
        while (reader.At < end)
        {
            byte operation = reader.U8();
            switch (operation & OperationBits)
            {
                case AdvanceLoc:
                    continue;
                case OffsetRule:
                    saved[PlaceOf(operation & 0x3F, reader.At)] = (char)reader.Unsigned();
                    continue;
            }

            switch (operation)
            {
                case 0:
                    break;
                case AdvanceLoc1:
                    reader.U8();
                    break;
                case AdvanceLoc2:
                    reader.U16();
                    break;
                case DefineCfa:
                    register = (int)reader.Unsigned();
                    bytes = reader.Unsigned();
                    break;
                case DefineCfaRegister:
                    register = (int)reader.Unsigned();
                    break;
                case DefineCfaOffset:
                    bytes = reader.Unsigned();
                    break;
                default:
                    throw Unknown("operation 0x" + operation.ToString("x", CultureInfo.InvariantCulture), reader.At);
            }
        }

        return register is Rbp or Rsp
            ? new FrameShape(register == Rbp, (uint)bytes, new string(saved))
            : throw Unknown("a frame's register", reader.At);
    }

    private static int PlaceOf(int register, int at)
    {
        int place = Array.IndexOf(_savable, register);
        return place >= 0 ? place : throw Unknown("a saved register", at);
    }

    private static BuildFailure Unknown(string what, int at) =>
        new(new Problem("EROS0013", $"{what} at {at} of .eh_frame is not understood", "unwinding"));
}
