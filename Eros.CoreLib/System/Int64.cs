namespace System;

public readonly struct Int64 : IEquatable<long>, IComparable<long>
{
    public const long MinValue = -9223372036854775808;
    public const long MaxValue = 9223372036854775807;

    public bool Equals(long other) => this == other;

    public int CompareTo(long other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is long other && this == other;

    public override int GetHashCode() => (int)this ^ (int)(this >> 32);
}
