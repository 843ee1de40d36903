namespace System;

public readonly struct Byte : IEquatable<byte>, IComparable<byte>
{
    public const byte MinValue = 0;
    public const byte MaxValue = 255;

    public bool Equals(byte other) => this == other;

    public int CompareTo(byte other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is byte other && this == other;

    public override int GetHashCode() => this;
}
