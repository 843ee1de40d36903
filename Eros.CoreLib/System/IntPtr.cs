namespace System;

public readonly struct IntPtr : IEquatable<nint>, IComparable<nint>
{
    public static nint Zero => 0;

    public static int Size => 8;

    public bool Equals(nint other) => this == other;

    public int CompareTo(nint other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is nint other && this == other;

    public override int GetHashCode() => (int)this ^ (int)((long)this >> 32);
}
