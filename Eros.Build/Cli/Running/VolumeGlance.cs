// VolumeGlance: what the volume header on a disk says, before a machine is started on it, beside that of the pristine
// volume, which was made with the present kernel and domains.
//
// Only what is certain leads to a refusal: a header whose checksum fits. Anything else (a blank disk, one of another
// format, both headers damaged) is for the kernel to judge.

using System;
using System.IO;
using Eros.Build.Volume;
using Eros.Persistence.Layout;

namespace Eros.Build.Cli.Running;

/// <summary>Looks at volume headers in files.</summary>
internal static class VolumeGlance
{
    /// <summary>Refuses a volume that the kernel would refuse for its format, its protocol or its size.</summary>
    /// <param name="disk">The disk image.</param>
    /// <param name="pristine">The volume of the kernel and the domains as they are now.</param>
    /// <returns>True when the disk's volume was made of other domains than these.</returns>
    /// <exception cref="UserError">It is such a volume.</exception>
    internal static bool HasOtherDomains(string disk, string pristine)
    {
        if (VolumeFile.ReadHeader(disk) is not { } header || VolumeFile.ReadHeader(pristine) is not { } current)
        {
            return false;
        }

        if (header.Format != current.Format || header.Protocol != current.Protocol)
        {
            throw new UserError(
                $"{disk} has format {header.Format} and protocol {header.Protocol}, this kernel has "
                + $"{current.Format} and {current.Protocol}. --fresh starts a new volume; the old one is lost.");
        }

        ulong blocks = (ulong)new FileInfo(disk).Length / VolumeHeader.SizeInBytes;
        if (header.Geometry.Blocks > blocks)
        {
            throw new UserError(
                $"{disk} is cut short: its volume has {header.Geometry.Blocks} blocks of 4096 bytes, the file "
                + $"{blocks}. Bring the rest back, or start a new volume with --fresh.");
        }

        ReadOnlySpan<byte> digest = header.Digest;
        return !digest.SequenceEqual(current.Digest);
    }
}
