// Strings: UTF-16, immutable, terminated by a zero that the length does not count. The two fields and their order
// are fixed by the compiler, which also builds literals of this class. Comparison is ordinal; there are no cultures.

using System.Runtime.CompilerServices;
using Internal.Runtime;
using Internal.Runtime.CompilerHelpers;

namespace System;

public sealed unsafe partial class String : IEquatable<string>, IComparable<string>
{
    public const string Empty = "";

    private readonly int _stringLength;
    private char _firstChar;

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char c, int count);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char[]? value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char[] value, int startIndex, int length);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(ReadOnlySpan<char> value);

    public int Length
    {
        [Intrinsic]
        get => _stringLength;
    }

    [IndexerName("Chars")]
    public char this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)_stringLength)
            {
                ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return Unsafe.Add(ref _firstChar, index);
        }
    }

    public static bool operator ==(string? left, string? right) => Equals(left, right);

    public static bool operator !=(string? left, string? right) => !Equals(left, right);

    public static implicit operator ReadOnlySpan<char>(string? value) => value.AsSpan();

    public static bool IsNullOrEmpty([System.Diagnostics.CodeAnalysis.NotNullWhen(false)] string? value) =>
        value is null || value.Length == 0;

    public static bool Equals(string? left, string? right) =>
        (object?)left == right ||
        (left is not null && right is not null && left.AsSpan().SequenceEqual(right.AsSpan()));

    public bool Equals(string? other) => Equals(this, other);

    public override bool Equals(object? obj) => obj is string other && Equals(this, other);

    /// <summary>FNV-1a over the characters: the same for equal strings, in every run.</summary>
    public override int GetHashCode()
    {
        uint hash = 2166136261;
        foreach (char c in this.AsSpan())
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)hash;
    }

    public int CompareTo(string? other) => CompareOrdinal(this, other);

    public static int CompareOrdinal(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return left is null ? (right is null ? 0 : -1) : 1;
        }

        int common = Math.Min(left.Length, right.Length);
        for (int i = 0; i < common; i++)
        {
            int difference = left[i] - right[i];
            if (difference != 0)
            {
                return difference;
            }
        }

        return left.Length - right.Length;
    }

    public override string ToString() => this;

    public string Substring(int startIndex) => new(this.AsSpan(startIndex));

    public string Substring(int startIndex, int length) => new(this.AsSpan(startIndex, length));

    public ref readonly char GetPinnableReference() => ref _firstChar;

    public CharEnumerator GetEnumerator() => new(this);

    internal ref char GetRawStringData() => ref _firstChar;

    /// <summary>A string of zeros, to be written once before anyone else sees it.</summary>
    internal static string FastAllocateString(int length)
    {
        if (length == 0)
        {
            return Empty;
        }

        object text = Allocator.NewArray(Empty.m_pEEType, length);
        return Unsafe.As<string>(text);
    }

    private static string Ctor(char c, int count)
    {
        string result = FastAllocateString(count);
        new Span<char>(ref result._firstChar, count).Fill(c);
        return result;
    }

    private static string Ctor(char[]? value) => Ctor(new ReadOnlySpan<char>(value));

    private static string Ctor(char[] value, int startIndex, int length) =>
        Ctor(new ReadOnlySpan<char>(value, startIndex, length));

    private static string Ctor(ReadOnlySpan<char> value)
    {
        string result = FastAllocateString(value.Length);
        value.CopyTo(new Span<char>(ref result._firstChar, value.Length));
        return result;
    }
}
