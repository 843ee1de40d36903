namespace System.Globalization;

/// <summary>The one culture there is: arguments of this type are accepted and ignored.</summary>
public sealed class CultureInfo : IFormatProvider
{
    private CultureInfo()
    {
    }

    public static CultureInfo InvariantCulture { get; } = new();
}
