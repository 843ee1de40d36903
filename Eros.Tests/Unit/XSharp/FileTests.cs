using System;
using System.IO;
using Eros.Build.XSharp;
using NUnit.Framework;

namespace Eros.Tests.Unit.XSharp;

/// <summary>The doorway that the build and `./eros xs` use.</summary>
[TestFixture]
public sealed class FileTests
{
    private TemporaryFolder _folder = null!;
    private StringWriter _diagnostics = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _diagnostics = new StringWriter();
    }

    [TearDown]
    public void TearDown()
    {
        _folder.Dispose();
        _diagnostics.Dispose();
    }

    [Test]
    public void A_good_file_becomes_assembly_in_a_folder_that_need_not_exist()
    {
        string asm = _folder.File("out/deep/a.asm");
        Assert.That(Compile("namespace T\nfunction F {\n}\n", asm), Is.Zero);
        Assert.That(File.ReadAllText(asm), Does.StartWith("; Start of a.xs\n").And.Contains("T_F:"));
        Assert.That(_diagnostics.ToString(), Is.Empty);
    }

    [Test]
    public void The_output_does_not_depend_on_where_the_source_is()
    {
        string asm = _folder.File("a.asm");
        Compile("namespace T\nfunction F {\n}\n", asm);
        Assert.That(File.ReadAllText(asm), Does.Not.Contain(_folder.Path));
    }

    [Test]
    public void An_unchanged_output_is_not_touched()
    {
        string asm = _folder.File("a.asm");
        Compile("namespace T\n", asm);
        var old = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(asm, old);
        Compile("namespace T\n", asm);
        Assert.That(File.GetLastWriteTimeUtc(asm), Is.EqualTo(old));
    }

    [Test]
    public void A_bad_file_gives_its_errors_and_no_assembly()
    {
        string asm = _folder.File("a.asm");
        Assert.That(Compile("namespace T\nblah\n", asm), Is.EqualTo(1));
        Assert.That(File.Exists(asm), Is.False);
        Assert.That(_diagnostics.ToString(), Does.StartWith($"{_folder.File("a.xs")}(2,5): error XS0010: expected "));
    }

    [Test]
    public void A_missing_file_is_an_error()
    {
        int code = XSharpFile.CompileTo(
            _folder.File("none.xs"), _folder.File("a.asm"), new XSharpOptions(), [], _diagnostics);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(_diagnostics.ToString(), Does.Contain("error XS0040: expected a readable file"));
    }

    [Test]
    public void An_output_that_cannot_be_written_is_an_error()
    {
        Assert.That(Compile("namespace T\n", _folder.File("a.xs/b.asm")), Is.EqualTo(1));
        Assert.That(_diagnostics.ToString(), Does.Contain("error XS0041: "));
    }

    [Test]
    public void An_include_is_sought_beside_the_file_first_and_then_in_the_directories()
    {
        Directory.CreateDirectory(_folder.File("include"));
        File.WriteAllText(_folder.File("include/far.xs"), "const Far = 1\n");
        File.WriteAllText(_folder.File("include/near.xs"), "const Near = 2\n");
        File.WriteAllText(_folder.File("near.xs"), "const Near = 3\n");
        string asm = _folder.File("a.asm");
        Assert.That(Compile("namespace T\ninclude 'far.xs'\ninclude 'near.xs'\n", asm), Is.Zero);
        Assert.That(File.ReadAllText(asm), Does.Contain("T_Const_Far equ 0x1\nT_Const_Near equ 0x3\n"));
    }

    [Test]
    public void An_error_in_an_included_file_names_that_file()
    {
        File.WriteAllText(_folder.File("bad.xs"), "\nblah\n");
        Compile("namespace T\ninclude 'bad.xs'\n", _folder.File("a.asm"));
        Assert.That(_diagnostics.ToString(), Does.StartWith($"{_folder.File("bad.xs")}(2,5): error XS0010: "));
    }

    private int Compile(string source, string asm)
    {
        File.WriteAllText(_folder.File("a.xs"), source);
        string[] includes = [_folder.File("include")];
        return XSharpFile.CompileTo(_folder.File("a.xs"), asm, new XSharpOptions(), includes, _diagnostics);
    }
}
