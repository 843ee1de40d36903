using System.CommandLine;
using System.IO;
using System.Linq;
using Eros.Build.Cli;
using Eros.Build.Volume;
using Eros.Persistence.Volume;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

/// <summary>What `./eros` says of words that it cannot use, before it does anything.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class CommandLineTests
{
    private const string Source = "namespace Test\n";

    private TemporaryFolder _folder = null!;
    private string _source = null!;
    private StringWriter _output = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _source = _folder.File("ok.xs");
        _output = new StringWriter();
        File.WriteAllText(_source, Source);
    }

    [TearDown]
    public void RemoveFolder()
    {
        _folder.Dispose();
        _output.Dispose();
    }

    [TestCase("run --memory abc", "--memory takes a whole number; 'abc' is none.")]
    [TestCase("crash --runs 1.5", "--runs takes a whole number; '1.5' is none.")]
    [TestCase("crash --seed -1", "--seed takes a number of at least 0, not -1.")]
    [TestCase("race --rounds few", "--rounds takes a whole number; 'few' is none.")]
    [TestCase("bench --samples many", "--samples takes a whole number; 'many' is none.")]
    [TestCase("plug --pulls 99999999999", "--pulls takes a number of at most 2147483647, not 99999999999.")]
    public void A_number_that_is_none_is_said_to_be_none(string words, string message) =>
        Refused(message, words.Split(' '));

    [TestCase("inspect D --diff 2 x", "--diff takes a whole number; 'x' is none.")]
    [TestCase("inspect D --diff 2", "--diff takes G1 G2; 1 of them is there.")]
    [TestCase("plug --replay-minutes x", "--replay-minutes takes a number; 'x' is none.")]
    [TestCase("inspect D --diff 2 3 4", "inspect has no use for '4'; ./eros inspect --help says what it takes.")]
    [TestCase("race 5", "race has no use for '5'; ./eros race --help says what it takes.")]
    public void A_word_that_fits_nowhere_is_named(string words, string message) => Refused(message, words.Split(' '));

    [TestCase("run", "--disk", "--disk takes PATH; an empty word is none.")]
    [TestCase("bench", "--json", "--json takes FILE; an empty word is none.")]
    [TestCase("plug", "--kernel", "--kernel takes FILE.elf; an empty word is none.")]
    [TestCase("xs a.xs", "-o", "-o takes OUT.asm; an empty word is none.")]
    [TestCase("xs", "", "FILE.xs takes a name; an empty word is none.")]
    [TestCase("inspect", "", "DISK takes a name; an empty word is none.")]
    public void An_empty_path_is_refused(string command, string option, string message) =>
        Refused(message, [.. command.Split(' '), .. option.Length == 0 ? Enumerable.Empty<string>() : [option], ""]);

    [Test]
    public void A_step_that_a_run_does_not_have_is_refused() => Refused(
        "--steps takes steps of the run with seed 5, as 3,7.2-5,9.1.4; not 1,999.3.",
        "crash",
        "--seed",
        "5",
        "--steps",
        "1,999.3");

    // In a folder without sources: whatever is built first, fails first.
    [TestCase("plug --kernel /nope", "/nope does not exist. Name another file with --kernel, or leave it out.")]
    [TestCase("plug --pulls 0", "--pulls takes a number of at least 1, not 0.")]
    [TestCase("race --rounds 0", "--rounds takes a number of at least 1, not 0.")]
    [TestCase("bench --samples 0", "--samples takes a number of at least 1, not 0.")]
    [TestCase("bench --json /nodir/b.json", "there is no folder /nodir")]
    [TestCase("run --disk /nodir/x.img", "there is no folder /nodir")]
    [TestCase("run --system /nope", "/nope is no volume; --system takes one")]
    [TestCase("run --memory 1", "--memory takes a number of at least 2, not 1.")]
    [TestCase("run --disk none --fresh", "--fresh makes a file anew; 'none' is none.")]
    [TestCase("crash --runs 0", "--runs takes a number of at least 1, not 0.")]
    [TestCase("crash --runs 1 --steps 3", "--steps repeats a part of one run; leave --runs and --cut-every out.")]
    [TestCase("inspect D --diff 1 2 --json", "--diff goes with neither --json nor --verify; leave them out.")]
    [TestCase("inspect D --verify --diff 1 2", "--diff goes with neither --json nor --verify; leave them out.")]
    [TestCase("frob", "there is no command 'frob'; ./eros --help lists those that there are.")]
    [TestCase("frob --model", "there is no command 'frob'; ./eros --help lists those that there are.")]
    [TestCase("upgrade /", "/ is a directory; DISK is a disk image.")]
    [TestCase("upgrade /nope", "/nope is not there. ./eros run makes a disk.")]
    [TestCase("run --disk /nope --generation 1", "--generation takes a disk that exists; /nope does not.")]
    [TestCase("fuzz", "say what to do: --model, --hostile, --confinement, --flips N, --pressure or --replay FILE.")]
    [TestCase("fuzz --model --hostile", "--model and --hostile are two tasks; leave one of them out.")]
    [TestCase("fuzz --replay x --flips 3", "--flips and --replay are two tasks; leave one of them out.")]
    [TestCase("fuzz --hostile --steps 5", "--steps goes with --model, not with --hostile; leave it out.")]
    [TestCase("fuzz --confinement --real", "--real goes with --hostile, not with --confinement; leave it out.")]
    [TestCase("fuzz --model --graphs 5", "--graphs goes with --confinement, not with --model; leave it out.")]
    [TestCase("fuzz --replay x --seed 5", "--seed goes with --model, --hostile, --confinement, --flips, --pressure")]
    public void What_cannot_be_used_is_refused_before_anything_is_built(string words, string message)
    {
        Refused(message, words.Split(' '));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.EqualTo(new[] { _source }));
    }

    [TestCase("none", "--system takes a disk that is a file; 'none' is none.")]
    [TestCase("file=x.img,format=raw", "--system takes a disk that is a file; 'file=x.img,format=raw' is none.")]
    [TestCase("SYSTEM", "is the pristine volume, which no machine writes to. Name another disk.")]
    [TestCase("LINK", "is the pristine volume, which no machine writes to. Name another disk.")]
    [TestCase("TREE", "is the pristine volume, which no machine writes to. Name another disk.")]
    public void A_disk_that_does_not_fit_its_system_is_refused_before_anything_is_built(string disk, string message)
    {
        string system = _folder.File("system.img");
        HostStore.Format(system, VolumeBuilder.GeometryFor(1000), id: 1, protocol: 1, [1]);
        string tree = new Tree(_folder.Path).Pristine;
        Directory.CreateDirectory(Path.GetDirectoryName(tree)!);
        File.Copy(system, tree);
        string link = _folder.File("link.img");
        File.CreateSymbolicLink(link, system);
        string path = disk switch { "SYSTEM" => system, "LINK" => link, "TREE" => tree, _ => disk };
        Refused(message, "run", "--system", system, "--disk", path);
    }

    [Test]
    public void The_pristine_volume_of_the_tree_is_no_disk()
    {
        string tree = new Tree(_folder.Path).Pristine;
        Directory.CreateDirectory(Path.GetDirectoryName(tree)!);
        File.WriteAllBytes(tree, new byte[4096]);
        Refused("is the pristine volume, which no machine writes to. Name another disk.", "run", "--disk", tree);
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_an_error_of_one_line()
    {
        string folder = _folder.File("machine");
        File.WriteAllText(folder, "");
        Refused($"there can be no folder {folder}", "run");
    }

    [Test]
    public void Xs_does_not_write_over_its_source()
    {
        string link = _folder.File("link.asm");
        File.CreateSymbolicLink(link, _source);
        string assembly = _folder.File("source.asm");
        File.WriteAllText(assembly, Source);
        string sources = Directory.CreateSymbolicLink(_folder.File("sources"), _folder.Path).FullName;
        string deep = _folder.File("deep.asm");
        File.CreateSymbolicLink(deep, Path.Combine(sources, "ok.xs"));
        Refused("deep.asm is the source", "xs", _source, "-o", deep);
        Refused("ok.xs is the source", "xs", _source, "-o", Path.Combine(_folder.Path, ".", "ok.xs"));
        Refused("link.asm is the source", "xs", _source, "-o", link);
        Refused("source.asm is the source", "xs", assembly);
        Assert.That(File.ReadAllText(_source), Is.EqualTo(Source));
        Assert.That(File.ReadAllText(assembly), Is.EqualTo(Source));
    }

    [Test]
    public void Xs_writes_over_no_other_source_either()
    {
        string other = _folder.File("other.xs");
        File.WriteAllText(other, Source + Source);
        Refused("other.xs is named as X# source is", "xs", _source, "-o", other);
        Assert.That(File.ReadAllText(other), Is.EqualTo(Source + Source));
    }

    [Test]
    public void Xs_makes_no_folder()
    {
        string folder = _folder.File("nodir");
        Refused($"there is no folder {folder}", "xs", _source, "-o", Path.Combine(folder, "x.asm"));
        Assert.That(Directory.Exists(folder), Is.False);
    }

    [Test]
    public void Xs_writes_to_standard_output_when_it_is_asked_to()
    {
        Assert.That(Invoke("xs", _source, "-o", "-"), Is.Zero);
        Assert.That(Invoke("xs", _source), Is.Zero);
        Assert.That(_output.ToString(), Is.EqualTo(File.ReadAllText(_folder.File("ok.asm"))));
        Assert.That(File.Exists("-"), Is.False);
    }

    [TestCase("# Eros", "line 2: expected one of Give, Invoke, ", "Raise, not '#'")]
    [TestCase("give 5 x", "line 2: expected a hexadecimal number of 64 bits, not 'x'")]
    [TestCase("give 5 90000 1 1", "line 2: expected the end of the line, not '1'")]
    [TestCase("7 5", "line 2: expected one of Give, ", ", not '7'")]
    [TestCase("invoke", "line 2: expected one of Call, ", "Reply, not the end of the line")]
    [TestCase("invoke Call 5", "line 2: expected a register, r0 to r31, not '5'")]
    [TestCase("invoke Call r32", "line 2: expected a register, r0 to r31, not 'r32'")]
    [TestCase("invoke Call r5 send 1,2,3", "line 2: expected four registers, as in 1,2,0,0, not '1,2,3'")]
    [TestCase("invoke malformed 1 order 1 words 0 0 0 string 1", "line 2: expected an address and a length, as in")]
    public void A_script_that_is_none_is_refused_by_its_line(string line, params string[] parts)
    {
        string script = _folder.File("script.txt");
        File.WriteAllText(script, $"// the first line\n{line}\n");
        foreach (string part in parts.Prepend(script + ", "))
        {
            Refused(part, "fuzz", "--replay", script);
        }
    }

    private int Invoke(params string[] words) =>
        CommandLine.Read(new Tree(_folder.Path), new Screen(_output, TextWriter.Null), words)
            .Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

    private void Refused(string message, params string[] words) => Assert.That(
        () => Invoke(words),
        Throws.TypeOf<UserError>().With.Message.Contains(message).And.Message.Not.Contains("\n"));
}
