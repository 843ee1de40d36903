using System.IO;
using Eros.Build.Cli;
using Eros.Build.Cli.Running;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

[TestFixture, Category(TestKind.Unit)]
public sealed class MachineDiskTests
{
    private const int PristineBytes = 3 << 20;

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
        string disk = _folder.File("new/machine.img");
        MachineDisk.Prepare(disk, _pristine, fresh: false);
        Assert.That(File.ReadAllBytes(disk), Is.EqualTo(File.ReadAllBytes(_pristine)));
    }

    [Test]
    public void A_disk_that_exists_is_left_as_it_is()
    {
        string disk = OldDisk();
        MachineDisk.Prepare(disk, _pristine, fresh: false);
        Assert.That(File.ReadAllBytes(disk), Is.EqualTo(new byte[8192]));
    }

    [Test]
    public void Fresh_makes_it_anew()
    {
        string disk = OldDisk();
        MachineDisk.Prepare(disk, _pristine, fresh: true);
        Assert.That(new FileInfo(disk).Length, Is.EqualTo(PristineBytes));
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

    [Test]
    public void A_folder_that_cannot_be_made_is_one_clear_line() =>
        Refused(Path.Combine(_pristine, "disk.img"), "cannot be made");

    private string OldDisk()
    {
        string disk = _folder.File("old.img");
        File.WriteAllBytes(disk, new byte[8192]);
        return disk;
    }

    private void Refused(string disk, string reason) => Assert.That(
        () => MachineDisk.Prepare(disk, _pristine, fresh: false),
        Throws.TypeOf<UserError>().With.Message.Contains(reason).And.Message.Not.Contains("\n"));
}
