// ProcessFrame: a process, one home frame. The in-memory copy is the object: the trap path saves registers straight
// into it.
//
//     0 crc32c u32 of bytes 4..4095 | 4 magic u32 | 8 frame u64 | 16 generation u64 | 24 version u32
//    28 run state u8 | 29 flags u8 | 30 fault code u16
//    32 fault info u64 | 40 fault address u64 | 48 call count u64 | 56 pending notifications u64
//    64 rax rbx rcx rdx rsi rdi rbp rsp r8..r15 (128 bytes) | 192 rip | 200 rflags | 208 fs base | 216 gs base
//   224 waits-for u64 | 232 label, 24 bytes UTF-8, zeros behind it: for people who look at a volume; no program sees it
//   256 schedule | 272 keeper | 288 space | 304 brand (16 bytes each)
//   320 32 capability registers (512 bytes; register 0 is always void)
//   832..1279 zero
//  1280 vector state: XSAVE image, standard form, XCR0 = x87 + SSE + AVX (832 used of 2816 reserved; 64-byte aligned)
//
// Invariants: state Available or Waiting => no activity record. Waiting => exactly the resume capabilities with the
// present call count can answer it; bumping the count kills them all. The count is never reset.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

[System.Flags]
public enum ProcessFlags : byte
{
    None = 0,

    /// <summary>The process's own keeper was told of the present fault; if it does not mend it, the process is
    /// Faulted.</summary>
    KeeperTold = 1,

    /// <summary>Its system calls are faults (left for the Unix emulator).</summary>
    Foreign = 2,
}

/// <summary>UTF-8, zeros behind it.</summary>
[InlineArray(ProcessFrame.LabelBytes)]
public struct ProcessLabel
{
    private byte _byte0;
}

/// <summary>A process as it stands in its frame. Offsets are given to X# by the generated constants.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public unsafe struct ProcessFrame
{
    public const int SizeInBytes = 4096;

    /// <summary>"PROC", little-endian.</summary>
    public const uint MagicValue = 0x434F5250;

    /// <summary>Offset of the XSAVE image; a multiple of 64.</summary>
    public const int VectorStateOffset = 1280;

    /// <summary>Offset of MXCSR in the XSAVE image, and its value in a new process: all exceptions masked.</summary>
    public const int MxcsrOffset = 24;
    public const uint InitialMxcsr = 0x1F80;

    /// <summary>Bytes of the label.</summary>
    public const int LabelBytes = 24;

    /// <summary>Bytes kept for the XSAVE image.</summary>
    public const int VectorStateBytes = 2816;

    [FieldOffset(0)] public uint Crc;
    [FieldOffset(4)] public uint Magic;
    [FieldOffset(8)] public ulong Frame;
    [FieldOffset(16)] public ulong Generation;
    [FieldOffset(24)] public uint Version;
    [FieldOffset(28)] public RunState RunState;
    [FieldOffset(29)] public ProcessFlags Flags;
    [FieldOffset(30)] public FaultCode FaultCode;
    [FieldOffset(32)] public ulong FaultInfo;
    [FieldOffset(40)] public ulong FaultAddress;
    [FieldOffset(48)] public ulong CallCount;
    [FieldOffset(56)] public ulong Notifications;
    [FieldOffset(64)] public ulong Rax;
    [FieldOffset(72)] public ulong Rbx;
    [FieldOffset(80)] public ulong Rcx;
    [FieldOffset(88)] public ulong Rdx;
    [FieldOffset(96)] public ulong Rsi;
    [FieldOffset(104)] public ulong Rdi;
    [FieldOffset(112)] public ulong Rbp;
    [FieldOffset(120)] public ulong Rsp;
    [FieldOffset(128)] public ulong R8;
    [FieldOffset(136)] public ulong R9;
    [FieldOffset(144)] public ulong R10;
    [FieldOffset(152)] public ulong R11;
    [FieldOffset(160)] public ulong R12;
    [FieldOffset(168)] public ulong R13;
    [FieldOffset(176)] public ulong R14;
    [FieldOffset(184)] public ulong R15;
    [FieldOffset(192)] public ulong Rip;
    [FieldOffset(200)] public ulong Rflags;
    [FieldOffset(208)] public ulong FsBase;
    [FieldOffset(216)] public ulong GsBase;

    /// <summary>KernelWait: the capability type whose completion is awaited.</summary>
    [FieldOffset(224)] public ulong WaitsFor;

    /// <summary>What the composition calls it. The kernel neither reads it nor writes it.</summary>
    [FieldOffset(232)] public ProcessLabel Label;
    [FieldOffset(256)] public Capability Schedule;
    [FieldOffset(272)] public Capability Keeper;
    [FieldOffset(288)] public Capability Space;
    [FieldOffset(304)] public Capability Brand;
    [FieldOffset(320)] public CapabilitySlots Registers;
    [FieldOffset(VectorStateOffset)] public fixed byte VectorState[VectorStateBytes];
}
