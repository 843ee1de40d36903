// PhysicalWindow: where the boot code finds physical memory. In the kernel the origin is the direct map; in a test
// it is one pinned array.
//
// Safety: every span is checked against the limit, below which everything that is asked for is mapped.

using System;

namespace Eros.Hal.Firmware;

/// <summary>Physical addresses 0 to <paramref name="limit"/>, exclusive, as bytes.</summary>
public readonly unsafe struct PhysicalWindow(byte* origin, ulong limit)
{
    private readonly byte* _origin = origin;
    private readonly ulong _limit = limit;

    /// <summary>The bytes at a physical address; empty unless all of them are inside the window.</summary>
    public ReadOnlySpan<byte> Bytes(ulong address, ulong length) =>
        length <= int.MaxValue && address <= _limit && length <= _limit - address
            ? new ReadOnlySpan<byte>(_origin + address, (int)length)
            : default;
}
