// Frame pointers that go, constants and jumps that become shorter, and what callers do alike; and what must stay as it
// is.

using System;
using System.Linq;
using Eros.Build.Tasks.Tightening;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

[TestFixture, Category(TestKind.Unit)]
public sealed class ShorterCodeTests
{
    private const string Saved = "push rbp\n push rbx\n lea rbp, [rsp + 8]\n ";
    private const string Restored = "\n pop rbx\n pop rbp\n ret\n";

    [TestCase("call g")]
    [TestCase("call [rdi]")]
    [TestCase("mov eax, [rsp + 16]")]
    [TestCase("mov rdi, rsp")]
    [TestCase("and rsp, -16")]
    public void A_frame_pointer_that_nothing_uses_is_not_set_but_saved(string code) => Assert.That(
        Gone(Saved + code + Restored), Is.EqualTo(new[] { 2 }));

    [TestCase("mov eax, edi")]
    [TestCase("sub rsp, 24\n add rsp, 24")]
    public void Where_it_does_not_matter_where_the_stack_is_it_is_not_saved_either(string code)
    {
        int last = code.Count(c => c == '\n') + 5;
        Assert.That(Gone(Saved + code + Restored), Is.EqualTo(new[] { 0, 2, last }));
    }

    [TestCase("mov eax, [rbp - 8]")]
    [TestCase("mov eax, [rax + rbp]")]
    [TestCase("mov rax, rbp")]
    [TestCase("movzx eax, bpl")]
    [TestCase("lea rsp, [rbp - 8]")]
    [TestCase("leave")]
    [TestCase("lea rbp, [rsp + 16]")]
    public void A_frame_pointer_that_something_uses_stays(string code) =>
        Assert.That(Gone(Saved + code + Restored), Is.Empty);

    [Test]
    public void What_jumps_to_a_function_reaches_what_is_left_of_it()
    {
        MachineCode code = AssembledCode.Read(
            "jmp .in\n ret\n .in: push rbp\n mov rbp, rsp\n mov eax, edi\n pop rbp\n ret\n");
        UnusedFrames.Drop(code);
        Assert.That(code.Steps[0].Target, Is.EqualTo(code.Steps[4]));
    }

    [TestCase("mov edi, 3", "6A035F")]
    [TestCase("mov edi, 127", "6A7F5F")]
    [TestCase("mov r9d, 3", "6A034159")]
    [TestCase("mov rdi, strict qword -1", "6AFF5F")]
    [TestCase("mov r9, strict dword -128", "6A804159")]
    public void A_small_constant_goes_by_way_of_the_stack(string code, string bytes) =>
        Assert.That(Shortened(code), Is.EqualTo(bytes));

    [TestCase("mov edi, 128", "BF80000000")]
    [TestCase("mov edi, -1", "BFFFFFFFFF")]
    [TestCase("mov rdi, strict dword -129", "48C7C77FFFFFFF")]
    [TestCase("mov dword [rdi], 3", "C70703000000")]
    [TestCase("mov qword [rdi], 3", "48C70703000000")]
    [TestCase("mov dil, 3", "40B703")]
    [TestCase("mov edi, elsewhere", "BF00000000")]
    public void Any_other_stays(string code, string bytes) => Assert.That(Shortened(code), Is.EqualTo(bytes));

    [Test]
    public void What_callers_do_alike_is_done_in_front_of_the_function()
    {
        MachineCode code = Leading("mov rsi, rax\n" + Alike("T__M"), "T__M");
        Step function = code.Steps.Single(step => step.Leads.Count != 0);
        Assert.That(function.Leads.Select(step => Convert.ToHexString(step.Bytes)), Is.EqualTo(new[] { "4889DF" }));
        Assert.That(code.Steps.Where(step => step.Target == function.Leads[0]).Count(), Is.EqualTo(2));
        Assert.That(code.Steps.Where(step => step.IsGone).Select(step => step.At), Is.EqualTo(new ulong[] { 3, 11 }));
    }

    [TestCase("mov rdi, rsp\n call T__M\n mov rdi, rsp\n call T__M\n", "T__M", Description = "the stack")]
    [TestCase("push rdi\n call T__M\n push rdi\n call T__M\n", "T__M", Description = "the stack")]
    [TestCase("mov rdi, rbx\n call T__M\n mov rdi, rax\n call T__M\n", "T__M", Description = "not alike")]
    [TestCase("mov rdi, rbx\n .x: call T__M\n mov rdi, rbx\n call T__M\n je .x\n", "T__M")]
    public void What_is_not_alike_or_depends_on_the_caller_stays(string text, string name) => Stays(text, name);

