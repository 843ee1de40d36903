// What is left of a C# sample's IL when it has been lowered for the kernel. That it still does the same is a test of
// CoreLibTests.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Tasks.Lowering;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mono.Cecil;
using Mono.Cecil.Cil;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

[TestFixture]
public sealed class KernelLoweringTests
{
    private const string Sample = """
        using System;
        using System.Runtime.CompilerServices;

        public sealed class RuntimeExportAttribute(string name) : Attribute { public string Name => name; }

        public struct Pair { public object First; public int Second; }

        public class Box(string name)
        {
            public object Item;
            public Box Next;
            public int[] Numbers = [1, 2, 3];
            public volatile object Shared;
            public Pair Pair;
            private int _count;

            public Box(string name, Box next) : this(name) => Next = next;

            public string Name { get; set; } = name;

            public Box Plain(object item) { Item = item; return this; }

            public void Conditional(bool first) => Item = first ? Name : Next;

            public void Computed(int i) => Name = string.Concat(Name, Numbers[i & 1].ToString());

            public void Publish(object item) { Shared = item; Pair.First = item; }

            public virtual int Count() => ++_count;

            public Box Deep(int depth)
            {
                Next = depth == 0 ? null : new Box("deep", null);
                return depth == 0 ? this : Next.Deep(depth - 1);
            }
        }

        public class Crate() : Box("crate")
        {
            public override int Count() => 7;
        }

        public abstract class Shape
        {
            public abstract int Sides();
        }

        public sealed class Square : Shape
        {
            public override int Sides() => 4;
        }

        public static class Program
        {
            public static string Run()
            {
                Box box = new Box("a", null).Plain("item");
                Box other = new("b", box);
                other.Conditional(box.Count() == 1);
                other.Computed(3);
                other.Computed(2);
                other.Publish(box);
                box.Conditional(false);
                return $"{other.Deep(3).Name} {Once(5)} {Twice(1)} {Twice(2)} {Apart(3)} {Exported(4)} {Cleared()}";
            }

            public static int Of(Shape shape, Box box) => shape.Sides() + box.Count();

            private static int Once(int x) => x > 3 ? x * 7 + 1 : x - 9 * x * x;

            private static int Twice(int x) => x + 2;

            public static string Few(int x)
            {
                switch (x - 1)
                {
                    case 0: return "one";
                    case 1: return "two";
                    case 3: return "four";
                    case 4: return "five";
                    case 5: return "six";
                    default: return "other";
                }
            }

            public static ReadOnlySpan<byte> Text => "text"u8;

            public static ReadOnlySpan<byte> Table => [7, 1, 9, 2, 0];

            public static ReadOnlySpan<byte> Twin => "twin"u8;

            public static ReadOnlySpan<byte> TwinTable => [(byte)'t', (byte)'w', (byte)'i', (byte)'n', 0];

            public static int Many(int x) =>
                x switch { 0 => 3, 1 => 5, 2 => 1, 3 => 9, 4 => 2, 5 => 7, 6 => 4, _ => 0 };

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static int Apart(int x) => x + 3;

            [RuntimeExport("name")]
            private static int Exported(int x) => x + 4;

            private static int Cleared()
            {
                Span<byte> bytes = stackalloc byte[64];
                int sum = 0;
                foreach (byte b in bytes) { sum += b; }
                return sum;
            }
        }
        """;

    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly TemporaryFolder _folder = new();
    private string _original = string.Empty;
    private string _lowered = string.Empty;
    private AssemblyDefinition _assembly = null!;

