namespace System;

/// <summary>Base of exceptions. Nothing catches: a throw ends in the host's ErosFail with the message.</summary>
public class Exception
{
    private readonly string? _message;

    public Exception()
    {
    }

    public Exception(string? message) => _message = message;

    public Exception(string? message, Exception? innerException)
    {
        _message = message;
        InnerException = innerException;
    }

    public virtual string Message => _message ?? string.Empty;

    public Exception? InnerException { get; }

    public override string ToString() => Message;
}
