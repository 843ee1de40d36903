using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;

namespace Eros.Tests.Hygiene;

/// <summary>Who may know whom: CoreLib ← Persistence ← Kernel ← Hal; domains see the kernel's protocol and nothing else
/// of it.</summary>
[TestFixture, Category(TestKind.Hygiene)]
public sealed partial class ArrowTests
{
    /// <summary>The part of the domains' room that is a tool of the host: it writes volumes.</summary>
    private const string Composition = "Eros.Domains/Composition";

    private static readonly string[] _portable = ["Eros.CoreLib", "Eros.Persistence", "Eros.Kernel"];
    private static readonly string[] _freestanding = [.. _portable, "Eros.Hal", "Eros.Domains"];

    /// <summary>The namespaces of ours that a room's code may name, beside its own.</summary>
    private static readonly Dictionary<string, string[]> _mayName = new()
    {
        ["Eros.CoreLib"] = [],
        ["Eros.Persistence"] = [],
        ["Eros.Kernel"] = ["Eros.Persistence"],
        ["Eros.Kernel/Protocol"] = ["Eros.Persistence.Layout"],
        ["Eros.Hal"] = ["Eros.Kernel", "Eros.Persistence"],
        ["Eros.Domains"] = ["Eros.Kernel.Protocol", "Eros.Persistence.Layout"],
        ["Eros.Domains/Composition"] =
            ["Eros.Domains", "Eros.Build.Volume", "Eros.Kernel.Protocol", "Eros.Persistence"],
        ["Eros.Build/XSharp"] = ["Eros.Build.XSharp"],
        ["Eros.Build/Qemu"] = ["Eros.Build.Qemu"],
        ["Eros.Build/Plug"] =
            [
                "Eros.Build.Plug", "Eros.Build.Qemu", "Eros.Build.Volume", "Eros.Domains.BustleWorker",
                "Eros.Persistence.Base", "Eros.Persistence.Layout",
            ],
        ["Eros.Build/Volume"] = ["Eros.Build.Volume", "Eros.Persistence"],
    };

    /// <summary>The rooms whose projects a room's projects may reference, beside its own.</summary>
    private static readonly Dictionary<string, string[]> _mayReference = new()
    {
        ["Eros.CoreLib"] = [],
        ["Eros.Persistence"] = [],
        ["Eros.Kernel"] = ["Eros.Persistence"],
        ["Eros.Hal"] = ["Eros.Kernel", "Eros.Persistence"],
    };

    /// <summary>Files outside Eros.Hal that raw pointers may stand in, each with the proof in its head.</summary>
    private static readonly string[] _doorways =
    [
        "Eros.Kernel/Invocation/FastTargets.cs",
        "Eros.Persistence/Base/PhysicalMemory.cs",
        "Eros.Persistence/Base/Crc32C.cs",
        "Eros.Persistence/Layout/ProcessFrame.cs",
        "Eros.Kernel/Spaces/TablePool.cs",
    ];

    private static IEnumerable<string> RoomsWithNames => _mayName.Keys;

    private static IEnumerable<string> RoomsWithReferences => _mayReference.Keys;

    [TestCaseSource(nameof(RoomsWithNames))]
    public void A_rooms_code_names_only_what_is_below_it(string room) =>
        Assert.That(
            SourceTree.CSharpIn(room)
                .Where(file => room == Composition || !file.Path.StartsWith(Composition + "/"))
                .SelectMany(file => NamesOutside(file, room)).Distinct(),
            Is.Empty);

    [TestCaseSource(nameof(RoomsWithReferences))]
    public void A_rooms_projects_reference_only_what_is_below_it(string room)
    {
        IEnumerable<string> projects = SourceTree.WithEnding(".csproj").Where(path => path.StartsWith(room + "/"));
        Assert.That(projects.SelectMany(project => ReferencesOf(project)).Where(IsOutside), Is.Empty);

        bool IsOutside(string reference) =>
            !_mayReference[room].Append(room).Any(allowed => reference.StartsWith(allowed + "/"));
    }

    [Test]
    public void Sources_that_are_compiled_twice_have_no_conditional_compilation() =>
        Assert.That(
            SourceTree.CSharpIn(_freestanding)
                .Where(file => Conditional().IsMatch(file.Text))
                .Select(file => file.Path),
            Is.Empty);

    [Test]
    public void Raw_pointers_stay_in_Hal_and_the_doorway_files() =>
        Assert.That(
            SourceTree.CSharpIn("Eros.Persistence", "Eros.Kernel").Where(UsesPointers).Select(file => file.Path),
            Is.SubsetOf(_doorways));

    [Test]
    public void Every_doorway_file_still_needs_to_be_one() =>
        Assert.That(_doorways, Is.SubsetOf(SourceTree.CSharp.Where(UsesPointers).Select(file => file.Path)));

    [Test]
    public void Portable_rooms_have_no_static_mutable_state() =>
        Assert.That(SourceTree.CSharpIn("Eros.Persistence", "Eros.Kernel").SelectMany(MutableStatics), Is.Empty);

    private static IEnumerable<string> NamesOutside(SourceFile file, string room)
    {
        string own = room.Split('/')[0];
        string[] allowed = [.. _mayName[room], .. room.Contains('/') ? [room.Replace('/', '.')] : new[] { own }];
        return file.Root.DescendantNodes()
            .Select(node => node switch
            {
                UsingDirectiveSyntax directive => directive.Name?.ToString(),
                QualifiedNameSyntax name => name.ToString(),
                _ => null,
            })
            .Where(name => name != null && name.StartsWith("Eros.") && !allowed.Any(prefix => Agrees(name, prefix)))
            .Select(name => $"{file.Path}: {name}");

        static bool Agrees(string name, string prefix) =>
            name == prefix || name.StartsWith(prefix + ".") || prefix.StartsWith(name + ".");
    }

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Parse(SourceTree.Read(project)).Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => (string)reference.Attribute("Include")!)
            .Select(path => Path.GetFullPath(path, Path.GetDirectoryName(Repository.PathOf(project))!))
            .Select(path => Path.GetRelativePath(Repository.Root, path));

    private static bool UsesPointers(SourceFile file) =>
        file.Root.DescendantTokens().Any(token => token.IsKind(SyntaxKind.UnsafeKeyword));

    private static IEnumerable<string> MutableStatics(SourceFile file) =>
        from field in file.Root.DescendantNodes().OfType<FieldDeclarationSyntax>()
        where field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)
        select file.Place(field);

    [GeneratedRegex(@"^\s*#\s*(if|elif)\b", RegexOptions.Multiline)]
    private static partial Regex Conditional();
}