    [Test]
    public void A_function_that_others_know_begins_where_it_did()
    {
        Stays(Alike("TM"), "TM");
        Stays(Alike("T__M") + "lea rax, [T__M]\n", "T__M");
    }

    [TestCase("je .a", "je .a", true)]
    [TestCase("je .a", "jmp .a", true)]
    [TestCase("jmp .a", "jmp .a", true)]
    [TestCase("je .a", "jne .a", false, Description = "another condition")]
    [TestCase("jmp .a", "je .a", false, Description = "a condition")]
    [TestCase("je .a", "je .b", false, Description = "another target")]
    public void A_long_jump_goes_over_one_that_is_taken_after_it(string jump, string relay, bool isRelayed)
    {
        Step[] on = Relayed($"{jump}\n {Apart(100)} {relay}\n {Apart(100)} .a: cld\n .b: ret\n");
        Step[] back = Relayed($".a: cld\n .b: cld\n {Apart(100)} {relay}\n {Apart(100)} {jump}\n ret\n");
        Assert.That(on[0].Target, Is.EqualTo(on[isRelayed ? 101 : 202]));
        Assert.That(back[203].Target, Is.EqualTo(back[isRelayed ? 102 : 0]));
    }

    [Test]
    public void It_goes_as_far_as_it_can()
    {
        Step[] steps = Relayed($"je .a\n {Apart(49)} je .a\n {Apart(49)} je .a\n {Apart(100)} .a: ret\n");
        Assert.That(steps[0].Target, Is.EqualTo(steps[100]));
        Assert.That(steps[50].Target, Is.EqualTo(steps[100]));
        Assert.That(steps[100].Target, Is.EqualTo(steps[201]));
    }

    [TestCase(50, 50, Description = "it is short by itself")]
    [TestCase(130, 10, Description = "the other is out of reach")]
    public void Where_it_would_not_become_short_it_goes_to_its_target(int first, int second)
    {
        Step[] steps = Relayed($"je .a\n {Apart(first)} je .a\n {Apart(second)} .a: ret\n");
        Assert.That(steps[0].Target, Is.EqualTo(steps[first + second + 2]));
    }

    [TestCase("je .a\n jmp .b\n .a: ret\n .b: ret\n", 5)]
    [TestCase("jge .a\n jmp g\n .a: ret\n", 12)]
    public void A_jump_over_a_jump_becomes_one(string text, int condition)
    {
        Step[] steps = Turned(text);
        Assert.That(steps[0].Target, Is.EqualTo(steps[1].Target));
        Assert.That(steps[0].Condition, Is.EqualTo(condition));
        Assert.That(steps.Where(step => step.IsGone), Is.EqualTo(new[] { steps[1] }));
    }

    [TestCase("je .a\n .b: jmp g\n .a: jmp .b\n", Description = "which others jump to")]
    [TestCase("jmp .a\n jmp g\n .a: ret\n", Description = "without a condition")]
    [TestCase("je .a\n jmp g\n cld\n .a: ret\n", Description = "and over more")]
    public void Another_jump_over_a_jump_stays(string text) =>
        Assert.That(Turned(text).Any(step => step.IsGone), Is.False);

    private static Step[] Turned(string text)
    {
        MachineCode code = AssembledCode.Read(text);
        TurnedJumps.Turn(code);
        return [.. code.Steps];
    }

    [TestCase("cmp [rdi], dil", true)]
    [TestCase("cmp [r12], r12b", true)]
    [TestCase("cmp [rdi], sil", false)]
    [TestCase("cmp [rdi + 8], dil", false)]
    [TestCase("cmp [rdi + rax], dil", false)]
    [TestCase("cmp dil, [rdi]", false)]
    public void A_reference_is_not_looked_at_only_for_null(string text, bool isGone)
    {
        MachineCode code = AssembledCode.Read(text + "\n ret\n");
        NeedlessBytes.Drop(code);
        Assert.That(code.Steps[0].IsGone, Is.EqualTo(isGone));
    }

