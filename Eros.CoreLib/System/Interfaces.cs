// The small interfaces of System. They are invariant on purpose: interface dispatch compares MethodTable
// addresses only (Internal/Runtime/InterfaceDispatch.cs).

namespace System;

public interface IDisposable
{
    void Dispose();
}

public interface IEquatable<T>
{
    bool Equals(T? other);
}

public interface IComparable<T>
{
    int CompareTo(T? other);
}

/// <summary>Accepted wherever .NET accepts one, and ignored: there is one culture.</summary>
public interface IFormatProvider
{
}

public interface IFormattable
{
    string ToString(string? format, IFormatProvider? formatProvider);
}

public interface ISpanFormattable : IFormattable
{
    /// <summary>Writes the text if it fits; false and 0 if it does not.</summary>
    bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider);
}
