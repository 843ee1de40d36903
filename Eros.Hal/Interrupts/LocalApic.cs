// LocalApic: the processor's own interrupt controller and its timer (Intel SDM volume 3A, chapter "Advanced
// programmable interrupt controller"), in xAPIC mode: registers of 32 bits, 16 bytes apart, in memory.
//
// Only interrupts of the I/O APIC, message-signalled ones and the timer are used; the other local inputs are masked.

using System.Runtime.CompilerServices;
using System.Threading;

namespace Eros.Hal.Interrupts;

/// <summary>The registers at <paramref name="registers"/>, mapped uncached.</summary>
public sealed unsafe class LocalApic(byte* registers)
{
    /// <summary>IA32_APIC_BASE: bit 10 x2APIC mode, bit 11 enabled.</summary>
    public const uint BaseRegister = 0x1B;
    public const ulong BaseEnabled = 1 << 11;
    public const ulong BaseX2 = 1 << 10;

    private const int Id = 0x20;
    private const int TaskPriority = 0x80;
    private const int EndOfInterruptRegister = 0xB0;
    private const int SpuriousVector = 0xF0;
    private const int LvtTimer = 0x320;
    private const int LvtPerformance = 0x340;
    private const int LvtLint0 = 0x350;
    private const int LvtLint1 = 0x360;
    private const int LvtError = 0x370;
    private const int InitialCount = 0x380;
    private const int CurrentCount = 0x390;
    private const int DivideConfiguration = 0x3E0;

    private const uint SoftwareEnable = 1 << 8;
    private const uint Masked = 1 << 16;
    private const uint DivideBy16 = 0x3;
    private const ulong MessageBase = 0xFEE0_0000;
    private const int IdShift = 24;
    private const int MessageIdShift = 12;

    private readonly byte* _registers = registers;

    /// <summary>The processor's number on the interrupt bus.</summary>
    public byte ApicId => (byte)(Read(Id) >> IdShift);

    /// <summary>Where a device writes to interrupt this processor (SDM, message address register).</summary>
    public ulong MessageAddress => MessageBase | ((ulong)ApicId << MessageIdShift);

    /// <summary>What the timer still counts down from, in units of its divided clock.</summary>
    public uint TimerCount => Read(CurrentCount);

    /// <summary>Accepts interrupts; the local inputs and the timer are masked.</summary>
    public void Enable()
    {
        Write(LvtTimer, Masked);
        Write(LvtPerformance, Masked);
        Write(LvtLint0, Masked);
        Write(LvtLint1, Masked);
        Write(LvtError, Masked);
        Write(TaskPriority, 0);
        Write(DivideConfiguration, DivideBy16);
        Write(SpuriousVector, SoftwareEnable | Vector.Spurious);
    }

    /// <summary>Counts down once from <paramref name="count"/> and interrupts at zero; 0 stops the timer.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void StartTimer(uint count)
    {
        Write(LvtTimer, Vector.Timer);
        Write(InitialCount, count);
    }

    /// <summary>Counts down without interrupting, to be measured.</summary>
    public void StartMaskedTimer(uint count)
    {
        Write(LvtTimer, Masked | Vector.Timer);
        Write(InitialCount, count);
    }

    public void EndOfInterrupt() => Write(EndOfInterruptRegister, 0);

    private uint Read(int register) => Volatile.Read(ref *(uint*)(_registers + register));

    private void Write(int register, uint value) => Volatile.Write(ref *(uint*)(_registers + register), value);
}
