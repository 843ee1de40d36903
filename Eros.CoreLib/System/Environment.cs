namespace System;

public static class Environment
{
    /// <summary>Always 1: iterators compare it to find out whether they may be reused.</summary>
    public static int CurrentManagedThreadId => 1;
}
