namespace System;

public readonly struct SByte : IEquatable<sbyte>, IComparable<sbyte>
{
    public const sbyte MinValue = -128;
    public const sbyte MaxValue = 127;

    public bool Equals(sbyte other) => this == other;

    public int CompareTo(sbyte other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is sbyte other && this == other;

    public override int GetHashCode() => this;
}
