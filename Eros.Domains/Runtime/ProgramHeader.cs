using System.Runtime.InteropServices;

namespace Eros.Domains.Runtime;

/// <summary>The first bytes of a domain's program, at <see cref="SpaceLayout.Program"/>; the linker fills them
/// (domain.ld).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct ProgramHeader
{
    public const int SizeInBytes = 32;

    /// <summary>The address of the program's tables (Unwinding/ProgramTables.cs).</summary>
    public readonly ulong Tables;

    /// <summary>Where the program goes on whose instruction has failed, to throw; rdi: the fault's code, rsi: the
    /// instruction.</summary>
    public readonly ulong FaultEntry;

    /// <summary>The first byte of compiled C#.</summary>
    public readonly ulong CodeStart;

    /// <summary>The byte behind compiled C#.</summary>
    public readonly ulong CodeEnd;
}
