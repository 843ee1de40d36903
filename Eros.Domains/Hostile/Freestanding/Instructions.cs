using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Hostile;

/// <summary>Hostile.xs.</summary>
internal static class Instructions
{
    [RuntimeImport("*", "Hostile_Read")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong Read(ulong address);

    [RuntimeImport("*", "Hostile_Write")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Write(ulong address);

    [RuntimeImport("*", "Hostile_Jump")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Jump(ulong address);

    [RuntimeImport("*", "Hostile_Divide")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Divide();

    [RuntimeImport("*", "Hostile_Garbage")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Garbage();

    [RuntimeImport("*", "Hostile_Privileged")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Privileged();

    [RuntimeImport("*", "Hostile_TouchPort")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Port();

    [RuntimeImport("*", "Hostile_Breakpoint")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Breakpoint();

    [RuntimeImport("*", "Hostile_SingleStep")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void SingleStep();

    [RuntimeImport("*", "Hostile_LoseStack")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void LoseStack();

    [RuntimeImport("*", "Hostile_RaiseInterrupt")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Interrupt();

    /// <summary>The result of a malformed system call that is made without a stack.</summary>
    [RuntimeImport("*", "Hostile_InvokeWithoutStack")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong InvokeWithoutStack();

    /// <summary>Does not return.</summary>
    [RuntimeImport("*", "Hostile_RunAway")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void RunAway();
}
