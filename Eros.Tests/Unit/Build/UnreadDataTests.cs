// The kernel's object as ILC left it, with what nothing reads cut out: all that code refers to must still be there,
// with the same bytes and the same references.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Tasks;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

[TestFixture]
public sealed class UnreadDataTests
{
    private static readonly string _path = Repository.PathOf(
        $"Eros.Hal/Image/obj/{Configuration}/net10.0/Eros.Hal.Image.ilc.o");

    private ElfObject _whole = null!;
    private ElfObject _cut = null!;

    private static string Configuration => new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name;

    [OneTimeSetUp]
    public void Cut()
    {
        using TemporaryFolder folder = new();
        UnreadData.Cut(_path, folder.File("cut.o"));
        _whole = new ElfObject(File.ReadAllBytes(_path));
        _cut = new ElfObject(File.ReadAllBytes(folder.File("cut.o")));
    }

    [TestCase(".data")]
    [TestCase(".rodata")]
    public void What_code_refers_to_is_what_it_was(string section)
    {
        int index = _whole.SectionIndex(section);
        int code = _whole.SectionIndex("__managedcode");
        string[] names = [.. _whole.Relocations
            .Where(relocation => relocation.Section == code && relocation.Target.Section == index)
            .Select(relocation => relocation.Target.Name)
            .Distinct()];

        Assert.That(names, Has.Length.GreaterThan(10));
        foreach (string name in names)
        {
            ulong before = Place(_whole, name);
            ulong after = Place(_cut, name);
            int length = Length(_cut, index, after, atMost: Length(_whole, index, before));

            Assert.That(length, Is.GreaterThan(0), name);
            Assert.That(
                _cut.Contents(index).Slice((int)after, length).ToArray(),
                Is.EqualTo(_whole.Contents(index).Slice((int)before, length).ToArray()),
                name);
            Assert.That(
                References(_cut, index, after, length),
                Is.EqualTo(References(_whole, index, before, length).Where(r => !IsUnread(name, r.Item1))),
                name);
        }
    }

    [Test]
    public void Of_types_the_sizes_are_left_and_the_virtual_methods()
    {
        int data = _whole.SectionIndex(".data");
        int code = _whole.SectionIndex("__managedcode");
        ElfLabel[] tables = [.. _whole.Relocations
            .Where(relocation => relocation.Section == code && IsTable(relocation.Target.Name))
            .Select(relocation => relocation.Target)
            .Distinct()];

        Assert.That(tables, Has.Length.GreaterThan(50));
        foreach (ElfLabel table in tables)
        {
            int slots = BinaryPrimitives.ReadUInt16LittleEndian(_whole.Contents(data)[((int)table.Value + 16)..]);
            int length = Length(_cut, data, Place(_cut, table.Name));
            Assert.That(length, Is.EqualTo(slots == 0 ? 8 : 24 + (slots * 8)), table.Name);
        }
    }

    [Test]
    public void An_image_that_looks_at_types_is_refused()
    {
        const string Reader = "Eros_CoreLib_Internal_Runtime_MethodTable__get_BaseType";
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("code.map.xml"), "<ObjectNodes />");
        File.WriteAllText(folder.File("code.asm"), $"""
            section __managedcode progbits alloc exec nowrite align=4
            global {Reader}:function (end - {Reader})
            {Reader}: ret
            end:
            section .rodata
            section .data
            """);
        ToolResult made = Tool.Run("nasm", ["-f", "elf64", "-o", folder.File("code.o"), folder.File("code.asm")]);

        Assert.That(made.ExitCode, Is.Zero, made.Output);
        Assert.That(
            () => UnreadData.Cut(folder.File("code.o"), folder.File("cut.o")),
            Throws.TypeOf<BuildFailure>().With.Property("Problems").One.Property("Line")
                .Contains($"EROS0012: this image may not use {Reader}"));
    }

    [Test]
    public void Behind_constants_nothing_but_padding_is_cut()
    {
        int index = _whole.SectionIndex(".rodata");
        ElfLabel[] constants = [.. _whole.Labels
            .Where(label => label.Section == index && label.Name.Contains("_PrivateImplementationDetails_"))];
        int padding = 0;
        foreach (ElfLabel constant in constants)
        {
            ulong after = Place(_cut, constant.Name);
            int whole = Length(_whole, index, constant.Value);
            int length = Length(_cut, index, after, atMost: whole);
            byte[] rest = _whole.Contents(index).Slice((int)constant.Value, whole)[length..].ToArray();

            Assert.That(rest, Is.All.EqualTo(0), constant.Name);
            padding += rest.Length;
        }

        Assert.That(padding, Is.GreaterThan(constants.Length * 2));
    }

    [Test]
    public void The_header_for_a_runtime_and_the_descriptors_for_a_collector_are_gone()
    {
        int data = _whole.SectionIndex(".data");
        ElfLabel[] tables = [.. _cut.Labels.Where(label => IsTable(label.Name)).OrderBy(label => label.Value)];

        Assert.That(_whole.Contents(data).IndexOf("RTR\0"u8), Is.Not.Negative);
        Assert.That(_cut.Contents(data).IndexOf("RTR\0"u8), Is.Negative);
        Assert.That(
            tables.Zip(tables.Skip(1)).Count(pair => pair.Second.Value - pair.First.Value == 8),
            Is.GreaterThan(tables.Length / 2),
            "most classes have no virtual method: their tables follow one another");
    }

    private static bool IsTable(string name) => name.StartsWith("_ZTV", StringComparison.Ordinal);

    // What a type is derived from, or an array's elements are.
    private static bool IsUnread(string name, ulong offset) => IsTable(name) && offset == 8;

    private static ulong Place(ElfObject elf, string name) => elf.Labels.Single(label => label.Name == name).Value;

    // Up to the next label; in front of what is aligned there can be more.
    private static int Length(ElfObject elf, int section, ulong start, int atMost = int.MaxValue)
    {
        ulong end = elf.Labels
            .Where(label => label.Section == section && label.Value > start)
            .Select(label => label.Value)
            .Append((ulong)elf.Contents(section).Length)
            .Min();
        return Math.Min((int)(end - start), atMost);
    }

    // Of what is cut only relocations to label 0 are left, which do nothing.
    private static IEnumerable<(ulong, string, long)> References(ElfObject elf, int section, ulong from, int length) =>
        elf.Relocations
            .Where(relocation => relocation.Section == section && relocation.Target != elf.Labels[0])
            .Where(relocation => relocation.Offset - from < (ulong)length)
            .Select(relocation => (relocation.Offset - from, relocation.Target.Name, relocation.Addend));
}
