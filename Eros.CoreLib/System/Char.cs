namespace System;

public readonly struct Char : IEquatable<char>, IComparable<char>
{
    public const char MinValue = '\0';
    public const char MaxValue = '\uffff';

    public bool Equals(char other) => this == other;

    public int CompareTo(char other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is char other && this == other;

    public override int GetHashCode() => this;
}
