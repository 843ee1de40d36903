using System.Runtime.InteropServices;

namespace Eros.Domains.Runtime.Unwinding;

/// <summary>A frame as its function will find it when the call that it made returns.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CodeFrame
{
    /// <summary>The instruction behind the call.</summary>
    public ulong Rip;

    public ulong Rsp;
    public ulong Rbx;
    public ulong Rbp;
    public ulong R12;
    public ulong R13;
    public ulong R14;
    public ulong R15;
}

/// <summary>Where a stack is read: in the own space, or in that of a domain that is looked at.</summary>
public interface IStackMemory
{
    /// <summary>Reads the word at an address. False: it cannot, and the word is as it was.</summary>
    bool TryRead(ulong address, ref ulong word);
}