    [OneTimeSetUp]
    public void Lower()
    {
        _original = Path.Combine(_folder.Path, "Sample.dll");
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(Sample)],
            _references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                deterministic: true));
        Assert.That(compilation.Emit(_original).Success, Is.True);
        _lowered = KernelLowering.Run([_original], Path.Combine(_folder.Path, "lowered")).Single();
        _assembly = AssemblyDefinition.ReadAssembly(_lowered);
    }

    [OneTimeTearDown]
    public void Clean()
    {
        _assembly.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void References_are_stored_in_objects_as_numbers_but_for_volatile_ones()
    {
        IEnumerable<string> stores = All()
            .Where(instruction => instruction.OpCode == OpCodes.Stfld)
            .Select(instruction => ((FieldReference)instruction.Operand).Name)
            .Distinct();

        Assert.That(stores, Is.EquivalentTo(new[] { "_count", "Shared", "First" }));
        Assert.That(In("Conditional").Select(i => i.OpCode), Has.Exactly(1).EqualTo(OpCodes.Stind_I));
    }

    [Test]
    public void Only_methods_with_several_implementations_are_called_through_a_check_for_null()
    {
        IEnumerable<MethodDefinition> called = All()
            .Where(instruction => instruction.OpCode == OpCodes.Callvirt)
            .Select(instruction => ((MethodReference)instruction.Operand).Resolve())
            .Where(method => method.Module == _assembly.MainModule);

        Assert.That(called.Select(method => method.Name).Distinct(), Is.EqualTo(new[] { "Count" }));
        Assert.That(In("Of").Select(instruction => instruction.ToString()), Has.One.Contain("Square::Sides"));
    }

    [TestCase("Once", true)]
    [TestCase("Twice", false)]
    [TestCase("Apart", false)]
    [TestCase("Exported", false)]
    [TestCase("Deep", false)]
    [TestCase("Sides", true)]
    public void What_one_place_calls_is_part_of_it(string name, bool isInlined) =>
        Assert.That(Method(name).AggressiveInlining, Is.EqualTo(isInlined));

    [TestCase("Run", false)]
    [TestCase("Cleared", true)]
    public void Only_the_memory_of_stackalloc_is_cleared(string name, bool isCleared) =>
        Assert.That(Method(name).Body.InitLocals, Is.EqualTo(isCleared));

    [TestCase("Few", false)]
    [TestCase("Many", true)]
    public void A_switch_over_few_values_compares(string name, bool isTable) =>
        Assert.That(In(name).Any(instruction => instruction.OpCode == OpCodes.Switch), Is.EqualTo(isTable));

    [TestCase(int.MinValue, "other")]
    [TestCase(0, "other")]
    [TestCase(1, "one")]
    [TestCase(2, "two")]
    [TestCase(3, "other")]
    [TestCase(4, "four")]
    [TestCase(5, "five")]
    [TestCase(6, "six")]
    [TestCase(7, "other")]
    public void And_finds_the_same(int value, string found)
    {
        Type program = System.Reflection.Assembly.Load(File.ReadAllBytes(_lowered)).GetType("Program")!;
        Assert.That(program.GetMethod("Few")!.Invoke(null, [value]), Is.EqualTo(found));
    }

    [TestCase("Text", 4)]
    [TestCase("Table", 5)]
    [TestCase("Twin", 5, Description = "which are the same bytes as those of a table")]
    [TestCase("TwinTable", 5)]
    public void A_text_has_no_zero_behind_it(string name, int bytes)
    {
        FieldDefinition data = In("get_" + name).Select(code => code.Operand).OfType<FieldDefinition>().Single();
        Assert.That(data.InitialValue, Has.Length.EqualTo(bytes));
        Assert.That(data.FieldType.Resolve().ClassSize, Is.EqualTo(bytes));
    }

    [Test]
    public void The_same_assembly_gives_the_same_copy()
    {
        string again = KernelLowering.Run([_original], Path.Combine(_folder.Path, "again")).Single();

        Assert.That(File.ReadAllBytes(again), Is.EqualTo(File.ReadAllBytes(_lowered)));
    }

    private MethodDefinition Method(string name) => _assembly.MainModule.GetTypes()
        .SelectMany(type => type.Methods)
        .Single(method => method.HasBody && method.Name == name);

    private IEnumerable<Instruction> In(string name) => Method(name).Body.Instructions;

    private IEnumerable<Instruction> All() => _assembly.MainModule.GetTypes()
        .SelectMany(type => type.Methods)
        .Where(method => method.HasBody)
        .SelectMany(method => method.Body.Instructions);
}
