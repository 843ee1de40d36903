// What the tightening of code does not understand is refused with its place, and never guessed at.

using System.IO;
using System.Linq;
using Eros.Build.Tasks;
using Eros.Build.Tasks.Tightening;
using Iced.Intel;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

[TestFixture, Category(TestKind.Unit)]
public sealed class CodeRefusalTests
{
    private const string Bound = "cmp esi, 3\n ja .out\n mov edi, esi\n";
    private const string Jump =
        "lea rax, [rel table]\n mov eax, [rax + rdi * 4]\n lea rcx, [rel f]\n add rax, rcx\n jmp rax\n.out: ret\n";

    private const string Table = "section .rodata\n dd 0\n table: dd 0, 0, 0, 0\n next: dd 1\n";

    [Test]
    public void A_switch_has_as_many_entries_as_its_bound_lets_through()
    {
        MachineCode code = AssembledCode.Read("nop\n" + Bound + Jump, Table);
        Assert.That(code.SwitchTargets, Is.EqualTo(Enumerable.Repeat(code.Steps[0], 4)));
    }

    [TestCase("cmp esi, 3\n ja .out\n mov edi, edx\n", Description = "another register")]
    [TestCase("cmp esi, 3\n ja .out\n and edi, 3\n", Description = "no bound of its own")]
    [TestCase("cmp edi, 3\n jae .out\n", Description = "another condition")]
    [TestCase("cmp edi, 3\n mov edx, edi\n ja .out\n", Description = "something between")]
    [TestCase("cmp dil, 3\n ja .out\n", Description = "another width")]
    [TestCase("cmp edi, -1\n ja .out\n", Description = "no bound at all")]
    [TestCase("cmp edi, 3\n ja .out\n jmp .in\n.in: mov edi, edi\n", Description = "something between")]
    [TestCase("jmp .in\n cmp edi, 3\n ja .out\n .in: mov edi, edi\n", Description = "a way around")]
    public void A_switch_without_a_bound_is_refused(string bound) => Refused("a switch", bound + Jump, Table);

    [TestCase("section .rodata\n dd 0\n table: dd 0, 0, 0\n next: dd 1\n")]
    [TestCase("section .rodata\n dd 0\n table: dd 0, 0, 0, 0, 0, 0\n next: dd 1\n")]
    [TestCase("section .rodata\n dd 0\n table: dd 0, 0, 0, 0, 1\n next: dd 1\n")]
    [TestCase("section .rodata\n dd 0\n table: dd 0, 0, 0\n")]
    public void A_table_that_is_not_as_long_as_its_bound_is_refused(string table) =>
        Refused("the table of a switch", Bound + Jump, table);

    [TestCase("cmp dword [rel f], 1")]
    [TestCase("mov [rel f], rax")]
    [TestCase("jmp [rel f]")]
    [TestCase("loop f")]
    [TestCase("jrcxz f")]
    public void Only_calls_and_jumps_and_addresses_have_places(string code) =>
        Refused("an instruction with a place", code + "\n ret\n");

    [TestCase("int3\n ret\n")]
    [TestCase("call g\n int3\n ret\n")]
    [TestCase("call h\n int3\n ret\n")]
    [TestCase("call elsewhere\n int3\n ret\n")]
    [TestCase("je .trap\n call f\n .trap: int3\n")]
    [TestCase("int 32\n ret\n")]
    public void A_trap_that_may_be_reached_stays(string text)
    {
        MachineCode code = AssembledCode.Read(text);
        NeedlessBytes.Drop(code);
        Assert.That(code.Steps.Where(step => step.Code.FlowControl == FlowControl.Interrupt), Is.Not.Empty);
        Assert.That(code.Steps.Any(step => step.IsGone || step.NeverReturns), Is.False);
    }

    [TestCase("call f\n int3\n")]
    [TestCase("call k\n int3\n")]
    public void A_trap_behind_what_never_returns_is_dropped(string text)
    {
        MachineCode code = AssembledCode.Read(text);
        NeedlessBytes.Drop(code);
        Assert.That(code.Steps[0].NeverReturns && code.Steps[1].IsGone);
    }

    [TestCase("dq f.in")]
    [TestCase("dq h + 1")]
    public void A_reference_into_a_function_is_refused(string data) =>
        Refused("what is referred to", "nop\n.in: ret\n", $"section .data\n {data}\n");

    [TestCase(".out", true)]
    [TestCase(".away", false)]
    public void A_second_bound_stays_when_the_first_is_jumped_into(string place, bool isDropped)
    {
        MachineCode code = AssembledCode.Read(
            $"je {place}\n cmp rdi, 3\n .away: ja .out\n cmp edi, 3\n ja .out\n mov edi, edi\n .out: ret\n");
        NeedlessBytes.Drop(code);
        Assert.That(code.Steps[3].IsGone, Is.EqualTo(isDropped));
    }

    // Exception tables and unwind tables, which the linker discards, lead into functions.
    [TestCase(".eh_frame")]
    [TestCase(".dotnet_eh_table")]
    public void A_table_for_unwinding_may_refer_into_a_function(string table) => Assert.That(
        () => AssembledCode.Read("nop\n.in: ret\n", $"section {table} alloc noexec\n dq f.in\n"), Throws.Nothing);

    [Test]
    public void Code_of_another_section_refers_from_the_end_of_its_instruction() => Assert.That(
        () => AssembledCode.Read("nop\n ret\n", "section .text\n call f\n"), Throws.Nothing);

    private static void Refused(string what, string code, string data = "") => Assert.That(
        () => NeedlessBytes.Drop(AssembledCode.Read(code, data)),
        Throws.TypeOf<BuildFailure>().With.Property("Problems").One.Property("Line").Contains($"{what} at "));
}
