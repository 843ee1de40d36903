namespace System;

/// <summary>Calculates; there is no conversion to and from text.</summary>
public readonly struct Single : IEquatable<float>, IComparable<float>
{
    public const float MinValue = -3.40282346638528859e+38F;
    public const float MaxValue = 3.40282346638528859e+38F;
    public const float NaN = 0.0F / 0.0F;
    public const float PositiveInfinity = 1.0F / 0.0F;
    public const float NegativeInfinity = -1.0F / 0.0F;

    public static bool IsNaN(float value) => !(value >= 0) && !(value < 0);

    public bool Equals(float other) => this == other || (IsNaN(this) && IsNaN(other));

    /// <summary>A NaN is less than everything else.</summary>
    public int CompareTo(float other) =>
        this < other ? -1 : this > other ? 1 : this == other ? 0 : IsNaN(this) ? (IsNaN(other) ? 0 : -1) : 1;

    public override bool Equals(object? obj) => obj is float other && Equals(other);

    public override int GetHashCode() => ((long)(this * 65536)).GetHashCode();
}
