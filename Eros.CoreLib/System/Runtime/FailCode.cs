namespace System.Runtime;

/// <summary>Which check failed; the argument of the host's ErosFail.</summary>
public enum FailCode
{
    /// <summary>A throw statement, where nothing catches.</summary>
    Exception = 1,
    IndexOutOfRange = 2,
    ArgumentOutOfRange = 3,
    Argument = 4,
    InvalidOperation = 5,
    Overflow = 6,
    DivideByZero = 7,
    NullReference = 8,
    InvalidCast = 9,
    ArrayTypeMismatch = 10,
    NotSupported = 11,

    /// <summary>A guard value behind a stack buffer was overwritten.</summary>
    StackBufferOverrun = 12,
}
