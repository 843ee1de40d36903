// BookMemory: where everything in the books is. It knows the layout (BookLayout.cs) and nothing of what it means.

using System.Runtime.CompilerServices;

namespace Eros.Domains.Bank;

/// <summary>The two runs of memory that the books are kept in.</summary>
public sealed unsafe class BookMemory(byte* banks, byte* frames)
{
    /// <summary>Ends lists; no frame, no extent, no bank.</summary>
    public const uint None = uint.MaxValue;

    public const int PageBytes = 4096;
    public const int FramesPerExtent = 64;
    public const int LineCount = 256;

    private const int ExtentLog2 = 6;
    private const int GroupLog2 = 7;
    private const int ExtentsPerGroup = 1 << GroupLog2;
    private const int FramesPerGroup = ExtentsPerGroup * FramesPerExtent;
    private const int GroupPages = 1 + FramesPerGroup * BookEntry.SizeInBytes / PageBytes;
    private const int GroupBytes = GroupPages * PageBytes;
    private const int ExtentsPerPage = PageBytes / (FramesPerExtent * BookEntry.SizeInBytes);

    // Safety: the composition or a test owns both runs, as many pages of them as the header says, and the growers
    // lengthen them before anything beyond is asked for.
    private readonly byte* _banks = banks;
    private readonly byte* _frames = frames;

    public ref BookHeader Header => ref Unsafe.AsRef<BookHeader>(_banks);

    /// <summary>The extent that a line sells from.</summary>
    public ref uint Line(int line) => ref Unsafe.AsRef<uint>(_banks + BookHeader.Lines + line * sizeof(uint));

    public ref BankRecord Bank(uint bank)
    {
        Header.Touched++;
        return ref Unsafe.AsRef<BankRecord>(_banks + PageBytes + (ulong)bank * BankRecord.SizeInBytes);
    }

    public ref BookEntry Entry(uint frame)
    {
        Header.Touched++;
        byte* group = _frames + (ulong)(frame / FramesPerGroup) * GroupBytes;
        return ref Unsafe.AsRef<BookEntry>(group + PageBytes + frame % FramesPerGroup * BookEntry.SizeInBytes);
    }

    public ref ExtentRecord Extent(uint extent)
    {
        Header.Touched++;
        byte* group = _frames + (ulong)(extent >> GroupLog2) * GroupBytes;
        return ref Unsafe.AsRef<ExtentRecord>(group + extent % ExtentsPerGroup * ExtentRecord.SizeInBytes);
    }

    public static uint ExtentOf(uint frame) => frame >> ExtentLog2;

    public static uint FirstFrameOf(uint extent) => extent << ExtentLog2;

    /// <summary>Extents that so many frames touch.</summary>
    public static uint ExtentsFor(ulong frames) => (uint)((frames + FramesPerExtent - 1) >> ExtentLog2);

    /// <summary>Pages that the run of frames has when it is to have room for so many extents.</summary>
    public static int PagesFor(uint extents)
    {
        int inGroup = (int)(extents % ExtentsPerGroup);
        int pages = (int)(extents >> GroupLog2) * GroupPages;
        return inGroup == 0 ? pages : pages + 1 + (inGroup + ExtentsPerPage - 1) / ExtentsPerPage;
    }

    /// <summary>Extents that so many pages of the run of frames have room for.</summary>
    public static uint ExtentsIn(int pages)
    {
        int inGroup = pages % GroupPages;
        return (uint)(pages / GroupPages * ExtentsPerGroup + (inGroup == 0 ? 0 : (inGroup - 1) * ExtentsPerPage));
    }

    /// <summary>Banks that so many pages of the run of banks have room for.</summary>
    public static uint BanksIn(int pages) => (uint)((pages - 1) * (PageBytes / BankRecord.SizeInBytes));
}
