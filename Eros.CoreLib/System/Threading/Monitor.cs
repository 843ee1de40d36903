namespace System.Threading;

/// <summary>What lock statements call. There is one thread, which has every lock.</summary>
public static class Monitor
{
    public static void Enter(object obj, ref bool lockTaken)
    {
        ArgumentNullException.ThrowIfNull(obj);
        lockTaken = true;
    }

    public static void Exit(object obj)
    {
    }
}
