namespace System;

// Finding: always ordinal, whatever overload is called. A StringComparison is accepted and needs no look.
public sealed unsafe partial class String
{
    public static int Compare(string? left, string? right, StringComparison comparisonType) =>
        CompareOrdinal(left, right);

    public static bool Equals(string? left, string? right, StringComparison comparisonType) => Equals(left, right);

    public static bool IsNullOrWhiteSpace([Diagnostics.CodeAnalysis.NotNullWhen(false)] string? value) =>
        value.AsSpan().Trim().Length == 0;

    public bool Equals(string? value, StringComparison comparisonType) => Equals(this, value);

    public int IndexOf(char value) => this.AsSpan().IndexOf(value);

    public int IndexOf(char value, int startIndex) => Offset(this.AsSpan(startIndex).IndexOf(value), startIndex);

    public int IndexOf(string value) => this.AsSpan().IndexOf(value.AsSpan());

    public int IndexOf(string value, StringComparison comparisonType) => IndexOf(value);

    public int IndexOf(string value, int startIndex) =>
        Offset(this.AsSpan(startIndex).IndexOf(value.AsSpan()), startIndex);

    public int IndexOf(string value, int startIndex, StringComparison comparisonType) => IndexOf(value, startIndex);

    public int IndexOfAny(char[] anyOf)
    {
        for (int i = 0; i < Length; i++)
        {
            if (anyOf.AsSpan().IndexOf(this[i]) >= 0)
            {
                return i;
            }
        }

        return -1;
    }

    public int LastIndexOf(char value) => this.AsSpan().LastIndexOf(value);

    public bool Contains(char value) => IndexOf(value) >= 0;

    public bool Contains(string value) => IndexOf(value) >= 0;

    public bool Contains(string value, StringComparison comparisonType) => IndexOf(value) >= 0;

    public bool StartsWith(char value) => Length != 0 && this[0] == value;

    public bool StartsWith(string value) => this.AsSpan().StartsWith(value.AsSpan());

    public bool StartsWith(string value, StringComparison comparisonType) => StartsWith(value);

    public bool EndsWith(char value) => Length != 0 && this[Length - 1] == value;

    public bool EndsWith(string value) => this.AsSpan().EndsWith(value.AsSpan());

    public bool EndsWith(string value, StringComparison comparisonType) => EndsWith(value);

    private static int Offset(int found, int start) => found < 0 ? found : found + start;
}
