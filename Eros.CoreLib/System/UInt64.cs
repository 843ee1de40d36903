namespace System;

public readonly struct UInt64 : IEquatable<ulong>, IComparable<ulong>
{
    public const ulong MinValue = 0;
    public const ulong MaxValue = 18446744073709551615;

    public bool Equals(ulong other) => this == other;

    public int CompareTo(ulong other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is ulong other && this == other;

    public override int GetHashCode() => (int)this ^ (int)(this >> 32);
}
