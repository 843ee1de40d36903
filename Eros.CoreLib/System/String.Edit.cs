using System.Collections.Generic;
using System.Text;

namespace System;

// New strings out of old ones.
public sealed unsafe partial class String
{
    public static string Concat(object? value) => value?.ToString() ?? Empty;

    public static string Concat(object? first, object? second) => Concat(first?.ToString(), second?.ToString());

    public static string Concat(object? first, object? second, object? third) =>
        Concat(first?.ToString(), second?.ToString(), third?.ToString());

    public static string Join(string? separator, params string?[] values) => Join(separator, new List<string?>(values));

    public static string Join(char separator, params string?[] values) => Join(char.ToString(separator), values);

    public static string Join<T>(char separator, IEnumerable<T> values) => Join(char.ToString(separator), values);

    public static string Join<T>(string? separator, IEnumerable<T> values)
    {
        StringBuilder result = new();
        bool first = true;
        foreach (T value in values)
        {
            if (!first)
            {
                result.Append(separator);
            }

            result.Append(value?.ToString());
            first = false;
        }

        return result.ToString();
    }

    public string[] Split(char separator, StringSplitOptions options = StringSplitOptions.None) =>
        Split(char.ToString(separator), int.MaxValue, options);

    public string[] Split(char separator, int count, StringSplitOptions options = StringSplitOptions.None) =>
        Split(char.ToString(separator), count, options);

    public string[] Split(string separator, StringSplitOptions options = StringSplitOptions.None) =>
        Split(separator, int.MaxValue, options);

    /// <summary>At most <paramref name="count"/> parts; the last one takes the rest as it is.</summary>
    public string[] Split(string separator, int count, StringSplitOptions options = StringSplitOptions.None)
    {
        List<string> parts = new();
        int start = 0;
        while (count > parts.Count + 1)
        {
            int end = separator.Length == 0 ? -1 : IndexOf(separator, start);
            if (end < 0)
            {
                break;
            }

            AddPart(parts, this.AsSpan(start, end - start), options);
            start = end + separator.Length;
        }

        if (count > 0)
        {
            AddPart(parts, this.AsSpan(start), options);
        }

        return parts.ToArray();
    }

    public string Trim() => FromPart(this.AsSpan().Trim());

    public string TrimStart() => FromPart(this.AsSpan().TrimStart());

    public string TrimEnd() => FromPart(this.AsSpan().TrimEnd());

    public string Trim(char trimChar) => TrimStart(trimChar).TrimEnd(trimChar);

    public string TrimStart(char trimChar)
    {
        int start = 0;
        while (start < Length && this[start] == trimChar)
        {
            start++;
        }

        return FromPart(this.AsSpan(start));
    }

    public string TrimEnd(char trimChar)
    {
        int end = Length;
        while (end > 0 && this[end - 1] == trimChar)
        {
            end--;
        }

        return FromPart(this.AsSpan(0, end));
    }

    public string PadLeft(int totalWidth, char paddingChar = ' ') =>
        totalWidth <= Length ? this : Concat(new string(paddingChar, totalWidth - Length), this);

    public string PadRight(int totalWidth, char paddingChar = ' ') =>
        totalWidth <= Length ? this : Concat(this, new string(paddingChar, totalWidth - Length));

    public string Insert(int startIndex, string value) =>
        Concat(this.AsSpan(0, startIndex), value.AsSpan(), this.AsSpan(startIndex));

    public string Remove(int startIndex) => Substring(0, startIndex);

    public string Remove(int startIndex, int count) =>
        Concat(this.AsSpan(0, startIndex), this.AsSpan(startIndex + count));

    public string Replace(char oldChar, char newChar)
    {
        string result = new(this.AsSpan());
        foreach (ref char c in new Span<char>(ref result._firstChar, result.Length))
        {
            if (c == oldChar)
            {
                c = newChar;
            }
        }

        return result;
    }

    public string Replace(string oldValue, string? newValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(oldValue);
        StringBuilder result = new();
        int start = 0;
        for (int found = IndexOf(oldValue); found >= 0; found = IndexOf(oldValue, start))
        {
            result.Append(this.AsSpan(start, found - start)).Append(newValue);
            start = found + oldValue.Length;
        }

        return result.Append(this.AsSpan(start)).ToString();
    }

    public char[] ToCharArray() => this.AsSpan().ToArray();

    public void CopyTo(Span<char> destination) => this.AsSpan().CopyTo(destination);

    private static void AddPart(List<string> parts, ReadOnlySpan<char> part, StringSplitOptions options)
    {
        if ((options & StringSplitOptions.TrimEntries) != 0)
        {
            part = part.Trim();
        }

        if (part.Length != 0 || (options & StringSplitOptions.RemoveEmptyEntries) == 0)
        {
            parts.Add(new string(part));
        }
    }

    // Unchanged text stays the same object.
    private string FromPart(ReadOnlySpan<char> part) => part.Length == Length ? this : new string(part);
}