    [TestCase("add rdi, 8\n mov eax, [rdi]\n mov rdi, rbx\n", "8B4708")]
    [TestCase("add rdi, 8\n mov eax, [rdi + 4]\n call g\n", null, Description = "a parameter")]
    [TestCase("add rdi, 8\n mov edi, [rdi]\n call g\n", "8B7F08")]
    [TestCase("add rdi, 8\n movzx edi, word [rdi - 8]\n call g\n", "0FB73F")]
    [TestCase("add rax, 0x320\n mov [rax], edi\n mov eax, 1\n", "89B820030000")]
    [TestCase("add rdi, 8\n mov [rdi], rdi\n mov rdi, rbx\n", null, Description = "as a value")]
    [TestCase("add rdi, 8\n mov al, [rdi]\n jc .a\n .a:", null, Description = "the carry")]
    [TestCase("add rdi, 8\n mov al, [rdi]\n jmp .a\n .b: mov rdi, rbx\n ret\n .a: mov rax, rdi\n", null)]
    [TestCase("add rdi, 8\n .a: mov al, [rdi]\n dec eax\n je .a\n mov rdi, rbx\n", null, Description = "a target")]
    [TestCase("add rax, 8\n mov edx, [rax]\n", null, Description = "what is returned")]
    [TestCase("add rbx, 8\n mov eax, [rbx]\n", null, Description = "the caller's")]
    [TestCase("add rbx, 8\n mov eax, [rbx]\n pop rbx\n", "8B4308")]
    public void An_address_for_one_access_is_part_of_it(string text, string? bytes)
    {
        MachineCode code = AssembledCode.Read(text + "ret\n");
        byte[] use = code.Steps[1].Bytes;
        NearAddresses.Take(code);
        Assert.That(code.Steps[0].IsGone, Is.EqualTo(bytes != null));
        Assert.That(Convert.ToHexString(code.Steps[1].Bytes), Is.EqualTo(bytes ?? Convert.ToHexString(use)));
    }

    [TestCase("setl dil\n movzx edi, dil\n test edi, edi\n jne .a\n mov edi, 1\n .a: mov edi, 2\n ", 12)]
    [TestCase("setl dil\n movzx edi, dil\n test edi, edi\n je .a\n mov edi, 1\n .a: mov edi, 2\n ", 13)]
    [TestCase("setl r12b\n movzx r12d, r12b\n test r12d, r12d\n jne .a\n .a: pop r12\n ", 12)]
    [TestCase("setl dil\n movzx edi, dil\n test edi, edi\n jne .a\n call g\n .a: mov edi, 2\n ", null)]
    [TestCase("setl dil\n movzx edi, dil\n test edi, edi\n jne .a\n mov edi, 1\n .a: mov eax, edi\n ", null)]
    [TestCase("setl dil\n movzx edi, dil\n test edi, edi\n jne .a\n sete al\n .a: mov edi, 2\n ", null)]
    [TestCase("setl dil\n movzx edi, dil\n .a: test edi, edi\n jne .a\n ", null)]
    [TestCase("setl dil\n movzx esi, dil\n test esi, esi\n jne .a\n .a: mov edi, 2\n ", null)]
    [TestCase("setl dil\n movzx edi, dil\n test edi, edi\n jg .a\n .a: mov edi, 2\n ", null)]
    public void A_condition_that_a_jump_looks_at_is_the_jumps(string text, int? condition)
    {
        MachineCode code = AssembledCode.Read(text + "ret\n");
        DirectJumps.Make(code);
        Assert.That(code.Steps.Count(step => step.IsGone), Is.EqualTo(condition == null ? 0 : 3));
        Assert.That(condition == null || code.Steps[3].Condition == condition);
    }

    private static string Apart(int bytes) => $"times {bytes} cld\n";

    private static Step[] Relayed(string text)
    {
        MachineCode code = AssembledCode.Read(text);
        Relays.Lay(code);
        return [.. code.Steps];
    }

    private static string Alike(string name) => $"mov rdi, rbx\n call {name}\n mov rdi, rbx\n call {name}\n";

    private static void Stays(string text, string name)
    {
        MachineCode code = Leading(text, name);
        Assert.That(code.Steps.Any(step => step.IsGone || step.IsCopy), Is.False);
    }

    private static MachineCode Leading(string text, string name)
    {
        string function = $"global {name}:function ({name}.end - {name})\n {name}: ret\n .end:\n";
        MachineCode code = AssembledCode.Read(text + "ret\n", "section __managedcode\n " + function);
        SharedLeads.Share(code);
        return code;
    }

    private static int[] Gone(string text)
    {
        MachineCode code = AssembledCode.Read(text);
        UnusedFrames.Drop(code);
        return [.. code.Steps.Where(step => step.IsGone).Select(step => step.Index)];
    }

    private static string Shortened(string text)
    {
        MachineCode code = AssembledCode.Read(text + "\n ret\n");
        ShortConstants.Shorten(code);
        return Convert.ToHexString(code.Steps[0].Bytes);
    }
}
