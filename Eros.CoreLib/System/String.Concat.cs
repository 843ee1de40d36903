namespace System;

public sealed unsafe partial class String
{
    public static string Concat(string? first, string? second) => Concat(first.AsSpan(), second.AsSpan());

    public static string Concat(string? first, string? second, string? third) =>
        Concat(first.AsSpan(), second.AsSpan(), third.AsSpan());

    public static string Concat(string? first, string? second, string? third, string? fourth) =>
        Concat(first.AsSpan(), second.AsSpan(), third.AsSpan(), fourth.AsSpan());

    public static string Concat(ReadOnlySpan<char> first, ReadOnlySpan<char> second) => Concat(first, second, default);

    public static string Concat(ReadOnlySpan<char> first, ReadOnlySpan<char> second, ReadOnlySpan<char> third) =>
        Concat(first, second, third, default);

    public static string Concat(
        ReadOnlySpan<char> first, ReadOnlySpan<char> second, ReadOnlySpan<char> third, ReadOnlySpan<char> fourth)
    {
        string result = FastAllocateString(checked(first.Length + second.Length + third.Length + fourth.Length));
        Span<char> rest = new(ref result._firstChar, result.Length);
        rest = Append(rest, first);
        rest = Append(rest, second);
        rest = Append(rest, third);
        Append(rest, fourth);
        return result;
    }

    public static string Concat(params string?[] values)
    {
        int length = 0;
        foreach (string? value in values)
        {
            length = checked(length + value.AsSpan().Length);
        }

        string result = FastAllocateString(length);
        Span<char> rest = new(ref result._firstChar, length);
        foreach (string? value in values)
        {
            rest = Append(rest, value.AsSpan());
        }

        return result;
    }

    private static Span<char> Append(Span<char> destination, ReadOnlySpan<char> text)
    {
        text.CopyTo(destination);
        return destination.Slice(text.Length);
    }
}
