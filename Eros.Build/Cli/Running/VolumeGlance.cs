// VolumeGlance: what the volume header on a disk says, before a machine is started on it, beside that of the pristine
// volume, which was made with the present kernel and domains.
//
// Only what is certain leads to a refusal: a header whose checksum fits. A disk without one is MachineDisk's to judge.

using System;
using System.IO;
using Eros.Build.Volume;
using Eros.Persistence.Layout;

namespace Eros.Build.Cli.Running;

/// <summary>Looks at volume headers in files.</summary>
internal static class VolumeGlance
{
    /// <summary>What helps when a machine's disk cannot be used.</summary>
    internal const string OfDisk = "--fresh starts a new volume; the old one is lost.";

    /// <summary>What helps when the volume of a composition cannot.</summary>
    internal const string OfSystem = "Build the composition again.";

    /// <summary>Refuses a volume that the kernel would refuse for its format, its protocol or its size.</summary>
    /// <param name="volume">Its file.</param>
    /// <param name="made">The volume that was made with the kernel as it is now.</param>
    /// <param name="help">What to do about it.</param>
    /// <param name="mending">What else to do about one that is cut short; null: the same.</param>
    /// <exception cref="UserError">It is such a volume.</exception>
    internal static void CheckUsable(string volume, string made, string help, string? mending = null)
    {
        if (VolumeFile.ReadHeader(volume) is not { } header || VolumeFile.ReadHeader(made) is not { } current)
        {
            return;
        }

        if (header.Format < VolumeHeader.OldestFormat || header.Format > current.Format
            || header.Protocol != current.Protocol)
        {
            throw new UserError(
                $"{volume} has format {header.Format} and protocol {header.Protocol}, this kernel has "
                + $"{current.Format} and {current.Protocol}. {help}");
        }

        ulong blocks = (ulong)new FileInfo(volume).Length / VolumeHeader.SizeInBytes;
        if (header.Geometry.Blocks > blocks)
        {
            throw new UserError(
                $"{volume} is cut short: its volume has {header.Geometry.Blocks} blocks of 4096 bytes, the file "
                + $"{blocks}. Bring the rest back. {mending ?? help}");
        }
    }

    /// <summary>True when the disk's volume was made of other domains than the pristine one.</summary>
    internal static bool HasOtherDomains(string disk, string pristine)
    {
        if (VolumeFile.ReadHeader(disk) is not { } header || VolumeFile.ReadHeader(pristine) is not { } current)
        {
            return false;
        }

        ReadOnlySpan<byte> digest = header.Digest;
        return !digest.SequenceEqual(current.Digest);
    }
}
