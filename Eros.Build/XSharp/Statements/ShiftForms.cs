// Shifts and rotates.

namespace Eros.Build.XSharp;

internal static class ShiftForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("R << CL", "shl R,CL", Mode.Ours),
        new("R << n", "shl R,n") { Check = NeedsCount },
        new("R >> CL", "shr R,CL", Mode.Ours),
        new("R >> n", "shr R,n") { Check = NeedsCount },
        new("R <~ CL", "rol R,CL", Mode.Ours),
        new("R <~ n", "rol R,n") { Check = NeedsCount },
        new("R ~> CL", "ror R,CL", Mode.Ours),
        new("R ~> n", "ror R,n") { Check = NeedsCount },
        new("signed R >> CL", "sar R,CL", Mode.Ours),
        new("signed R >> n", "sar R,n", Mode.Ours) { Check = NeedsCount },
    ];

    private static void NeedsCount(Translator translator, Statement statement)
    {
        if (statement.ConstantOf("n").Value is { } count && (count < 0 || count > 255))
        {
            int column = statement.Operands["n"].Column;
            translator.Error(XSharpErrorCode.ConstantTooLarge, column, "expected a count from 0 to 255");
        }
    }
}
