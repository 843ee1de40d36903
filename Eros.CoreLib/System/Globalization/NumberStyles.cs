namespace System.Globalization;

/// <summary>What a number's text may hold besides digits.</summary>
[Flags]
public enum NumberStyles
{
    None = 0x0000,
    AllowLeadingWhite = 0x0001,
    AllowTrailingWhite = 0x0002,
    AllowLeadingSign = 0x0004,
    AllowHexSpecifier = 0x0200,
    Integer = AllowLeadingWhite | AllowTrailingWhite | AllowLeadingSign,
    HexNumber = AllowLeadingWhite | AllowTrailingWhite | AllowHexSpecifier,
}
