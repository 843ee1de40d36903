// Arithmetic and logic.

namespace Eros.Build.XSharp;

internal static class ArithmeticForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("R + n", "add R,n"),
        new("R + R2", "add R,R2"),
        new("R + M", "add R,size M", Mode.Ours),
        new("M + R", "add size M,R", Mode.Ours),
        new("M + n as S", "add size M,n", Mode.Ours),
        new("R - n", "sub R,n"),
        new("R - R2", "sub R,R2"),
        new("R - M", "sub R,size M", Mode.Ours),
        new("M - R", "sub size M,R", Mode.Ours),
        new("M - n as S", "sub size M,n", Mode.Ours),
        new("Rw * n", "Imul Rw,n"),
        new("Rw * R2", "Imul Rw,R2"),
        new("Rw * M", "Imul Rw,size M", Mode.Ours),
        new("R & n", "and R,n"),
        new("R & R2", "and R,R2"),
        new("R & M", "and R,size M", Mode.Ours),
        new("M & R", "and size M,R", Mode.Ours),
        new("M & n as S", "and size M,n", Mode.Ours),
        new("R | n", "or R,n"),
        new("R | R2", "or R,R2"),
        new("R | M", "or R,size M", Mode.Ours),
        new("M | R", "or size M,R", Mode.Ours),
        new("M | n as S", "or size M,n", Mode.Ours),
        new("R ^ n", "xor R,n"),
        new("R ^ R2", "xor R,R2"),
        new("R ^ M", "xor R,size M", Mode.Ours),
        new("M ^ R", "xor size M,R", Mode.Ours),
        new("M ^ n as S", "xor size M,n", Mode.Ours),
        new("R++", "inc size R"),
        new("R--", "dec size R"),
        new("not R", "not R", Mode.Ours),
        new("neg R", "neg R", Mode.Ours),
        new("mul R", "mul R", Mode.Ours),
        new("div R", "div R", Mode.Ours),
        new("idiv R", "idiv R", Mode.Ours),
    ];
}
