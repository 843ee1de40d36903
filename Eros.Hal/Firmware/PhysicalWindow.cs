// PhysicalWindow: where the boot code finds physical memory. In the kernel the origin is the direct map; in a test
// it is one pinned array.
//
// Safety: every pointer is checked against the limit, below which everything that is asked for is mapped. What lies
// there is read as the structure that the specification puts there; the structures are packed, since tables are not
// aligned.

using System.Runtime.CompilerServices;

namespace Eros.Hal.Firmware;

/// <summary>Physical addresses 0 to <paramref name="limit"/>, exclusive.</summary>
public readonly unsafe struct PhysicalWindow(byte* origin, ulong limit)
{
    private readonly byte* _origin = origin;
    private readonly ulong _limit = limit;

    /// <summary>The bytes at a physical address; null unless all of them are inside the window, and for address
    /// 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public byte* Find(ulong address, ulong length) =>
        address != 0 && address <= _limit && length <= _limit - address ? _origin + address : null;
}
