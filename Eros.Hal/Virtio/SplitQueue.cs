// SplitQueue: the driver's half of a split virtqueue (Virtual I/O Device 1.2, 2.7). Ring arithmetic only; no device
// is touched here.
//
//   descriptors   16 bytes x size: 0 address u64 | 8 length u32 | 12 flags u16 | 14 next u16
//   available     0 flags u16 | 2 index u16 | 4 ring u16 x size | used event u16        (driver writes)
//   used          0 flags u16 | 2 index u16 | 4 ring {id u32, length u32} x size | available event u16 (device writes)
//
// Both indices run freely modulo 65536; the place in a ring is the index modulo the size, a power of two.
// Invariants: at most `size` chains are offered and not yet taken back (2.7.13.1); the device's numbers are never
// believed: an index that runs ahead of what was offered, or an id that is no descriptor, breaks the queue for
// good.
//
// Safety: the caller gives memory of BytesFor(size) bytes, zeroed, that the device and this class alone use.

using System.Threading;

namespace Eros.Hal.Virtio;

/// <summary>A virtqueue in memory that driver and device share.</summary>
public sealed unsafe class SplitQueue(byte* memory, int size)
{
    public const ushort HasNext = 1;
    public const ushort DeviceWrites = 2;

    private const int DescriptorBytes = 16;
    private const int RingHeader = 4;
    private const int UsedBytes = 8;

    private readonly byte* _descriptors = memory;
    private readonly byte* _available = memory + AvailableOffset(size);
    private readonly byte* _used = memory + UsedOffset(size);
    private ushort _offered;
    private ushort _taken;

    /// <summary>Descriptors; a power of two.</summary>
    public int Size { get; } = size;

    /// <summary>The device wrote what no device may write. Nothing more is taken from it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Offset of the available ring from the descriptors, bytes.</summary>
    public static int AvailableOffset(int size) => size * DescriptorBytes;

    /// <summary>Offset of the used ring from the descriptors, bytes; a multiple of 4.</summary>
    public static int UsedOffset(int size) => (AvailableOffset(size) + RingHeader + size * 2 + 2 + 3) & ~3;

    /// <summary>Bytes of the whole queue.</summary>
    public static int BytesFor(int size) => UsedOffset(size) + RingHeader + size * UsedBytes + 2;

    /// <summary>Fills descriptor <paramref name="index"/>; with <see cref="HasNext"/> the next one continues the
    /// chain.</summary>
    public void Describe(int index, ulong address, uint length, ushort flags)
    {
        byte* descriptor = _descriptors + index * DescriptorBytes;
        *(ulong*)descriptor = address;
        *(uint*)(descriptor + 8) = length;
        *(ushort*)(descriptor + 12) = flags;
        *(ushort*)(descriptor + 14) = (ushort)(index + 1);
    }

    /// <summary>Makes the chain that begins at <paramref name="head"/> available (2.7.13). The device must then be
    /// notified.</summary>
    public void Offer(int head)
    {
        Volatile.Write(ref *(ushort*)(_available + RingHeader + (_offered & (Size - 1)) * 2), (ushort)head);
        _offered++;

        // Stores are not reordered on x86, so the device sees the chain before the index.
        Volatile.Write(ref *(ushort*)(_available + 2), _offered);
    }

    /// <summary>Takes back the next chain that the device has finished (2.7.14). False: there is none.</summary>
    public bool TryTake(out int head)
    {
        ushort finished = Volatile.Read(ref *(ushort*)(_used + 2));
        head = -1;
        if (finished == _taken || IsBroken)
        {
            return false;
        }

        uint id = *(uint*)(_used + RingHeader + (_taken & (Size - 1)) * UsedBytes);
        if ((ushort)(finished - _taken) > (ushort)(_offered - _taken) || id >= Size)
        {
            IsBroken = true;
            return false;
        }

        _taken++;
        head = (int)id;
        return true;
    }
}
