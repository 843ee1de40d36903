// The exceptions that library and domain code throws.

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

    public SystemException(string? message, Exception? innerException)
        : base(message, innerException)
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

    public ArgumentException(string? message, Exception? innerException)
        : base(message, innerException)
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

    public InvalidOperationException(string? message, Exception? innerException)
        : base(message, innerException)
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

    public NotSupportedException(string? message, Exception? innerException)
        : base(message, innerException)
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

    public NotImplementedException(string? message, Exception? innerException)
        : base(message, innerException)
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

    public FormatException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class OverflowException : ArithmeticException
{
    public OverflowException()
        : base("number too large")
    {
    }

    public OverflowException(string? message)
        : base(message)
    {
    }

    public OverflowException(string? message, Exception? innerException)
        : base(message, innerException)
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

    public IndexOutOfRangeException(string? message, Exception? innerException)
        : base(message, innerException)
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

    public TimeoutException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class ArithmeticException : SystemException
{
    public ArithmeticException()
        : base("no such number")
    {
    }

    public ArithmeticException(string? message)
        : base(message)
    {
    }

    public ArithmeticException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class DivideByZeroException : ArithmeticException
{
    public DivideByZeroException()
        : base("division by zero")
    {
    }

    public DivideByZeroException(string? message)
        : base(message)
    {
    }

    public DivideByZeroException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class InvalidCastException : SystemException
{
    public InvalidCastException()
        : base("invalid cast")
    {
    }

    public InvalidCastException(string? message)
        : base(message)
    {
    }

    public InvalidCastException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class ArrayTypeMismatchException : SystemException
{
    public ArrayTypeMismatchException()
        : base("not of the array's type")
    {
    }

    public ArrayTypeMismatchException(string? message)
        : base(message)
    {
    }

    public ArrayTypeMismatchException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class NullReferenceException : SystemException
{
    public NullReferenceException()
        : base("null reference")
    {
    }

    public NullReferenceException(string? message)
        : base(message)
    {
    }

    public NullReferenceException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class OutOfMemoryException : SystemException
{
    public OutOfMemoryException()
        : base("out of memory")
    {
    }

    public OutOfMemoryException(string? message)
        : base(message)
    {
    }

    public OutOfMemoryException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class ObjectDisposedException : InvalidOperationException
{
    public ObjectDisposedException()
        : base("disposed of already")
    {
    }

    public ObjectDisposedException(string? message)
        : base(message)
    {
    }

    public ObjectDisposedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class TypeInitializationException : SystemException
{
    public TypeInitializationException()
        : base("a static constructor failed")
    {
    }

    public TypeInitializationException(string? message)
        : base(message)
    {
    }

    public TypeInitializationException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

public class OperationCanceledException : SystemException
{
    public OperationCanceledException()
        : base("cancelled")
    {
    }

    public OperationCanceledException(string? message)
        : base(message)
    {
    }

    public OperationCanceledException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
