using System.Runtime.InteropServices;

namespace Eros.Domains.Runtime;

/// <summary>
/// The general registers of a process, as ProcessOrder.ReadRegisters gives them: bytes 64..223 of its frame.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct ProcessRegisters
{
    public ulong Rax;
    public ulong Rbx;
    public ulong Rcx;
    public ulong Rdx;
    public ulong Rsi;
    public ulong Rdi;
    public ulong Rbp;
    public ulong Rsp;
    public ulong R8;
    public ulong R9;
    public ulong R10;
    public ulong R11;
    public ulong R12;
    public ulong R13;
    public ulong R14;
    public ulong R15;
    public ulong Rip;
    public ulong Rflags;
    public ulong FsBase;
    public ulong GsBase;
}
