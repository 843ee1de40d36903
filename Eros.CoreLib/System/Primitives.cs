// The primitive types: the compiler knows their representation, here they only get their names and the
// comparisons that generic code asks for. Formatting and parsing live beside them (Number.cs).

namespace System;

public struct Void
{
}

public readonly struct Boolean : IEquatable<bool>
{
    public bool Equals(bool other) => this == other;

    public override bool Equals(object? obj) => obj is bool other && this == other;

    public override int GetHashCode() => this ? 1 : 0;

    public override string ToString() => this ? "True" : "False";
}
