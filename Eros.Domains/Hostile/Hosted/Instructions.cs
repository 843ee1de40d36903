using System;

namespace Eros.Domains.Hostile;

/// <summary>
/// What Hostile.xs does has no meaning in an ordinary process: there only the choice of it is tested.
/// </summary>
internal static class Instructions
{
    public static ulong Read(ulong address) => throw Refused();

    public static void Write(ulong address) => throw Refused();

    public static void Jump(ulong address) => throw Refused();

    public static void Divide() => throw Refused();

    public static void Garbage() => throw Refused();

    public static void Privileged() => throw Refused();

    public static void Port() => throw Refused();

    public static void Breakpoint() => throw Refused();

    public static void SingleStep() => throw Refused();

    public static void LoseStack() => throw Refused();

    public static void Interrupt() => throw Refused();

    public static ulong InvokeWithoutStack() => throw Refused();

    public static void RunAway() => throw Refused();

    private static NotSupportedException Refused() => new("hostile runs on Eros alone");
}
