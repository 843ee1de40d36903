namespace System;

public readonly struct Int16 : IEquatable<short>, IComparable<short>
{
    public const short MinValue = -32768;
    public const short MaxValue = 32767;

    public bool Equals(short other) => this == other;

    public int CompareTo(short other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is short other && this == other;

    public override int GetHashCode() => this;
}
