// Found: a model, or the diagnostics that say why there is none.

using System;

namespace Eros.Build.Generator.Model;

/// <summary>A diagnostic as values: a Diagnostic would hold on to a syntax tree.</summary>
internal sealed record Problem(string Id, string File, int Start, int Length, int Line, int Column, int EndLine,
    int EndColumn, EquatableArray<string> Arguments) : IEquatable<Problem>;

internal sealed record Found<T>(T? Model, EquatableArray<Problem> Problems) : IEquatable<Found<T>>
    where T : class, IEquatable<T>;
