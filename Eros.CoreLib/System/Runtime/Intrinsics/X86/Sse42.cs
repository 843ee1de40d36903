using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>CRC-32C (Castagnoli): one step over the bytes of <c>data</c>, no inversion before or after.</summary>
[Intrinsic]
public abstract class Sse42 : X86Base
{
    public static new bool IsSupported => IsSupported;

    public static uint Crc32(uint crc, byte data) => Crc32(crc, data);

    public static uint Crc32(uint crc, uint data) => Crc32(crc, data);

    [Intrinsic]
    public new abstract class X64 : X86Base.X64
    {
        public static new bool IsSupported => IsSupported;

        public static ulong Crc32(ulong crc, ulong data) => Crc32(crc, data);
    }
}
