// The exceptions that library and domain code throws. Nothing catches them: the message reaches the host.

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System;

public class SystemException : Exception
{
    public SystemException()
    {
    }

    public SystemException(string? message)
        : base(message)
    {
    }
}

public class ArgumentException : SystemException
{
    public ArgumentException()
        : base("argument out of its domain")
    {
    }

    public ArgumentException(string? message)
        : base(message)
    {
    }

    public ArgumentException(string? message, string? paramName)
        : base(message) => ParamName = paramName;

    public string? ParamName { get; }

    public static void ThrowIfNullOrEmpty(
        [NotNull] string? argument, [CallerArgumentExpression(nameof(argument))] string? paramName = null)
    {
        if (string.IsNullOrEmpty(argument))
        {
            throw new ArgumentException("empty text", paramName);
        }
    }
}

public class ArgumentNullException : ArgumentException
{
    public ArgumentNullException()
        : base("argument is null")
    {
    }

    public ArgumentNullException(string? paramName)
        : base("argument is null", paramName)
    {
    }

    public static void ThrowIfNull(
        [NotNull] object? argument, [CallerArgumentExpression(nameof(argument))] string? paramName = null)
    {
        if (argument is null)
        {
            throw new ArgumentNullException(paramName);
        }
    }
}

public class ArgumentOutOfRangeException : ArgumentException
{
    public ArgumentOutOfRangeException()
        : base("argument out of range")
    {
    }

    public ArgumentOutOfRangeException(string? paramName)
        : base("argument out of range", paramName)
    {
    }

    public ArgumentOutOfRangeException(string? paramName, string? message)
        : base(message, paramName)
    {
    }

    public static void ThrowIfNegative(
        int value, [CallerArgumentExpression(nameof(value))] string? paramName = null)
    {
        if (value < 0)
        {
            throw new ArgumentOutOfRangeException(paramName);
        }
    }

    public static void ThrowIfGreaterThan(
        int value, int other, [CallerArgumentExpression(nameof(value))] string? paramName = null)
    {
        if (value > other)
        {
            throw new ArgumentOutOfRangeException(paramName);
        }
    }
}

public class InvalidOperationException : SystemException
{
    public InvalidOperationException()
        : base("operation not valid now")
    {
    }

    public InvalidOperationException(string? message)
        : base(message)
    {
    }
}

public class NotSupportedException : SystemException
{
    public NotSupportedException()
        : base("operation not supported")
    {
    }

    public NotSupportedException(string? message)
        : base(message)
    {
    }
}

public class NotImplementedException : SystemException
{
    public NotImplementedException()
        : base("not implemented")
    {
    }

    public NotImplementedException(string? message)
        : base(message)
    {
    }
}

public class FormatException : SystemException
{
    public FormatException()
        : base("text not in the right format")
    {
    }

    public FormatException(string? message)
        : base(message)
    {
    }
}

public class OverflowException : SystemException
{
    public OverflowException()
        : base("number too large")
    {
    }

    public OverflowException(string? message)
        : base(message)
    {
    }
}

public class IndexOutOfRangeException : SystemException
{
    public IndexOutOfRangeException()
        : base("index out of range")
    {
    }

    public IndexOutOfRangeException(string? message)
        : base(message)
    {
    }
}

public class TimeoutException : SystemException
{
    public TimeoutException()
        : base("timed out")
    {
    }

    public TimeoutException(string? message)
        : base(message)
    {
    }
}
