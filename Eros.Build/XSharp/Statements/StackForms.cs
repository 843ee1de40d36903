// `+` and `-` before an operand: push and pop.

using System.Linq;

namespace Eros.Build.XSharp;

internal static class StackForms
{
    // The order of PUSHAD, without the stack pointer, then the registers that it does not know.
    private static readonly string[] _all64 =
    [
        "RAX", "RCX", "RDX", "RBX", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
    ];

    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("+All", "Pushad", Mode.Narrow),
        new("+All", "push of RAX RCX RDX RBX RBP RSI RDI R8 to R15", Mode.Bits64) { Emit = PushAll },
        new("-All", "Popad", Mode.Narrow),
        new("-All", "pop of R15 to R8 RDI RSI RBP RBX RDX RCX RAX", Mode.Bits64) { Emit = PopAll },
        new("+Flags", "pushfd", Mode.Bits32),
        new("+Flags", "pushfq", Mode.Bits64),
        new("-Flags", "popfd", Mode.Bits32),
        new("-Flags", "popfq", Mode.Bits64),
        new("+#C", "push size C", Mode.Gen1) { AlwaysWide = true },
        new("+#C as S", "push size C", Mode.Gen1),
        new("+n as S", "push size n", Mode.Ours) { Check = NeedsStackSize },
        new("+n", "push size n", Mode.Ours) { AlwaysWide = true },
        new("+R", "push size R") { Check = NeedsStackSize },
        new("-R", "pop size R") { Check = NeedsStackSize },
        new("+M", "push size M", Mode.Ours) { AlwaysWide = true },
        new("-M", "pop size M", Mode.Ours) { AlwaysWide = true },
    ];

    private static void PushAll(Translator translator, Statement statement)
        => _all64.ToList().ForEach(name => translator.Output.Code($"push {name}"));

    private static void PopAll(Translator translator, Statement statement)
        => _all64.Reverse().ToList().ForEach(name => translator.Output.Code($"pop {name}"));

    // The processor has pushes of the mode's width and of 16 bits, and no other (upstream emits `push dword AL`).
    private static void NeedsStackSize(Translator translator, Statement statement)
    {
        if (statement.Size != 2 && statement.Size != Slots.Width(translator.Mode))
        {
            string wide = Sizes.Word(Slots.Width(translator.Mode));
            translator.Error(XSharpErrorCode.WrongRegister, statement.Column,
                $"expected an operand of the size word or {wide}: the stack takes no other");
        }
    }
}
