// StoreMessage: everything that the store has to say, with its text, in one place. The kernel prints these lines on the
// console, the command on the host prints the same ones.
//
// In a text, %d is the next number in decimal, %x in hexadecimal, %o an OID (12 hexadecimal digits).

using System;

namespace Eros.Persistence.Store;

/// <summary>What there is to be said. Up to <see cref="LastRefusal"/>: why a volume is not mounted.</summary>
public enum StoreMessage : byte
{
    None = 0,
    NoDisk,
    DiskUnreadable,
    BlankDisk,
    ForeignDisk,
    VolumeHeaderBad,
    FormatDiffers,
    ProtocolDiffers,
    VolumeTruncated,
    GeometryBad,
    NoCheckpoint,
    MigrationBegun,
    MarksBad,
    GenerationBad,
    LesserProcessor,
    TooLittleMemory,
    LastRefusal = TooLittleMemory,
    VolumeHeaderCopyBad,
    HeaderCopyBad,
    MarkCopyBad,
    OlderGeneration,
    LogBlockBad,
    TagBlockBad,
    ObjectBad,
    ObjectUnreadable,
    ReadError,
    WriteError,
    CheckpointFailed,
    MigrationFailed,
    MemoryFull,
}

/// <summary>The texts.</summary>
public static class StoreText
{
    /// <summary>Bytes that every line fits in.</summary>
    public const int LineBytes = 160;

    private const int OidDigits = 12;

    /// <summary>
    /// Writes the line, without "eros: " and without an end of line, in ASCII; returns its length in bytes.
    /// </summary>
    public static int Format(StoreMessage message, ulong first, ulong second, Span<byte> line)
    {
        string text = Of(message);
        ulong number = first;
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                line[length++] = (byte)text[i];
                continue;
            }

            i++;
            length = text[i] switch
            {
                'd' => Digits(line, length, number, 10, 1),
                'x' => Digits(line, length, number, 16, 1),
                _ => Digits(line, length, number, 16, OidDigits),
            };
            number = second;
        }

        return length;
    }

    private static int Digits(Span<byte> line, int at, ulong number, uint radix, int least)
    {
        int count = 1;
        for (ulong rest = number / radix; rest != 0; rest /= radix)
        {
            count++;
        }

        count = count < least ? least : count;
        for (int i = count - 1; i >= 0; i--)
        {
            line[at + i] = (byte)"0123456789abcdef"[(int)(number % radix)];
            number /= radix;
        }

        return at + count;
    }

    private static string Of(StoreMessage message) => message switch
    {
        StoreMessage.NoDisk => "no disk: nothing will be kept",
        StoreMessage.DiskUnreadable => "the disk cannot be read (block %d)",
        StoreMessage.BlankDisk => "the disk is blank",
        StoreMessage.ForeignDisk => "the disk holds something else than an Eros volume; it is left as it is",
        StoreMessage.VolumeHeaderBad => "both copies of the volume header are damaged; the disk is left as it is",
        StoreMessage.FormatDiffers => "the volume has format %d, this kernel knows %d; start anew with --fresh",
        StoreMessage.ProtocolDiffers => "the volume has protocol %d, this kernel speaks %d; start anew with --fresh",
        StoreMessage.VolumeTruncated => "the volume has %d blocks, its disk only %d; the rest is missing",
        StoreMessage.GeometryBad => "the volume header describes no possible volume (%d blocks)",
        StoreMessage.NoCheckpoint => "no checkpoint header is readable; the disk is left as it is",
        StoreMessage.MigrationBegun => "generation %d is damaged and had begun to migrate (best is %d)",
        StoreMessage.MarksBad => "both migration marks are damaged; generation %d may not be the newest",
        StoreMessage.GenerationBad => "the log directory of generation %d is damaged, and nothing older may be used",
        StoreMessage.LesserProcessor => "saved processes need processor features %x that this machine lacks",
        StoreMessage.TooLittleMemory => "too little memory: the store needs %d frames, %d are free",
        StoreMessage.VolumeHeaderCopyBad => "copy %d of the volume header is damaged; the other one serves",
        StoreMessage.HeaderCopyBad => "the checkpoint header in block %d is damaged; its other copy serves",
        StoreMessage.MarkCopyBad => "the migration mark in block %d is damaged; its other copy serves",
        StoreMessage.OlderGeneration => "generation %d is damaged, its migration had not begun: resuming generation %d",
        StoreMessage.LogBlockBad => "log block %d of object %o is damaged; the object keeps what its home frame has",
        StoreMessage.TagBlockBad => "the tag block of objects from %o is damaged",
        StoreMessage.ObjectBad => "object %o is damaged (block %d)",
        StoreMessage.ObjectUnreadable => "object %o cannot be read from the disk (block %d)",
        StoreMessage.ReadError => "the disk reports a read error at block %d",
        StoreMessage.WriteError => "the disk reports a write error at block %d",
        StoreMessage.CheckpointFailed => "generation %d could not be saved; generation %d remains",
        StoreMessage.MigrationFailed => "generation %d could not be migrated; it remains in the log",
        StoreMessage.MemoryFull => "memory is full: object %o cannot be loaded",
        _ => "?",
    };
}
