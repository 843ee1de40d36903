using System;
using System.Buffers.Binary;

namespace Eros.Tests.Reading;

/// <summary>A block with a header: CRC, magic, name, generation.</summary>
internal readonly ref struct Block(ReadOnlySpan<byte> bytes)
{
    public const uint Volume = 0x534F5245;
    public const uint Checkpoint = 0x54504B43;
    public const uint Mark = 0x4B52414D;
    public const uint MirrorRecord = 0x5252494D;
    public const uint GenerationHeader = 0x314E4547;
    public const uint Directory = 0x31524944;
    public const uint ProcessList = 0x53435250;
    public const uint Tags = 0x31474154;
    public const uint Pot = 0x31544F50;
    public const uint Process = 0x434F5250;
    public const uint JournalRecord = 0x4C4E524A;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public uint Crc => U32(0);

    public uint Magic => U32(4);

    public ulong Name => U64(8);

    public ulong Generation => U64(16);

    public byte U8(int offset) => Bytes[offset];

    public uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes[offset..]);

    public ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes[offset..]);

    public bool IsIntact(uint magic, ulong name) =>
        Magic == magic && Name == name && Crc == Castagnoli.Of(Bytes[4..]);

    /// <summary>Reads a block and demands that it is intact.</summary>
    public static bool TryRead(DiskView disk, ulong number, uint magic, ulong name, out Block block)
    {
        bool isRead = disk.TryRead(number, out ReadOnlySpan<byte> bytes);
        block = new Block(bytes);
        return isRead && block.IsIntact(magic, name);
    }
}
