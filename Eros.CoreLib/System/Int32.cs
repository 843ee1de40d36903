namespace System;

public readonly struct Int32 : IEquatable<int>, IComparable<int>
{
    public const int MinValue = -2147483648;
    public const int MaxValue = 2147483647;

    public bool Equals(int other) => this == other;

    public int CompareTo(int other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is int other && this == other;

    public override int GetHashCode() => this;
}
