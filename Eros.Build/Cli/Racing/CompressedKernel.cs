using System;
using System.Buffers.Binary;

namespace Eros.Build.Cli.Racing;

/// <summary>A Linux kernel as distributions have it: a loader, and behind it the kernel's ELF file, compressed. QEMU
/// starts the ELF file itself, as it does our kernel, and much sooner.</summary>
internal static class CompressedKernel
{
    // Of the header of the x86 boot protocol, version 2.08 and later: Documentation/arch/x86/boot.rst.
    private const int SetupSectorsAt = 0x1F1;
    private const int MagicAt = 0x202;
    private const int PayloadOffsetAt = 0x248;
    private const int PayloadLengthAt = 0x24C;
    private const int SectorBytes = 512;

    /// <summary>Behind the compressed data its length without compression is part of the payload.</summary>
    private const int LengthBytes = 4;

    private static ReadOnlySpan<byte> Magic => "HdrS"u8;

    private static ReadOnlySpan<byte> XzMagic => [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    /// <summary>The ELF file within, compressed by xz.</summary>
    /// <param name="file">Where it was read from.</param>
    /// <param name="kernel">What was read.</param>
    /// <exception cref="UserError">It is no such kernel.</exception>
    internal static ReadOnlySpan<byte> Payload(string file, ReadOnlySpan<byte> kernel)
    {
        if (kernel.Length < PayloadLengthAt + sizeof(uint) || !kernel[MagicAt..].StartsWith(Magic))
        {
            throw new UserError($"{file} is no Linux kernel.");
        }

        long start = ((kernel[SetupSectorsAt] + 1) * SectorBytes)
            + (long)BinaryPrimitives.ReadUInt32LittleEndian(kernel[PayloadOffsetAt..]);
        long length = (long)BinaryPrimitives.ReadUInt32LittleEndian(kernel[PayloadLengthAt..]) - LengthBytes;
        if (length < XzMagic.Length || start + length > kernel.Length)
        {
            throw new UserError($"{file} is cut off.");
        }

        ReadOnlySpan<byte> payload = kernel.Slice((int)start, (int)length);
        return payload.StartsWith(XzMagic)
            ? payload
            : throw new UserError($"{file} is not compressed by xz, as Debian's kernel is.");
    }
}
