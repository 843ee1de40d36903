// ShellEstate: what a shell hands over to the one that takes its place. Its capabilities are not in it: the new shell
// has the desk, as this one had.
//
//   0 format u32 | 4 version of the shell u32 | 8 last count u64 | 16 variables u32, each: bytes u16, name, bytes u16,
//   value; text is UTF-8
//
// A shell reads the formats that it knows, and writes the newest of them.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Eros.Domains.Runtime;

namespace Eros.Domains.Shell;

/// <summary>The estate, written and read.</summary>
internal static class ShellEstate
{
    /// <summary>Of the estates that this shell writes.</summary>
    public const uint Format = 1;

    private const int VersionOffset = 4;
    private const int CountOffset = 8;
    private const int VariablesOffset = 16;
    private const int FirstOffset = 20;

    /// <summary>False when it is more than can be handed over.</summary>
    public static bool TryWrite(
        uint version, ulong lastCount, Dictionary<string, string> variables, out byte[] estate)
    {
        estate = new byte[Succession.MaxEstate];
        BinaryPrimitives.WriteUInt32LittleEndian(estate, Format);
        BinaryPrimitives.WriteUInt32LittleEndian(estate.AsSpan(VersionOffset), version);
        BinaryPrimitives.WriteUInt64LittleEndian(estate.AsSpan(CountOffset), lastCount);
        BinaryPrimitives.WriteInt32LittleEndian(estate.AsSpan(VariablesOffset), variables.Count);
        int at = FirstOffset;
        foreach (KeyValuePair<string, string> variable in variables)
        {
            if (!TryPut(estate, ref at, variable.Key) || !TryPut(estate, ref at, variable.Value))
            {
                return false;
            }
        }

        estate = estate[..at];
        return true;
    }

    /// <summary>False when it is of a format that this shell does not know, or is none.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> estate, Dictionary<string, string> variables, out uint version, out ulong lastCount)
    {
        version = 0;
        lastCount = 0;
        if (estate.Length < FirstOffset || BinaryPrimitives.ReadUInt32LittleEndian(estate) != Format)
        {
            return false;
        }

        version = BinaryPrimitives.ReadUInt32LittleEndian(estate[VersionOffset..]);
        lastCount = BinaryPrimitives.ReadUInt64LittleEndian(estate[CountOffset..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(estate[VariablesOffset..]);
        int at = FirstOffset;
        for (int i = 0; i < count; i++)
        {
            if (!TryTake(estate, ref at, out string name) || !TryTake(estate, ref at, out string value))
            {
                return false;
            }

            variables[name] = value;
        }

        return at == estate.Length;
    }

    private static bool TryPut(byte[] estate, ref int at, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > ushort.MaxValue || at + sizeof(ushort) + bytes.Length > estate.Length)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(estate.AsSpan(at), (ushort)bytes.Length);
        bytes.AsSpan().CopyTo(estate.AsSpan(at + sizeof(ushort)));
        at += sizeof(ushort) + bytes.Length;
        return true;
    }

    private static bool TryTake(ReadOnlySpan<byte> estate, ref int at, out string text)
    {
        text = "";
        if (at + sizeof(ushort) > estate.Length)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(estate[at..]);
        at += sizeof(ushort);
        if (at + length > estate.Length)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(estate.Slice(at, length));
        at += length;
        return true;
    }
}
