using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Eros.Build.Cli;
using Eros.Build.Cli.Running;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Volume;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

[TestFixture, Category(TestKind.Unit)]
public sealed class MachineDiskTests
{
    private const int PristineBytes = 3 << 20;
    private const int BlockBytes = 4096;

    private TemporaryFolder _folder = null!;
    private string _pristine = null!;

    [SetUp]
    public void MakePristine()
    {
        _folder = new TemporaryFolder();
        _pristine = _folder.File("pristine.img");
        byte[] content = new byte[PristineBytes];
        content[0] = 1;
        content[^1] = 2;
        File.WriteAllBytes(_pristine, content);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_disk_that_does_not_exist_is_a_copy_of_the_pristine_volume()
    {
        string disk = _folder.File("machine.img");
        MachineDisk.Prepare(disk, _pristine, fresh: false);
        Assert.That(File.ReadAllBytes(disk), Is.EqualTo(File.ReadAllBytes(_pristine)));
    }

    [Test]
    public void A_disk_that_exists_is_left_as_it_is()
    {
        string disk = _folder.File("volume.img");
        HostStore.Format(disk, VolumeBuilder.GeometryFor(1000), id: 1, protocol: 1, [1]);
        byte[] before = File.ReadAllBytes(disk);
        MachineDisk.Prepare(disk, _pristine, fresh: false);
        Assert.That(File.ReadAllBytes(disk).AsSpan().SequenceEqual(before));
    }

    [TestCase(0u)]
    [TestCase(1u)]
    public void A_mirror_is_made_of_either_disk_and_both_know_it(uint made)
    {
        string old = NewVolume("old.img");
        string mirror = _folder.File("mirror.img");
        MachineDisk.MakeMirror(old, mirror, made);
        ulong events = Mirror(mirror)!.Events;
        Assert.That(Mirror(mirror), Is.EqualTo(new MirrorReport(events, made, 3)));
        Assert.That(Mirror(old), Is.EqualTo(new MirrorReport(events, made ^ 1, 3)));
        Assert.That(VolumeInspector.Inspect(mirror, verify: true).Errors, Is.Empty);

        File.Delete(mirror);
        MachineDisk.MakeMirror(old, mirror, made);
        Assert.That(Mirror(old), Is.EqualTo(new MirrorReport(Mirror(mirror)!.Events, made ^ 1, 3)));
        Assert.That(Mirror(mirror)!.Events, Is.GreaterThan(events));
        Assert.That(
            () => MachineDisk.MakeMirror(old, _folder.File("third.img"), made ^ 1),
            Throws.TypeOf<UserError>().With.Message.Contains($"is disk {2 - made} of a mirror"));
        Assert.That(File.Exists(_folder.File("third.img")), Is.False);
    }

    [Test]
    public void Of_a_disk_that_is_written_to_while_it_is_copied_no_mirror_is_made()
    {
        string volume = NewVolume("volume.img");
        string mirror = _folder.File("mirror.img");
        MirrorReport? before = Mirror(volume);
        bool isOver = false;
        long time = 0;
        var writer = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                File.SetLastWriteTimeUtc(volume, DateTime.UnixEpoch.AddSeconds(++time));
            }
        });
        writer.Start();
        UserError? error = null;
        try
        {
            MachineDisk.MakeMirror(volume, mirror, 1);
        }
        catch (UserError e)
        {
            error = e;
        }

        Volatile.Write(ref isOver, true);
        writer.Join();
        Assert.That(error?.Message, Does.Contain("was written to while it was copied"));
        Assert.That(File.Exists(mirror), Is.False);
        Assert.That(Mirror(volume), Is.EqualTo(before));
    }

    [Test]
    public void While_a_volume_is_written_to_no_machine_can_have_it()
    {
        string volume = NewVolume("volume.img");
        using (new HostStore(volume, isWritable: true, frames: 1000, protocol: 1))
        {
            Assert.That(WriteByQemu(volume), Does.Contain("lock"));
        }

        Assert.That(WriteByQemu(volume), Is.Empty);
    }

    [Test]
    public void Of_a_disk_that_a_machine_runs_on_no_mirror_is_made()
    {
        string volume = NewVolume("volume.img");
        var start = new ProcessStartInfo("qemu-io", ["-f", "raw", volume])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process machine = Process.Start(start)!;
        machine.StandardInput.WriteLine("read 0 512");
        Assert.That(machine.StandardOutput.ReadLine(), Does.Contain("read"));
        Assert.That(
            () => MirrorFile.Join(volume, VolumeFile.ReadHeader(volume)!.Value, events: 1, member: 0),
            Throws.InstanceOf<IOException>());
        Assert.That(
            () => MachineDisk.MakeMirror(volume, _folder.File("mirror.img"), 1),
            Throws.TypeOf<UserError>().With.Message.Contains("in use by another machine"));
        machine.StandardInput.Close();
        machine.WaitForExit();
        Assert.That(File.Exists(_folder.File("mirror.img")), Is.False);
    }

    [Test]
    public void Of_an_unfinished_copy_no_mirror_is_made()
    {
        string copy = NewVolume("copy.img");
        MirrorFile.Join(copy, VolumeFile.ReadHeader(copy)!.Value, events: 4, member: 1, inStep: 1);
        string text = VolumeInspector.Inspect(copy, verify: false).Mirror!.Text;
        Assert.That(text, Does.Contain("an unfinished copy of disk 1"));
        Assert.That(
            () => MachineDisk.MakeMirror(copy, _folder.File("third.img"), 0),
            Throws.TypeOf<UserError>().With.Message.Contains("no whole volume"));
    }

    [Test]
    public void Two_disks_of_a_mirror_that_are_exchanged_are_refused_by_name()
    {
        string first = NewVolume("first.img");
        string second = _folder.File("second.img");
        MachineDisk.MakeMirror(first, second, 1);
        MachineDisk.CheckPair(first, second);
        string start = $"{second} is disk 2 of the mirror, and {first} disk 1";
        Assert.That(
            () => MachineDisk.CheckPair(second, first), Throws.TypeOf<UserError>().With.Message.StartsWith(start));
    }

    [Test]
    public void Disks_of_two_machines_are_no_mirror([Values] bool hasRunAlone)
    {
        string work = NewVolume("work.img");
        string play = NewVolume("play.img");
        MachineDisk.MakeMirror(work, _folder.File("work2.img"), 1);
        MachineDisk.MakeMirror(play, _folder.File("play2.img"), 1);
        if (hasRunAlone)
        {
            GoOnAlone(work, member: 0);
        }

        string second = _folder.File("play2.img");
        Assert.That(
            () => MachineDisk.CheckPair(work, second),
            Throws.TypeOf<UserError>().With.Message.Contains($"{work} and {second} are disks of two mirrors"));
    }

    [Test]
    public void However_near_the_counts_of_two_mirrors_are_they_are_told_apart()
    {
        string first = NewVolume("first.img");
        string second = NewVolume("second.img");
        MirrorFile.Join(first, VolumeFile.ReadHeader(first)!.Value, events: (2ul << 32) - 1, member: 0);
        MirrorFile.Join(second, VolumeFile.ReadHeader(second)!.Value, events: 2ul << 32, member: 1);
        Assert.That(
            () => MachineDisk.CheckPair(first, second),
            Throws.TypeOf<UserError>().With.Message.Contains("are disks of two mirrors"));
    }

    [Test]
    public void Disks_that_were_given_other_mates_are_no_mirror_any_more()
    {
        string first = NewVolume("first.img");
        string second = _folder.File("second.img");
        MachineDisk.MakeMirror(first, second, 1);
        GoOnAlone(first, member: 0);
        GoOnAlone(second, member: 1);
        MachineDisk.MakeMirror(first, _folder.File("mate of first.img"), 1);
        MachineDisk.MakeMirror(second, _folder.File("mate of second.img"), 0);
        Assert.That(
            () => MachineDisk.CheckPair(first, second),
            Throws.TypeOf<UserError>().With.Message.Contains("been given another mate"));
        MachineDisk.CheckPair(first, _folder.File("mate of first.img"));
        MachineDisk.CheckPair(_folder.File("mate of second.img"), second);
    }

    [Test]
    public void Two_disks_that_have_each_run_alone_are_refused_with_what_they_have_come_to()
    {
        string first = NewVolume("first.img");
        string second = _folder.File("second.img");
        MachineDisk.MakeMirror(first, second, 1);
        GoOnAlone(first, member: 0);
        MachineDisk.CheckPair(first, second);
        GoOnAlone(second, member: 1);
        for (int i = 0; i < 2; i++)
        {
            Save(second);
        }

        Assert.That(
            () => MachineDisk.CheckPair(first, second),
            Throws.TypeOf<UserError>().With.Message.Contains($"{first} holds generation 0, {second} generation 2,"));
    }

    [Test]
    public void A_disk_that_cannot_be_used_is_made_again_from_the_other_of_the_mirror()
    {
        string whole = NewVolume("whole.img");
        string advice = $"Give it another name, and it is made again from {whole}.";
        string blank = OldDisk();
        string empty = _folder.File("empty.img");
        File.WriteAllBytes(empty, []);
        string damaged = NewVolume("damaged.img");
        Overwrite(damaged, 0, (new FileInfo(damaged).Length / BlockBytes) - 1);
        foreach (string disk in new[] { blank, empty, damaged })
        {
            Assert.That(
                () => MachineDisk.Check(disk, fresh: false, mending: MachineDisk.MendingBy(disk, whole)),
                Throws.TypeOf<UserError>().With.Message.EndsWith(advice).And.Message.Not.Contains("--fresh"));
        }

        Assert.That(MachineDisk.MendingBy(blank, null), Is.Null);
    }

    [Test]
    public void Nobody_is_told_to_put_a_disk_away_that_has_what_the_other_has_not()
    {
        string first = NewVolume("first.img");
        string second = _folder.File("second.img");
        MachineDisk.MakeMirror(first, second, 1);
        using (FileStream file = File.OpenWrite(first))
        {
            file.SetLength(file.Length - 100);
        }

        Assert.That(MachineDisk.MendingBy(first, second), Does.EndWith($"made again from {second}."));
        GoOnAlone(first, member: 0);
        const string Both = "--fresh makes both disks anew; what they hold is lost.";
        Assert.That(MachineDisk.MendingBy(first, second), Is.EqualTo(Both), "it has run alone");
        MirrorFile.Join(second, VolumeFile.ReadHeader(second)!.Value, events: 5, member: 1, inStep: 2);
        Assert.That(MachineDisk.MendingBy(first, second), Is.EqualTo(Both), "the other has, too, and for longer");
        Assert.That(MachineDisk.MendingBy(first, first), Is.EqualTo(Both), "it is the same");
        Assert.That(MachineDisk.MendingBy(first, OldDisk()), Is.EqualTo(Both), "that is none");
        Assert.That(MachineDisk.MendingBy(first, _folder.File("nope.img")), Is.EqualTo(Both), "there is none");
        MirrorFile.Join(second, VolumeFile.ReadHeader(second)!.Value, events: 4, member: 1, inStep: 1);
        Assert.That(MachineDisk.MendingBy(first, second), Is.EqualTo(Both), "it is an unfinished copy");
    }

    [Test]
    public void Of_a_disk_that_the_kernel_would_refuse_no_mirror_is_made()
    {
        string disk = NewVolume("disk.img");
        DamageCheckpoints(disk);
        byte[] before = File.ReadAllBytes(disk);
        Assert.That(
            () => MachineDisk.MakeMirror(disk, _folder.File("mirror.img"), 1),
            Throws.TypeOf<UserError>().With.Message.StartsWith($"{disk}: no checkpoint header is readable"));
        Assert.That(File.ReadAllBytes(disk).AsSpan().SequenceEqual(before));
        Assert.That(File.Exists(_folder.File("mirror.img")), Is.False);
    }

    [Test]
    public void A_disk_that_the_kernel_would_refuse_is_refused_with_the_same_reason()
    {
        string disk = NewVolume("disk.img");
        MachineDisk.CheckMount(disk);
        DamageCheckpoints(disk);
        Assert.That(
            () => MachineDisk.CheckMount(disk),
            Throws.TypeOf<UserError>().With.Message.StartsWith($"{disk}: no checkpoint header is readable"));
    }

    [Test]
    public void Without_a_mirror_record_nobody_knows_whether_a_disk_is_whole()
    {
        string disk = NewVolume("disk.img");
        VolumeGeometry geometry = VolumeFile.ReadHeader(disk)!.Value.Geometry;
        Overwrite(disk, (long)geometry.MirrorBlock(0));
        MachineDisk.CheckMount(disk);
        Overwrite(disk, (long)geometry.MirrorBlock(1));
        const string Reason = "both copies of the mirror record are damaged";
        Assert.That(
            () => MachineDisk.CheckMount(disk),
            Throws.TypeOf<UserError>().With.Message.StartsWith($"{disk}: {Reason}"));
        Assert.That(VolumeInspector.Inspect(disk, verify: false).Refusal, Does.StartWith(Reason));
    }

    [Test]
    public void An_unfinished_copy_is_no_disk_by_itself()
    {
        string copy = NewVolume("copy.img");
        MirrorFile.Join(copy, VolumeFile.ReadHeader(copy)!.Value, events: 4, member: 1, inStep: 1);
        Assert.That(
            () => MachineDisk.CheckWhole(copy),
            Throws.TypeOf<UserError>().With.Message.Contains("is an unfinished copy: give the other, too"));
    }

    [Test]
    public void A_link_to_nothing_is_called_that()
    {
        string link = _folder.File("link.img");
        File.CreateSymbolicLink(link, _folder.File("nope.img"));
        Refused(link, "is a link to");
    }

    [Test]
    public void Fresh_makes_it_anew()
    {
        string disk = OldDisk();
        MachineDisk.Prepare(disk, _pristine, fresh: true);
        Assert.That(new FileInfo(disk).Length, Is.EqualTo(PristineBytes));
    }

    [Test]
    public void A_blank_disk_is_for_an_ISO_that_installs_on_it()
    {
        string disk = OldDisk();
        Refused(disk, "is blank. --fresh makes a disk of it, and with --iso the machine asks");
        MachineDisk.Prepare(disk, _pristine, fresh: false, installs: true);
        Assert.That(File.ReadAllBytes(disk), Is.EqualTo(new byte[8192]));
    }

    [TestCase(12, false)]
    [TestCase(12, true)]
    [TestCase(8192, false)]
    [TestCase(8192, true)]
    [TestCase(10000, true)]
    public void What_is_certainly_somebody_elses_file_is_left_alone(int length, bool fresh)
    {
        string file = _folder.File("text.txt");
        string content = new('.', length);
        File.WriteAllText(file, content);
        Refused(file, "no disk of Eros; delete it if it is to become one", fresh);
        Assert.That(File.ReadAllText(file), Is.EqualTo(content));
    }

    [TestCase(0, 0)]
    [TestCase(77, 0)]
    [TestCase(0, 100)]
    public void A_volume_without_a_header_is_refused_but_for_fresh(int damagedByte, int bytesCutOff)
    {
        string disk = _folder.File("volume.img");
        HostStore.Format(disk, VolumeBuilder.GeometryFor(1000), id: 1, protocol: 1, [1]);
        using (FileStream file = File.Open(disk, FileMode.Open))
        {
            long length = file.Length;
            foreach (long header in new[] { 0, length - 4096 })
            {
                file.Position = header + damagedByte;
                file.WriteByte((byte)damagedByte);
            }

            file.SetLength(length - bytesCutOff);
        }

        Refused(disk, "--fresh makes it anew");
        MachineDisk.Prepare(disk, _pristine, fresh: true);
        Assert.That(new FileInfo(disk).Length, Is.EqualTo(PristineBytes));
    }

    [Test]
    public void What_cannot_be_written_to_is_not_said_to_be_in_use()
    {
        string program = _folder.File("program");
        File.Copy("/bin/cat", program);
        using Process running = Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true })!;
        Refused(program, "cannot be written to: ");
        running.StandardInput.Close();
        running.WaitForExit();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_disk_in_QEMUs_own_format_is_told_by_name(bool fresh)
    {
        string raw = NewVolume("raw.img");
        string disk = _folder.File("disk.qcow2");
        using (Process convert = Process.Start("qemu-img", ["convert", "-O", "qcow2", raw, disk]))
        {
            convert.WaitForExit();
        }

        byte[] before = File.ReadAllBytes(disk);
        Refused(disk, $"--disk file={disk},format=qcow2", fresh);
        Assert.That(File.ReadAllBytes(disk).AsSpan().SequenceEqual(before));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_pipe_is_refused(bool fresh)
    {
        string pipe = _folder.File("pipe");
        Process.Start("mkfifo", [pipe]).WaitForExit();
        Refused(pipe, "is a device or a pipe", fresh);
        Assert.That(File.ReadAllBytes(_pristine), Has.Length.EqualTo(PristineBytes));
    }

    // Only looked at: a machine has one of these.
    [TestCase(true)]
    [TestCase(false)]
    public void A_device_is_refused(bool fresh) => Assert.That(
        () => MachineDisk.Check("/dev/null", fresh),
        Throws.TypeOf<UserError>().With.Message.Contains("is a device or a pipe"));

    [TestCase("machine.img.part")]
    [TestCase("machine.img.part", "machine.img.part2")]
    public void Files_with_the_names_of_parts_are_left_alone(params string[] names)
    {
        foreach (string name in names)
        {
            File.WriteAllText(_folder.File(name), name);
        }

        MachineDisk.Prepare(_folder.File("machine.img"), _pristine, fresh: false);

        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(names.Length + 2));
        Assert.That(names.Select(name => File.ReadAllText(_folder.File(name))), Is.EqualTo(names));
    }

    [Test]
    public void An_empty_file_becomes_a_disk()
    {
        string disk = _folder.File("empty.img");
        File.WriteAllBytes(disk, []);
        MachineDisk.Prepare(disk, _pristine, fresh: true);
        Assert.That(new FileInfo(disk).Length, Is.EqualTo(PristineBytes));
    }

    [Test]
    public void A_folder_that_is_not_there_is_named_and_not_made()
    {
        string folder = _folder.File("nodir");
        Refused(Path.Combine(folder, "x.img"), $"there is no folder {folder}");
        Assert.That(Directory.Exists(folder), Is.False);
    }

    [Test]
    public void A_directory_is_refused() => Refused(_folder.Path, "is a directory");

    [TestCase(0)]
    [TestCase(4097)]
    public void A_size_that_no_disk_has_is_refused(int bytes)
    {
        string disk = _folder.File("odd.img");
        File.WriteAllBytes(disk, new byte[bytes]);
        Refused(disk, "--fresh");
    }

    private string OldDisk()
    {
        string disk = _folder.File("old.img");
        File.WriteAllBytes(disk, new byte[8192]);
        return disk;
    }

    /// <summary>Has a disk say what it says when the other is lost.</summary>
    private static void GoOnAlone(string disk, uint member) =>
        MirrorFile.Join(
            disk, VolumeFile.ReadHeader(disk)!.Value, Mirror(disk)!.Events + 1, member, inStep: 1u << (int)member);

    private static void Save(string disk)
    {
        using var host = new HostStore(disk, isWritable: true, frames: 1000, protocol: 1);
        Assert.That(host.Mount().IsMounted);
        Assert.That(host.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
        Assert.That(host.Store.Migrate(), Is.EqualTo(Outcome.Ok));
    }

    private static void DamageCheckpoints(string disk)
    {
        VolumeGeometry geometry = VolumeFile.ReadHeader(disk)!.Value.Geometry;
        Overwrite(disk, [.. Enumerable.Range(0, 4).Select(
            slot => (long)geometry.CheckpointHeaderBlock((ulong)slot / 2, slot % 2))]);
    }

    /// <summary>What a scratch leaves of blocks.</summary>
    private static void Overwrite(string disk, params long[] blocks)
    {
        using FileStream file = File.OpenWrite(disk);
        foreach (long block in blocks)
        {
            file.Position = block * BlockBytes;
            file.Write(Enumerable.Repeat((byte)'x', BlockBytes).ToArray());
        }
    }

    private void Refused(string disk, string reason, bool fresh = false) => Assert.That(
        () => MachineDisk.Prepare(disk, _pristine, fresh),
        Throws.TypeOf<UserError>().With.Message.Contains(reason).And.Message.Not.Contains("\n"));

    private static MirrorReport? Mirror(string path) => MirrorFile.Read(path, VolumeFile.ReadHeader(path)!.Value);

    /// <summary>What is wrong with a write by QEMU, which takes the locks that a machine takes.</summary>
    private static string WriteByQemu(string volume)
    {
        var start = new ProcessStartInfo("qemu-io", ["-f", "raw", "-c", "write 0 512", volume])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return error;
    }

    private string NewVolume(string name)
    {
        string path = _folder.File(name);
        HostStore.Format(path, VolumeBuilder.GeometryFor(1000), id: 1, protocol: 1, [1]);
        return path;
    }
}
