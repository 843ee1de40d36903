// Port input and output. Upstream prints these two instructions with a blank after the comma.

namespace Eros.Build.XSharp;

internal static class PortForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("Port[DX] = A", "out DX, A"),
        new("A = Port[DX]", "in size A, DX"),
        new("Port[n] = A", "out n, A", Mode.Ours) { Check = NeedsLowPort },
        new("A = Port[n]", "in A, n", Mode.Ours) { Check = NeedsLowPort },
    ];

    private static void NeedsLowPort(Translator translator, Statement statement)
    {
        if (statement.ConstantOf("n").Value is not { } port || port < 0 || port > 255)
        {
            int column = statement.Operands["n"].Column;
            translator.Error(XSharpErrorCode.ConstantTooLarge, column,
                "expected a port up to 0xFF (others through DX)");
        }
    }
}
