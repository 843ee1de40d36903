// Vector state: saving and restoring it whole, moves of single registers, and the little arithmetic that a test of
// them needs. The areas' layout and alignment (16 for FXSAVE, 64 for XSAVE): Intel SDM volume 1, 10.5 and 13.4. 64-bit
// code uses the forms with REX.W, which keep the whole of the FPU's instruction and data pointers.

namespace Eros.Build.XSharp;

internal static class VectorForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("fninit", "fninit", Mode.Ours),
        new("ldmxcsr M", "ldmxcsr M", Mode.Ours),
        new("stmxcsr M", "stmxcsr M", Mode.Ours),
        new("fxsave M", "fxsave M", Mode.Bits32),
        new("fxsave M", "fxsave64 M", Mode.Bits64),
        new("fxrstor M", "fxrstor M", Mode.Bits32),
        new("fxrstor M", "fxrstor64 M", Mode.Bits64),
        new("xsave M", "xsave M", Mode.Bits32),
        new("xsave M", "xsave64 M", Mode.Bits64),
        new("xsaveopt M", "xsaveopt M", Mode.Bits32),
        new("xsaveopt M", "xsaveopt64 M", Mode.Bits64),
        new("xrstor M", "xrstor M", Mode.Bits32),
        new("xrstor M", "xrstor64 M", Mode.Bits64),
        new("xgetbv", "xgetbv", Mode.Ours),
        new("xsetbv", "xsetbv", Mode.Ours),
        new("X = M", "movups X,M", Mode.Ours),
        new("M = X", "movups M,X", Mode.Ours),
        new("Y = M", "vmovups Y,M", Mode.Ours),
        new("M = Y", "vmovups M,Y", Mode.Ours),
        new("X = X2", "movaps X,X2", Mode.Ours),
        new("X + X2 as qword", "paddq X,X2", Mode.Ours),
        new("X ^ X2", "pxor X,X2", Mode.Ours),
        new("X << n as qword", "psllq X,n", Mode.Ours) { Check = NeedsCount },
        new("X = Rn", "movq X,Rn", Mode.Bits64),
        new("Rn = X", "movq Rn,X", Mode.Bits64),
    ];

    private static void NeedsCount(Translator translator, Statement statement)
    {
        if (statement.ConstantOf("n").Value is not { } count || count < 0 || count > 63)
        {
            int column = statement.Operands["n"].Column;
            translator.Error(XSharpErrorCode.ConstantTooLarge, column, "expected a count from 0 to 63");
        }
    }
}
