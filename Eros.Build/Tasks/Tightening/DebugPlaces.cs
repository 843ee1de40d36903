// What .debug_line and .debug_info say of places in code without a relocation: rows of the line table go from one to
// the next by distances, and functions have lengths. Layout: DWARF 4, sections 6.2.4, 6.2.5 and 7.7.
//
// Each distance is written where the old one was: nothing is inserted or taken out. Most code comes closer together.
// Where a jump in place of something shorter makes a distance too large for its place, that row is early by the rest,
// and the next one is right again.

using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;

namespace Eros.Build.Tasks.Tightening;

internal sealed class DebugPlaces(ElfObject elf, int code, Func<ulong, ulong> moved)
{
    private const int HeaderLengthAt = 6;
    private const int HeaderBytes = 10;
    private const byte ExtendedOpcode = 0;
    private const byte AdvancePc = 2;
    private const byte AdvanceLine = 3;
    private const byte SetFile = 4;
    private const byte SetColumn = 5;
    private const byte NoOperation = 7;     // DW_LNS_set_basic_block: nothing reads it
    private const byte ConstAddPc = 8;
    private const byte FixedAdvancePc = 9;
    private const byte SetIsa = 12;

    private readonly byte[] _lines = elf.Contents(elf.SectionIndex(".debug_line")).ToArray();
    private int _at;
    private int _lineRange;
    private int _opcodeBase;
    private ulong _old;
    private ulong _new;

    internal void Write()
    {
        WriteLengths();
        WriteLines();
        _lines.CopyTo(elf.Contents(elf.SectionIndex(".debug_line")));
    }

    // DW_AT_high_pc, of 8 bytes, follows DW_AT_low_pc, which has the relocation. That of the unit begins at 0 and has
    // ranges instead.
    private void WriteLengths()
    {
        int section = elf.SectionIndex(".debug_info");
        foreach (ElfRelocation low in elf.Relocations.Where(r => r.Section == section && r.Target.Section == code))
        {
            Span<byte> length = elf.Contents(section)[((int)low.Offset + sizeof(ulong))..];
            ulong start = low.Target.Value + (ulong)low.Addend;
            ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
            BinaryPrimitives.WriteUInt64LittleEndian(length, moved(start + bytes) - moved(start));
        }
    }

    private void WriteLines()
    {
        int header = BinaryPrimitives.ReadInt32LittleEndian(_lines.AsSpan(HeaderLengthAt)) + HeaderBytes;
        _lineRange = _lines[HeaderBytes + 4];
        _opcodeBase = _lines[HeaderBytes + 5];
        _at = header;
        while (_at < _lines.Length)
        {
            WriteInstruction();
        }
    }

    private void WriteInstruction()
    {
        int opcode = _lines[_at++];
        if (opcode >= _opcodeBase)
        {
            int line = (opcode - _opcodeBase) % _lineRange;
            ulong most = (ulong)((byte.MaxValue - _opcodeBase - line) / _lineRange);
            ulong distance = Advance((ulong)SpecialDistance(opcode), most);
            _lines[_at - 1] = checked((byte)(_opcodeBase + line + ((int)distance * _lineRange)));
            return;
        }

        switch (opcode)
        {
            case ExtendedOpcode:
                // Its one address is the start of the section, by a relocation.
                _at += (int)ReadNumber();
                break;
            case AdvancePc:
                int start = _at;
                ulong number = ReadNumber();
                WriteNumber(start, Advance(number, (1UL << (7 * (_at - start))) - 1));
                break;
            case ConstAddPc:
                WriteConstAddPc();
                break;
            case AdvanceLine or SetFile or SetColumn or SetIsa:
                ReadNumber();
                break;
            case FixedAdvancePc:
                throw new InvalidDataException("a line table with fixed distances");
            default:
                break;
        }
    }

    // A fixed distance, of which the opcode after it goes the rest.
    private void WriteConstAddPc()
    {
        ulong fixedDistance = (ulong)SpecialDistance(byte.MaxValue);
        _old += fixedDistance;
        if (moved(_old + NextDistance()) - _new >= fixedDistance)
        {
            _new += fixedDistance;
        }
        else
        {
            _lines[_at - 1] = NoOperation;
        }
    }

    private ulong NextDistance()
    {
        int start = _at;
        int opcode = _lines[_at++];
        ulong distance = opcode switch
        {
            AdvancePc => ReadNumber(),
            _ when opcode >= _opcodeBase => (ulong)SpecialDistance(opcode),
            _ => throw new InvalidDataException($"a line table with opcode {opcode} behind a fixed distance"),
        };
        _at = start;
        return distance;
    }

    private int SpecialDistance(int opcode) => (opcode - _opcodeBase) / _lineRange;

    private ulong Advance(ulong distance, ulong most)
    {
        _old += distance;
        distance = Math.Min(moved(_old) - _new, most);
        _new += distance;
        return distance;
    }

    private ulong ReadNumber()
    {
        ulong number = 0;
        int shift = 0;
        do
        {
            number |= (ulong)(_lines[_at] & 0x7F) << shift;
            shift += 7;
        }
        while ((_lines[_at++] & 0x80) != 0);
        return number;
    }

    // As long as it was: leading zeros are allowed.
    private void WriteNumber(int start, ulong number)
    {
        for (int i = start; i < _at; i++)
        {
            _lines[i] = (byte)((number & 0x7F) | (i + 1 < _at ? 0x80u : 0));
            number >>= 7;
        }
    }
}
