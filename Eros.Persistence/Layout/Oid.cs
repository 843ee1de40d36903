// Oid: the name of an object, 48 bits, never reused for another object without a new version.
//
//   47      40 39                          3 2     0
//  +----------+-----------------------------+-------+
//  |  volume  |        frame number         | index |
//  +----------+-----------------------------+-------+
//
// Volume 0 is the machine's own store; other values are left for ranges of other machines in a cluster.
// Index is the node's place in its pot (0..6) and 0 for pages and processes.

namespace Eros.Persistence.Layout;

/// <summary>The 48-bit identifier of a page, node or process.</summary>
public readonly struct Oid
{
    /// <summary>Bits of an OID that are in use.</summary>
    public const int Bits = 48;

    /// <summary>Frame numbers are below this: 2^37 frames of 4 KB, 512 TB.</summary>
    public const ulong FrameLimit = 1UL << 37;

    private const int IndexBits = 3;
    private const int VolumeShift = 40;

    /// <summary>The 48 bits, upper 16 zero.</summary>
    public readonly ulong Value;

    public Oid(ulong value) => Value = value & ((1UL << Bits) - 1);

    private Oid(ulong value, int shift) => Value = value >> shift;

    /// <summary>The object at <paramref name="index"/> of home frame <paramref name="frame"/> on volume 0.</summary>
    public static Oid Of(ulong frame, int index = 0) => new((frame << IndexBits) | (uint)index, 0);

    /// <summary>The OID in the upper <see cref="Bits"/> bits of <paramref name="word"/>.</summary>
    public static Oid InUpper(ulong word) => new(word, 64 - Bits);

    /// <summary>The home frame, counted from 0.</summary>
    public ulong Frame => Value << (64 - VolumeShift) >> (64 - VolumeShift + IndexBits);

    /// <summary>The node's place in its pot, 0 for pages and processes. 7 names nothing.</summary>
    public int Index => (int)(Value & ((1 << IndexBits) - 1));

    /// <summary>0: this machine's store.</summary>
    public int Volume => (int)(Value >> VolumeShift);
}
