// Exception: what is thrown, and where that was. The trace is part of the object, so that noting it needs no memory:
// the innermost frames, as addresses. What makes text of addresses is the host's, since an image's names are.

using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Base of exceptions.</summary>
public class Exception
{
    private const int TraceLimit = 32;

    private readonly string? _message;
    private Trace _trace;
    private int _traceLength;

    public Exception()
    {
    }

    public Exception(string? message) => _message = message;

    public Exception(string? message, Exception? innerException)
    {
        _message = message;
        InnerException = innerException;
    }

    public virtual string Message => _message ?? "something went wrong";

    public Exception? InnerException { get; }

    /// <summary>The methods that were being run, a line each, innermost first; null before it is thrown.</summary>
    public virtual string? StackTrace => _traceLength == 0 ? null : ExceptionTrace.TextOf(this);

    /// <summary>Addresses of the code that was being run, innermost first; the outermost of many are missing.</summary>
    internal ReadOnlySpan<nint> Frames => ((ReadOnlySpan<nint>)_trace)[..Math.Min(_traceLength, TraceLimit)];

    /// <summary>How many frames <see cref="Frames"/> leaves out.</summary>
    internal int MissingFrames => Math.Max(_traceLength - TraceLimit, 0);

    public Exception GetBaseException()
    {
        Exception innermost = this;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost;
    }

    /// <summary>Type, message, what it came from, and the trace.</summary>
    public override string ToString()
    {
        string text = (ExceptionTrace.TypeOf(this) ?? "exception") + ": " + Message;
        if (InnerException is { } inner)
        {
            text += "\n ---> " + inner.ToString() + "\n ---";
        }

        return StackTrace is { } trace ? text + "\n" + trace : text;
    }

    /// <summary>It is thrown anew.</summary>
    internal void ClearTrace() => _traceLength = 0;

    internal void AddFrame(nint address)
    {
        if (_traceLength < TraceLimit)
        {
            _trace[_traceLength] = address;
        }

        _traceLength++;
    }

    [InlineArray(TraceLimit)]
    private struct Trace
    {
        private nint _first;
    }
}
