// What the generator refuses, with the number and the place; and that what it writes for good source compiles.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Generator;
using Eros.Domains.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed class GeneratorTests
{
    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private const string Usings = "using System; using Eros.Domains.Runtime; using Eros.Kernel.Protocol;\n";

    [TestCase("public interface Thing : ICapability { }", "EROS1001")]
    [TestCase("public interface IThing<T> : ICapability { }", "EROS1001")]
    [TestCase("public interface IThing : ICapability { void Do(); }", "EROS1002")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A(); [Order(1)] void B(); }", "EROS1003")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A(double x); }", "EROS1004")]
    [TestCase("public interface IThing : ICapability { [Order(1)] object A(); }", "EROS1004")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A(out Span<byte> x); }", "EROS1004")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A(int a, int b, int c, int d); }", "EROS1005")]
    [TestCase("interface IThing : ICapability { [Order(1)] int A(out int b, out int c, out int d);}", "EROS1005")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A(string a, string b); }", "EROS1005")]
    [TestCase("interface IThing : ICapability { [Order(1)] void A(IPage a, IPage b, IPage c, IPage d); }", "EROS1005")]
    [TestCase("public interface IThing : ICapability { [Order(1)] string A(Span<byte> b, out int n); }", "EROS1005")]
    [TestCase("public interface IThing : ICapability { int Size { get; } }", "EROS1006")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A(ref int x); }", "EROS1006")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A<T>(); }", "EROS1006")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A(Span<byte> x); }", "EROS1007")]
    [TestCase("public interface IThing : ICapability { [Order(1)] void A(Span<byte> x, int n); }", "EROS1007")]
    [TestCase("public interface IThing : ICapability { [Order(1), OneWay] int A(); }", "EROS1008")]
    [TestCase("public interface IThing : ICapability { [Order(1), OneWay] void A(out int x); }", "EROS1008")]
    [TestCase("public interface IThing : ICapability { [Order(0x80000000)] void A(); }", "EROS1009")]
    [TestCase("[Domain] public sealed class D : Domain { }", "EROS1010")]
    [TestCase("[Domain] public sealed partial class D { }", "EROS1010")]
    [TestCase("[Domain] public sealed partial class D : Domain { [Capability] public IPage P => null!; }", "EROS1011")]
    [TestCase("[Domain] sealed partial class D : Domain { [Capability] public partial string P { get; } }", "EROS1012")]
    public void A_mistake_is_an_error_with_its_number(string source, string id)
    {
        Diagnostic[] errors =
            [.. Compile(source, out _).Where(found => found.Id.StartsWith("EROS", StringComparison.Ordinal))];
        Assert.That(errors.Select(error => error.Id), Is.EqualTo(new[] { id }));
        Assert.That(errors[0].Location.GetLineSpan().Path, Is.EqualTo("Sample.cs"));
        Assert.That(errors[0].Location.GetLineSpan().StartLinePosition.Line, Is.EqualTo(1));
    }

    [TestCase("[Order(-1)]")]
    [TestCase("[Order]")]
    [TestCase("[Order(\"one\")]")]
    public void An_order_that_is_no_number_is_an_error_at_its_attribute_and_hides_no_other(string attribute)
    {
        string source = $"public interface IThing : ICapability {{ {attribute} void A(); [Order(1)] object B(); }}";
        Diagnostic[] found = Compile(source, out _);
        Assert.That(found.Select(error => error.Id), Is.SupersetOf(new[] { "EROS1002", "EROS1004" }));
        Assert.That(found.Select(error => error.Id), Does.Not.Contain("CS8785"));
        Location place = found.Single(error => error.Id == "EROS1002").Location;
        Assert.That(
            (Usings + source).Substring(place.SourceSpan.Start, place.SourceSpan.Length),
            Is.EqualTo(attribute.Trim('[', ']')));
    }

    [Test]
    public void A_domain_that_leaves_out_a_method_of_its_interface_does_not_compile()
    {
        const string Source = "public interface IThing : ICapability { [Order(1)] int A(); }\n"
            + "[Domain] public sealed partial class D : Domain, IThing { }";
        Assert.That(Compile(Source, out _).Select(diagnostic => diagnostic.Id), Does.Contain("CS0535"));
    }

    [TestCase("", "CS9035", TestName = "A composition that leaves a name out does not compile")]
    [TestCase("Page = null!, Other = null!", "CS0117",
        TestName = "A composition that binds an unknown name does not compile")]
    [TestCase("Page = sleep", "CS0266", TestName = "A composition that binds the wrong type does not compile")]
    public void A_mismatch_of_needs_is_a_build_error(string binding, string id)
    {
        string source = "[Domain] public sealed partial class D : Domain\n"
            + "{ [Capability] public partial IPage Page { get; } }\n"
            + "public static class C { public static void M(Eros.Domains.Composition.ISource<ISleep> sleep) => "
            + "_ = new D.Needs { " + binding + " }; }";
        Assert.That(Compile(source, out _).Select(diagnostic => diagnostic.Id), Is.EqualTo(new[] { id }));
    }

    [Test]
    public void Good_source_compiles_and_registers_follow_the_order_of_the_names()
    {
        const string Source = "public interface IThing : ICapability { [Order(7)] string A(IPage page, out int n); }\n"
            + "[Domain] public sealed partial class D : Domain, IThing {\n"
            + "  [Capability] public partial IPage First { get; }\n"
            + "  [Capability] public partial MappedPage Window { get; }\n"
            + "  [Capability] public partial IThing Second { get; }\n"
            + "  public string A(IPage page, out int n) { n = 1; return \"\"; } }";
        Assert.That(Compile(Source, out string generated), Is.Empty);
        Assert.That(generated, Does.Contain("IPage First => global::Eros.Domains.Runtime.PageClient.At(6);"));
        Assert.That(generated, Does.Contain("Second => global::ThingClient.At(7);"));
        Assert.That(generated, Does.Contain("MappedPage.Window(0);"));
        Assert.That(CapabilityRegisters.FirstNamed, Is.EqualTo(6));
    }

    [Test]
    public void More_names_than_registers_are_an_error()
    {
        const int Registers = CapabilityRegisters.LastNamed - CapabilityRegisters.FirstNamed + 1;
        IEnumerable<string> needs = Enumerable.Range(0, Registers + 1)
            .Select(i => $"[Capability] public partial IPage P{i} {{ get; }}");
        string source = $"[Domain] public sealed partial class D : Domain {{ {string.Concat(needs)} }}";
        Assert.That(Compile(source, out _).Select(diagnostic => diagnostic.Id), Does.Contain("EROS1005"));
    }

    private static Diagnostic[] Compile(string source, out string generated)
    {
        CSharpParseOptions options = new(LanguageVersion.Preview);
        SyntaxTree tree = CSharpSyntaxTree.ParseText(Usings + source, options, "Sample.cs");
        CSharpCompilation compilation = CSharpCompilation.Create("Sample", [tree], _references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        GeneratorDriver driver = CSharpGeneratorDriver
            .Create([new CapabilityGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation result, out _);
        generated = string.Concat(result.SyntaxTrees.Skip(1));
        return
        [
            .. driver.GetRunResult().Diagnostics,
            .. result.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error),
        ];
    }
}
