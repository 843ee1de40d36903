// `=`: moves between registers, constants, variables and memory.

namespace Eros.Build.XSharp;

internal static class AssignmentForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        // A register takes...
        new("R = n", "mov R,n") { WideImmediate = true },
        new("R = #C", "mov R,C", Mode.Gen1),
        new("R = M as S", "movzx R,size M (mov of the low half where S is dword)", Mode.Ours) { Emit = ZeroExtend },
        new("R = M", "mov R,size M"),
        new("R = R2", "mov R,R2"),
        new("R = V", "mov R,size [V]"),
        new("R = @address", "mov R,address", Mode.Narrow) { Check = NeedsAddressWidth },
        new("R = @address", "lea R,[address]", Mode.Bits64) { Check = NeedsAddressWidth },
        new("R = absolute @address", "mov R,qword address", Mode.Bits64) { Check = NeedsAddressWidth },
        new("Rw = @M", "lea Rw,M", Mode.Ours),

        // Memory takes...
        new("M = R", "mov size M,R"),
        new("I = n", "mov size I,n") { DefaultSize = Slots.Width },
        new("I = #C", "mov size I,C", Mode.Gen1) { DefaultSize = Slots.Width },
        new("M = n as S", "mov size M,n", Mode.Ours),

        // A variable takes...
        new("V = R", "mov size [V],R"),
        new("V = n", "mov size [V],n") { DefaultSize = DwordInGen1 },
        new("V = #C", "mov size [V],C", Mode.Gen1) { DefaultSize = DwordInGen1 },
        new("V = n as S", "mov size [V],n"),
    ];

    /// <summary>The size of a store to a variable: upstream's is fixed, ours is that of the variable.</summary>
    private static int DwordInGen1(Mode mode) => mode == Mode.Gen1 ? 4 : 0;

    private static void NeedsAddressWidth(Translator translator, Statement statement)
    {
        var register = statement.Get<RegisterOperand>("R");
        if (register.Register.Size != Slots.Width(translator.Mode))
        {
            string width = $"{8 * Slots.Width(translator.Mode)}-bit";
            translator.Error(XSharpErrorCode.SizeMismatch, register.Column,
                $"expected a {width} register for an address");
        }
    }

    private static void ZeroExtend(Translator translator, Statement statement)
    {
        var register = statement.Get<RegisterOperand>("R");
        var memory = statement.Get<MemoryOperand>("M");
        int from = statement.Size;
        if (from > register.Register.Size)
        {
            translator.Error(XSharpErrorCode.SizeMismatch, register.Column,
                "expected a register at least as wide as the memory");
            return;
        }

        if (from == register.Register.Size)
        {
            translator.Output.Code($"mov {register.Text},{Sizes.Word(from)} {memory.Text}");
        }
        else if (from == 4)
        {
            // Writing the low half of a register clears its high half.
            translator.Output.Code($"mov {Register.LowHalf(register.Register)},dword {memory.Text}");
        }
        else
        {
            translator.Output.Code($"movzx {register.Text},{Sizes.Word(from)} {memory.Text}");
        }
    }
}
