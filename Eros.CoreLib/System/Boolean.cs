namespace System;

public readonly struct Boolean : IEquatable<bool>, IComparable<bool>
{
    public const string TrueString = "True";
    public const string FalseString = "False";

    public bool Equals(bool other) => this == other;

    public int CompareTo(bool other) => this == other ? 0 : this ? 1 : -1;

    public override bool Equals(object? obj) => obj is bool other && this == other;

    public override int GetHashCode() => this ? 1 : 0;

    public override string ToString() => this ? TrueString : FalseString;
}
