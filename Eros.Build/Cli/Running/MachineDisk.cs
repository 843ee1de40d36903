// MachineDisk: the file behind a machine's disk: made from the pristine volume when there is none, and looked at before
// QEMU is, so that what is wrong with it is said in one line.
//
// Invariants: a disk that exists is never written here except by --fresh, and what is certainly no disk of Eros not
// even by that; but one that gets a mirror, its mirror record. One that is being made has its name only when it is
// whole; the pristine volume is only read.

using System;
using System.IO;
using System.Security.Cryptography;
using Eros.Build.Qemu;
using Eros.Build.Volume;
using Eros.Persistence.Mirror;
using Eros.Persistence.Store;

namespace Eros.Build.Cli.Running;

/// <summary>Prepares disk files.</summary>
internal static class MachineDisk
{
    /// <summary>Volumes are made of blocks of this many bytes.</summary>
    private const int BlockBytes = 4096;

    private const string MakingAnew = "--fresh makes it anew.";
    private const string BothAnew = "--fresh makes both disks anew; what they hold is lost.";

    /// <summary>From here on, a count of events says which mirror it is of: a machine counts one by one, and does not
    /// come here.</summary>
    private const int MirrorShift = 32;

    // Two mirrors have the same number once in so many times.
    private const int Choices = 1 << 20;

    private static readonly byte[] _qcow = [.. "QFI"u8, 0xFB];

    /// <summary>Makes sure that <paramref name="path"/> is a disk that a machine can have.</summary>
    /// <param name="path">The disk's file.</param>
    /// <param name="pristine">What a new disk is a copy of.</param>
    /// <param name="fresh">Makes it anew even if it exists.</param>
    /// <param name="installs">The machine has the ISO, and asks whether to install on a blank disk.</param>
    /// <exception cref="UserError">It is something else, or in use.</exception>
    internal static void Prepare(string path, string pristine, bool fresh, bool installs = false)
    {
        Check(path, fresh, installs);
        if (fresh || !File.Exists(path))
        {
            Make(path, pristine);
        }
    }

    /// <summary>Makes the disk <paramref name="made"/> as the mirror of <paramref name="whole"/>, of which it becomes
    /// member <paramref name="member"/>.</summary>
    /// <remarks>
    /// All volumes of a composition have one id, and so have the mirrors that are made of a volume in turn: what tells
    /// them apart is where the count of events begins. Until the whole one says that both are in step, which it does
    /// only if nobody has used it since before it was copied, the new one says that it is an unfinished copy: nothing
    /// on it is ever taken for newer.
    /// </remarks>
    /// <exception cref="UserError">It cannot be.</exception>
    internal static void MakeMirror(string whole, string made, uint member)
    {
        CheckUnused(whole);
        DateTime writtenAt = File.GetLastWriteTimeUtc(whole);
        uint other = member ^ 1;
        if (VolumeFile.ReadHeader(whole) is not { } header || MirrorFile.Read(whole, header) is not { } record
            || MirrorFile.RefusalOf(record) != null)
        {
            throw new UserError($"{whole} holds no whole volume that {made} could be made a mirror of.");
        }

        if (record.Events != 0 && record.Member != other)
        {
            throw new UserError($"{whole} is disk {record.Member + 1} of a mirror; give it in that place.");
        }

        CheckMount(whole);
        ulong number = (record.Events >> MirrorShift) + (ulong)RandomNumberGenerator.GetInt32(1, Choices);
        ulong events = number << MirrorShift;
        Make(made, whole, part => MirrorFile.Join(part, header, events, member, inStep: other + 1));
        try
        {
            MirrorFile.Join(whole, header, events, other, writtenAt: writtenAt);
        }
        catch (IOException e)
        {
            File.Delete(made);
            throw new UserError($"{made} cannot be made: {e.Message}. End what uses it, and try again.");
        }

        MirrorFile.Join(made, header, events, member);
    }

