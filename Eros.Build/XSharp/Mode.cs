// The three settings in which a line can stand. A statement form says in which of them it exists.

using System;

namespace Eros.Build.XSharp;

/// <summary>The setting of a line; as a set, the settings in which a form exists.</summary>
[Flags]
internal enum Mode
{
    /// <summary>Upstream's 32-bit language (<c>--x86</c>).</summary>
    Gen1 = 1,

    /// <summary>Our dialect after <c>bits 32</c>.</summary>
    Bits32 = 2,

    /// <summary>Our dialect, as a file starts and after <c>bits 64</c>.</summary>
    Bits64 = 4,

    /// <summary>Our dialect in either width: what upstream does not have.</summary>
    Ours = Bits32 | Bits64,

    /// <summary>32-bit code of either dialect.</summary>
    Narrow = Gen1 | Bits32,

    /// <summary>Everywhere.</summary>
    All = Gen1 | Bits32 | Bits64,
}
