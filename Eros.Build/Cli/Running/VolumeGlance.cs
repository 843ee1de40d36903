// VolumeGlance: what the first block of a disk says, before a machine is started on it.
//
// Only what is certain leads to a refusal: a header whose checksum fits. Anything else (a blank disk, a damaged header, of
// which the volume has a second copy) is for the kernel to judge.

using System;
using System.IO;
using System.Numerics;
using System.Runtime.InteropServices;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Build.Cli.Running;

/// <summary>Looks at volume headers in files.</summary>
internal static class VolumeGlance
{
    /// <summary>Refuses a volume that the kernel would refuse for its format, its protocol or its size.</summary>
    /// <param name="disk">The disk image.</param>
    /// <param name="pristine">The volume of the domains as they are now.</param>
    /// <returns>True when the disk's volume was made of other domains than these.</returns>
    /// <exception cref="UserError">It is such a volume.</exception>
    internal static bool HasOtherDomains(string disk, string pristine)
    {
        if (Read(disk) is not { } header)
        {
            return false;
        }

        if (header.Format != VolumeHeader.FormatVersion || header.Protocol != ProtocolVersion.Current)
        {
            throw new UserError(
                $"{disk} has format {header.Format} and protocol {header.Protocol}, this kernel has "
                + $"{VolumeHeader.FormatVersion} and {ProtocolVersion.Current}. --fresh starts a new volume; the old is lost.");
        }

        ulong blocks = (ulong)new FileInfo(disk).Length / VolumeHeader.SizeInBytes;
        if (header.Geometry.Blocks > blocks)
        {
            throw new UserError(
                $"{disk} is cut short: its volume has {header.Geometry.Blocks} blocks of 4096 bytes, the file {blocks}. "
                + "Bring the rest back, or start a new volume with --fresh.");
        }

        return Read(pristine) is { } current && !((ReadOnlySpan<byte>)current.Digest).SequenceEqual(header.Digest);
    }

    private static VolumeHeader? Read(string path)
    {
        byte[] block = new byte[VolumeHeader.SizeInBytes];
        using (FileStream file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            if (file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) < block.Length)
            {
                return null;
            }
        }

        VolumeHeader header = MemoryMarshal.Read<VolumeHeader>(block);
        return header.Header.Magic == VolumeHeader.MagicValue && header.Header.Crc == Checksum(block) ? header : null;
    }

    /// <summary>CRC-32C of a block but for the checksum itself, as <see cref="BlockHeader"/> has it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> block)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, MemoryMarshal.Read<uint>(block[sizeof(uint)..]));
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(block)[1..])
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        return ~crc;
    }
}
