namespace System;

public readonly struct UInt32 : IEquatable<uint>, IComparable<uint>
{
    public const uint MinValue = 0;
    public const uint MaxValue = 4294967295;

    public bool Equals(uint other) => this == other;

    public int CompareTo(uint other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is uint other && this == other;

    public override int GetHashCode() => (int)this;
}
