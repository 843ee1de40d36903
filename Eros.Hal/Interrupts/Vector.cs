// Vector: who is told what by which interrupt number. 0 to 31 are the processor's exceptions.

namespace Eros.Hal.Interrupts;

/// <summary>Interrupt vectors. A higher sixteen is more urgent to the local APIC.</summary>
public static class Vector
{
    public const int DivideError = 0;
    public const int Debug = 1;
    public const int NonMaskable = 2;
    public const int Breakpoint = 3;
    public const int Overflow = 4;
    public const int BoundRange = 5;
    public const int InvalidOpcode = 6;
    public const int DeviceNotAvailable = 7;
    public const int DoubleFault = 8;
    public const int InvalidTask = 10;
    public const int SegmentNotPresent = 11;
    public const int StackFault = 12;
    public const int GeneralProtection = 13;
    public const int PageFault = 14;
    public const int FloatingPoint = 16;
    public const int AlignmentCheck = 17;
    public const int MachineCheck = 18;
    public const int SimdFloatingPoint = 19;

    /// <summary>Sixteen vectors that the masked 8259s could still send spurious interrupts to.</summary>
    public const int Legacy = 32;

    public const int Timer = 48;

    /// <summary>The first of the vectors of the kernel's own devices.</summary>
    public const int FirstDevice = 49;

    /// <summary>The first of the vectors of lines that domains listen to, Limits.DeviceLines of them.</summary>
    public const int FirstLine = 55;

    /// <summary>Spurious interrupts of the local APIC; not acknowledged. Bits 3:0 are ones (SDM volume 3A, spurious
    /// interrupt).</summary>
    public const int Spurious = 63;

    /// <summary>Entries of the interrupt table.</summary>
    public const int Count = 64;
}
