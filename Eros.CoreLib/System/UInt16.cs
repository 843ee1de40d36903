namespace System;

public readonly struct UInt16 : IEquatable<ushort>, IComparable<ushort>
{
    public const ushort MinValue = 0;
    public const ushort MaxValue = 65535;

    public bool Equals(ushort other) => this == other;

    public int CompareTo(ushort other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is ushort other && this == other;

    public override int GetHashCode() => this;
}
