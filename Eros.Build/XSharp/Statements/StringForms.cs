// String instructions: RCX (ECX) counts, RDI and RSI point.

namespace Eros.Build.XSharp;

internal static class StringForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("cld", "cld", Mode.Ours),
        new("std", "std", Mode.Ours),
        new("rep string", "rep string", Mode.Ours) { Check = NeedsLongMode },
    ];

    private static void NeedsLongMode(Translator translator, Statement statement)
    {
        if (translator.Mode == Mode.Bits32 && statement.Operands["string"].Text.EndsWith('q'))
        {
            int column = statement.Operands["string"].Column;
            translator.Error(XSharpErrorCode.UnknownSize, column,
                "expected a size that 32-bit code has: byte, word or dword");
        }
    }
}
