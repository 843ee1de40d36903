namespace System.Collections.Generic;

public class KeyNotFoundException : SystemException
{
    public KeyNotFoundException()
        : base("no such key")
    {
    }

    public KeyNotFoundException(string? message)
        : base(message)
    {
    }
}