    /// <summary>What to do about a disk that holds no whole volume: null without another disk, and else what does not
    /// cost more than there is.</summary>
    /// <param name="disk">The disk's file.</param>
    /// <param name="other">That of the other disk of the mirror; null: there is none.</param>
    internal static string? MendingBy(string disk, string? other)
    {
        if (other is null)
        {
            return null;
        }

        try
        {
            return HoldsAllOf(other, disk)
                ? $"Give it another name, and it is made again from {other}."
                : BothAnew;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is known of the other then, and nothing is said of it.
            return BothAnew;
        }
    }

    /// <summary>Refuses two disks of one mirror that no machine runs on: exchanged, or each with work that the other
    /// has not. The kernel would say so in one line, without their names, and stand there for ever. And disks of two
    /// mirrors, of which the kernel would take one for a pair's, or for one that has fallen behind.</summary>
    /// <exception cref="UserError">They are such disks.</exception>
    internal static void CheckPair(string first, string second)
    {
        if (VolumeFile.ReadHeader(first) is not { } header || VolumeFile.ReadHeader(second) is not { } other
            || header.Header.Name != other.Header.Name
            || MirrorFile.Read(first, header) is not { } one || MirrorFile.Read(second, other) is not { } two
            || one.Member == two.Member)
        {
            return;
        }

        if (one.Member > two.Member)
        {
            throw new UserError(
                $"{first} is disk 2 of the mirror, and {second} disk 1; give them the other way round.");
        }

        if (one.Events >> MirrorShift != two.Events >> MirrorShift)
        {
            throw new UserError(
                $"{first} and {second} are disks of two mirrors: they are of different machines, or one of them has "
                + "been given another mate. Give the two of one mirror.");
        }

        int order = one.Events.CompareTo(two.Events);
        if (MirrorTable.Decide(MirrorFile.KindOf(one), MirrorFile.KindOf(two), order) == MirrorAction.RefuseSplit)
        {
            throw new UserError(
                $"{first} holds {Newest(first)}, {second} {Newest(second)}, and each has run without the other. Give "
                + "the one that is to go on, and a name that is free in the place of the other: what only that one "
                + "holds is given up then.");
        }
    }

    /// <summary>Refuses a disk that the kernel would not come back to, which would say so and stand there.</summary>
    /// <exception cref="UserError">It is such a disk.</exception>
    internal static void CheckMount(string path)
    {
        CheckWhole(path);
        if (VolumeFile.ReadHeader(path) != null && VolumeFile.MountRefusalOf(path) is { } refusal)
        {
            string others = string.Join(", ", VolumeFile.BootableOf(path));
            string way = others.Length == 0 ? "" : $"; --generation comes back to one of these: {others}";
            throw new UserError($"{path}: {refusal}{way}.");
        }
    }

    /// <summary>Refuses a disk of a mirror that may hold a part of the volume only.</summary>
    /// <exception cref="UserError">It is such a disk.</exception>
    internal static void CheckWhole(string path)
    {
        if (VolumeFile.ReadHeader(path) is { } header
            && MirrorFile.RefusalOf(MirrorFile.Read(path, header)) is { } refusal)
        {
            throw new UserError($"{path}: {refusal}.");
        }
    }

    /// <summary>The part of <see cref="Prepare"/> that needs no pristine volume: refuses what it would refuse, and
    /// writes nothing.</summary>
    /// <param name="path">The disk's file.</param>
    /// <param name="fresh">It is to be made anew.</param>
    /// <param name="installs">The machine has the ISO.</param>
    /// <param name="mending">What to do about a disk that holds no whole volume; null: make it anew.</param>
    internal static void Check(string path, bool fresh, bool installs = false, string? mending = null)
    {
        Paths.Writable(path, "--disk");
        if (new FileInfo(path) is { LinkTarget: { } target } && !Path.Exists(Paths.Real(path)))
        {
            throw new UserError($"{path} is a link to {target}, which does not exist.");
        }

        if (!File.Exists(path))
        {
            return;
        }

        if (!Paths.IsRegularFile(path))
        {
            throw new UserError($"{path} is a device or a pipe; --disk takes a file, or QEMU drive text.");
        }

        CheckUnused(path);
        CheckRaw(path);
        if (fresh)
        {
            CheckReplaceable(path);
        }
        else
        {
            CheckSize(path, mending);
            CheckContent(path, installs, mending);
        }
    }

