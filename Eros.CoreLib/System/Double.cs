namespace System;

/// <summary>Calculates; there is no conversion to and from text.</summary>
public readonly struct Double : IEquatable<double>, IComparable<double>
{
    public const double MinValue = -1.7976931348623157E+308;
    public const double MaxValue = 1.7976931348623157E+308;
    public const double NaN = 0.0 / 0.0;
    public const double PositiveInfinity = 1.0 / 0.0;
    public const double NegativeInfinity = -1.0 / 0.0;

    public static bool IsNaN(double value) => !(value >= 0) && !(value < 0);

    public bool Equals(double other) => this == other || (IsNaN(this) && IsNaN(other));

    /// <summary>A NaN is less than everything else.</summary>
    public int CompareTo(double other) =>
        this < other ? -1 : this > other ? 1 : this == other ? 0 : IsNaN(this) ? (IsNaN(other) ? 0 : -1) : 1;

    public override bool Equals(object? obj) => obj is double other && Equals(other);

    public override int GetHashCode() => ((long)(this * 65536)).GetHashCode();
}
