using Eros.Kernel.Machine;

namespace Eros.Tests.Fakes;

/// <summary>A clock that goes on only when a test says so.</summary>
public sealed class FakeClock : Clock
{
    public ulong Time { get; set; }

    /// <summary>When the alarm will come.</summary>
    public ulong Alarm { get; private set; } = Never;

    public override ulong Now => Time;

    public override void Set(ulong nowNs) => Time = nowNs;

    public override void Arm(ulong deadlineNs) => Alarm = deadlineNs;

    /// <summary>True once when the alarm's time has come.</summary>
    public bool TakeAlarm()
    {
        bool hasCome = Alarm <= Time;
        Alarm = hasCome ? Never : Alarm;
        return hasCome;
    }
}