    /// <summary>What a machine comes back to, in words.</summary>
    private static string Newest(string path)
    {
        VolumeReport report = VolumeInspector.Inspect(path, verify: false);
        return report is { Refusal: null, Generation: { } newest }
            ? $"generation {newest.Generation}"
            : $"nothing that a machine comes back to ({report.Refusal})";
    }

    /// <summary>Whether a disk is whole, and as far as anybody knows not behind another of the same mirror.</summary>
    private static bool HoldsAllOf(string whole, string other)
    {
        if (Paths.Real(whole) == Paths.Real(other) || !Paths.IsRegularFile(whole)
            || VolumeFile.ReadHeader(whole) is not { } header || VolumeFile.MountRefusalOf(whole) != null
            || MirrorFile.Read(whole, header) is not { } record || MirrorFile.RefusalOf(record) != null)
        {
            return false;
        }

        return VolumeFile.ReadHeader(other) is not { } damaged || damaged.Header.Name != header.Header.Name
            || MirrorFile.Read(other, damaged) is not { } last
            || (last.Events <= record.Events && MirrorFile.KindOf(last) != MirrorKind.Alone);
    }

    private static void CheckReplaceable(string path)
    {
        if (VolumeFile.RefusalOf(path) == StoreMessage.ForeignDisk)
        {
            throw new UserError($"{path} is no disk of Eros; delete it if it is to become one.");
        }
    }

    /// <summary>The kernel would say the same in one line, and stand there for ever.</summary>
    private static void CheckContent(string path, bool installs, string? mending)
    {
        string? refusal = VolumeFile.RefusalOf(path) switch
        {
            StoreMessage.ForeignDisk => "is no disk of Eros; delete it if it is to become one.",
            StoreMessage.VolumeHeaderBad => $"has no volume header that can be read. {mending ?? MakingAnew}",
            StoreMessage.BlankDisk when !installs => "is blank. " + (mending
                ?? "--fresh makes a disk of it, and with --iso the machine asks whether to install there."),
            _ => null,
        };
        if (refusal is not null)
        {
            throw new UserError($"{path} {refusal}");
        }
    }

    private static void CheckSize(string path, string? mending)
    {
        long bytes = new FileInfo(path).Length;
        if (bytes == 0 || bytes % BlockBytes != 0)
        {
            string help = VolumeFile.RefusalOf(path) == StoreMessage.ForeignDisk
                ? "It is no disk of Eros; delete it if it is to become one."
                : mending ?? MakingAnew;
            throw new UserError($"{path} has {bytes} bytes; a disk has a multiple of {BlockBytes}. {help}");
        }
    }

    /// <summary>QEMU holds record locks on the images that it runs on.</summary>
    private static void CheckUnused(string path)
    {
        using FileStream file = OpenToWrite(path);
        try
        {
            FileDisk.Lock(file);
        }
        catch (IOException)
        {
            throw new UserError($"{path} is in use by another machine. End that (Ctrl-A X), or name another disk.");
        }
    }

    private static FileStream OpenToWrite(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            throw new UserError($"{path} may not be written to. Change its permissions, or name another with --disk.");
        }
        catch (IOException e)
        {
            throw new UserError($"{path} cannot be written to: {e.Message}. Name another with --disk.");
        }
    }

    /// <summary>What QEMU knows by its beginning is a disk in a format of its own, whatever else is in it.</summary>
    private static void CheckRaw(string path)
    {
        byte[] start = new byte[_qcow.Length];
        using FileStream file = File.OpenRead(path);
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.AsSpan().SequenceEqual(_qcow))
        {
            throw new UserError(
                $"{path} is a disk in QEMU's format qcow2. --disk file={path},format=qcow2 has a machine run on it.");
        }
    }

    private static void Make(string path, string pristine, Action<string>? change = null)
    {
        string part = Unused(path + ".part");
        try
        {
            DiskFile.CopySparse(pristine, part);
            change?.Invoke(part);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(part))
            {
                File.Delete(part);
            }

            throw new UserError($"{path} cannot be made: {e.Message}");
        }
    }

    private static string Unused(string path)
    {
        string unused = path;
        for (int number = 2; Path.Exists(unused); number++)
        {
            unused = $"{path}{number}";
        }

        return unused;
    }
}
