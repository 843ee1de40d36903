// AlarmDomain: sleeps in the place of a server. It asks when to wake, sleeps, and asks again.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Alarm;

/// <summary>One server's alarm.</summary>
[Domain]
public sealed partial class AlarmDomain : Domain
{
    [Capability]
    internal partial ISleep Sleep { get; }

    [Capability]
    internal partial IAlarmed Server { get; }

    protected override void Main()
    {
        while (Server.NextAlarm(out ulong time) == Result.Ok)
        {
            Sleep.Until(time);
        }
    }
}
