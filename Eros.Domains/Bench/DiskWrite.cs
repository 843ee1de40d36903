using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>
/// A page is journalled: the caller waits for the store's thread and the disk's driver, which is a thread of the kernel
/// too, and goes on. Threads run in whatever space is loaded, so nobody loads another. How long it takes is the disk's
/// affair, and so not exact; meanwhile runs who has nothing else to do (<see cref="Stillness"/>), in the same space.
/// </summary>
internal sealed unsafe class DiskWrite(ICheckpoint checkpoint, IPage page) : Measurement("page journalled by a driver")
{
    /// <summary>Fewer than the journal has room for between two checkpoints.</summary>
    private const uint PagesOfACheckpoint = 32;

    private readonly ICheckpoint _checkpoint = checkpoint;
    private readonly IPage _page = page;
    private readonly byte* _address = OwnMemory.At(SpaceLayout.Own);
    private uint _count;

    public override void Prepare()
    {
        if (_count++ % PagesOfACheckpoint == 0)
        {
            _checkpoint.Take(out ulong generation);
            _checkpoint.WaitSettled(generation);
        }

        ++*_address;
    }

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        Result result = _checkpoint.JournalPage(_page);
        ulong cycles = Timestamp.Read() - start;
        return result == Result.Ok ? cycles : throw new System.InvalidOperationException(ResultText.Of(result));
    }
}
