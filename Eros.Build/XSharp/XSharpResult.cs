// What a compilation gives back.

using System.Collections.Generic;

namespace Eros.Build.XSharp;

/// <summary>The outcome of one compilation.</summary>
/// <param name="Asm">NASM text; of use only if there are no errors.</param>
/// <param name="Errors">In the order of the lines, names that nothing defines last; empty on success.</param>
public sealed record XSharpResult(string Asm, IReadOnlyList<XSharpError> Errors);
