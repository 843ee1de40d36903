// StoreMessage: everything that the store has to say, with its text, in one place. The kernel prints these lines on the
// console, the command on the host prints the same ones.
//
// All the texts are one constant: a string for each would cost the kernel three times the bytes.
// In a text, %d is the next number in decimal, %x in hexadecimal, %o an OID (12 hexadecimal digits); the first line
// stands for a '!' at its end.

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
    MirrorOrder,
    MirrorSplit,
    MirrorUnfinished,
    LastRefusal = MirrorUnfinished,
    VolumeHeaderCopyBad,
    HeaderCopyBad,
    MarkCopyBad,
    OlderGeneration,
    LogBlockBad,
    JournalBad,
    TagBlockBad,
    ObjectBad,
    ObjectUnreadable,
    ReadError,
    WriteError,
    CheckpointFailed,
    MigrationFailed,
    MemoryFull,
    MirrorLost,
    MirrorBack,
    MirrorInStep,
    MirrorForeign,
    MirrorRecordBad,
}

/// <summary>The texts.</summary>
public static class StoreText
{
    /// <summary>Bytes that every line fits in.</summary>
    public const int LineBytes = 160;

    private const int OidDigits = 12;

    /// <summary>
    /// What '!' stands for, then one line for each message after None, in the order of the enumeration.
    /// </summary>
    private static ReadOnlySpan<byte> Lines =>
        """
        ; --fresh starts anew
        no disk: nothing will be kept
        the disk cannot be read (block %d)
        the disk is blank
        the disk holds no Eros volume; it is left as it is
        both copies of the volume header are damaged!
        the volume has format %d, this kernel knows %d!
        the volume has protocol %d, this kernel speaks %d!
        the volume has %d blocks, its disk only %d!
        the volume header describes no possible volume (%d blocks)!
        no checkpoint header is readable!
        generation %d is damaged and had begun to migrate (best is %d)!
        both migration marks are damaged; generation %d may not be the newest!
        the directory of generation %d is damaged, and nothing older is safe!
        saved processes need processor features %x that this machine lacks
        too little memory: the store needs %d frames, %d are free
        the disks are in the wrong order
        each disk of the mirror has run alone: give one, and delete the other
        the disk is an unfinished copy: give the other, too
        copy %d of the volume header is damaged; the other one serves
        the checkpoint header in block %d is damaged
        the migration mark in block %d is damaged
        generation %d is damaged, its migration had not begun: resuming generation %d
        log block %d is damaged; object %o cannot be brought home
        record %d of the journal cannot be read
        the tag block of objects from %o is damaged
        object %o is damaged (block %d)
        object %o cannot be read from the disk (block %d)
        the disk reports a read error at block %d
        the disk reports a write error at block %d
        generation %d could not be saved; generation %d remains
        generation %d could not be migrated; it remains in the log
        memory is full: object %o waits for room
        disk %d of the mirror is lost, disk %d goes on alone
        disk %d is there again, and is brought up to date
        disk %d is in step again
        disk %d is not of this mirror, and is left as it is
        a mirror record is damaged

        """u8;

    /// <summary>
    /// Writes the line, without "eros: " and without an end of line, in ASCII; returns its length in bytes.
    /// </summary>
    public static int Format(StoreMessage message, ulong first, ulong second, Span<byte> line)
    {
        int at = 0;
        for (int skip = (int)message; skip > 0; at++)
        {
            skip -= Lines[at] == '\n' ? 1 : 0;
        }

        ulong number = first;
        int length = 0;
        for (; Lines[at] != '\n'; at++)
        {
            if (Lines[at] == '!')
            {
                at = -1;
                continue;
            }

            if (Lines[at] != '%')
            {
                line[length++] = Lines[at];
                continue;
            }

            at++;
            uint radix = Lines[at] == 'd' ? 10u : 16;
            length = Digits(line, length, number, radix, Lines[at] == 'o' ? OidDigits : 1);
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
            uint digit = (uint)(number % radix);
            line[at + i] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
            number /= radix;
        }

        return at + count;
    }
}
