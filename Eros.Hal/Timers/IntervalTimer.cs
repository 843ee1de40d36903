// IntervalTimer: counter 2 of the 8254, which measures the other clocks (Intel 8254 data sheet, mode 0; its gate
// and output are bits 0 and 5 of port 61).
//
// In mode 0 the output goes high once, count + 1 periods of 1.193182 MHz after the count was written.

using Eros.Hal.X64;

namespace Eros.Hal.Timers;

/// <summary>Counts off short times.</summary>
public static class IntervalTimer
{
    /// <summary>Periods in a second, times 1: 1193181.8.</summary>
    public const ulong Hz = 1_193_182;

    private const ushort Counter2 = 0x42;
    private const ushort Command = 0x43;
    private const ushort Control = 0x61;
    private const byte Counter2Mode0 = 0xB0;
    private const byte GateBit = 1;
    private const byte SpeakerBit = 2;
    private const byte OutputBit = 1 << 5;

    // A port read takes about a microsecond on hardware and never less than some ten nanoseconds; a counter that is
    // not there is given up after a second or so.
    private const int MaxReads = 4_000_000;

    /// <summary>Starts counting; the gate must be opened first, which makes no difference to mode 0 that has no
    /// count.</summary>
    public static void Start(ushort count)
    {
        byte control = (byte)(Native.In8(Control) & ~SpeakerBit);
        Native.Out8(Control, (byte)(control | GateBit));
        Native.Out8(Command, Counter2Mode0);
        Native.Out8(Counter2, (byte)count);
        Native.Out8(Counter2, (byte)(count >> 8));
    }

    /// <summary>Waits until the count is over. False: it never was.</summary>
    public static bool Wait()
    {
        for (int i = 0; i < MaxReads; i++)
        {
            if ((Native.In8(Control) & OutputBit) != 0)
            {
                return true;
            }
        }

        return false;
    }
}
