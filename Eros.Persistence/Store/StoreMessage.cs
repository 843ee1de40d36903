// StoreMessage: everything that the store has to say, with its text, in one place. The kernel prints these lines on the
// console, the command on the host prints the same ones.
//
// All the texts are one constant: a string for each would cost the kernel three times the bytes.
// In a text, %d is the next number in decimal, %x in hexadecimal, %o an OID (12 hexadecimal digits); a digit stands for
// one of the phrases that the lines begin with.

using System;
using System.Runtime.CompilerServices;

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
    private const int Phrases = 10;

    /// <summary>
    /// The phrases that 0 to 9 stand for, then one line for each message after None, in the order of the enumeration.
    /// </summary>
    private static ReadOnlySpan<byte> Lines =>
        """
        ; --fresh starts anew
         is damaged
        generation %d
        the disk
        the volume
        block %d
         cannot be read
        disk %d
        object %o
         header
        no disk: nothing will be kept
        36 (5)
        3 is blank
        3 holds no Eros volume; it is left as it is
        both copies of 49 are damaged0
        4 has format %d, this kernel knows %d0
        4 has protocol %d, this kernel speaks %d0
        4 has %d blocks, its disk only %d0
        49 describes no possible volume (%d blocks)0
        no checkpoint9 is readable0
        21 and had begun to migrate (best is %d)0
        both migration marks are damaged; 2 may not be the newest0
        the directory of 21, and nothing older is safe0
        saved processes need processor features %x that this machine lacks
        too little memory: the store needs %d frames, %d are free
        3s are in the wrong order
        each disk of the mirror has run alone: give one, and delete the other
        3 is an unfinished copy: give the other, too
        copy %d of 491; the other one serves
        the checkpoint9 in 51
        the migration mark in 51
        21, its migration had not begun: resuming 2
        log 51; 8 cannot be brought home
        record %d of the journal6
        the tag block of objects from %o1
        81 (5)
        86 from 3 (5)
        3 reports a read error at 5
        3 reports a write error at 5
        2 could not be saved; 2 remains
        2 could not be migrated; it remains in the log
        memory is full: 8 waits for room
        7 of the mirror is lost, 7 goes on alone
        7 is there again, and is brought up to date
        7 is in step again
        7 is not of this mirror, and is left as it is
        a mirror record1

        """u8;

    /// <summary>
    /// Writes the line, without "eros: " and without an end of line, in ASCII; returns its length in bytes.
    /// </summary>
    public static int Format(StoreMessage message, ulong first, ulong second, Span<byte> line)
    {
        ulong number = first;
        int length = 0;
        int at = StartOf((int)message + Phrases - 1);
        int behindPhrase = 0;
        while (true)
        {
            byte next = Lines[at++];
            if (next == '\n')
            {
                if (behindPhrase == 0)
                {
                    return length;
                }

                at = behindPhrase;
                behindPhrase = 0;
            }
            else if (next == '%')
            {
                byte kind = Lines[at++];
                length = Digits(line, length, number, kind == 'd' ? 10u : 16, kind == 'o' ? OidDigits : 1);
                number = second;
            }
            else if ((uint)(next - '0') < Phrases)
            {
                behindPhrase = at;
                at = StartOf(next - '0');
            }
            else
            {
                line[length++] = next;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int StartOf(int text)
    {
        int at = 0;
        while (text > 0)
        {
            text -= Lines[at++] == '\n' ? 1 : 0;
        }

        return at;
    }

    private static int Digits(Span<byte> line, int at, ulong number, uint radix, int least)
    {
        int count = 1;
        for (ulong rest = number / radix; rest != 0 || count < least; rest /= radix)
        {
            count++;
        }

        for (int i = count - 1; i >= 0; i--)
        {
            uint digit = (uint)(number % radix);
            line[at + i] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
            number /= radix;
        }

        return at + count;
    }
}
