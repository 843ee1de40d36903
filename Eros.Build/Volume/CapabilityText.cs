using System;
using System.Text;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>A capability in words.</summary>
public static class CapabilityText
{
    private const int ReserveShift = 8;

    /// <summary>Type, object, what the type's data say, and the rights that are taken away.</summary>
    public static string Of(in Capability capability)
    {
        var text = new StringBuilder(Name(capability.Type));
        if (capability.NamesObject || capability.Type == CapabilityType.Range)
        {
            text.Append($" {capability.Oid.Value:x12}");
        }

        text.Append(Data(capability));
        Rights rights = capability.Type == CapabilityType.Number ? Rights.None : capability.Rights;
        foreach (Rights right in Enum.GetValues<Rights>())
        {
            if (right is not (Rights.None or Rights.FixedPayload) && (rights & right) != 0)
            {
                text.Append($", {Name(right)}");
            }
        }

        return text.ToString();
    }

    /// <summary>The name of an enumeration's member as words: "fault-resume".</summary>
    public static string Name<T>(T member)
        where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (char c in member.ToString())
        {
            text.Append(char.IsUpper(c) && text.Length != 0 ? "-" : string.Empty).Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static string Data(in Capability capability) => capability.Type switch
    {
        CapabilityType.Number when capability.NumberTop != 0 =>
            $" {capability.NumberTop:x}_{capability.NumberValue:x16}",
        CapabilityType.Number => $" {capability.NumberValue}",
        CapabilityType.Page or CapabilityType.Space or CapabilityType.Node => GuardText(new Guard(capability.Data)),
        CapabilityType.Start when (capability.Rights & Rights.FixedPayload) != 0 => $", payload {capability.Data}",
        CapabilityType.Start => $", open payload {capability.Data}",
        CapabilityType.Notification => $", mask {capability.Data:x}",
        CapabilityType.Schedule => ScheduleText(capability),
        CapabilityType.Resume or CapabilityType.FaultResume => $", call {capability.Count:x}",
        CapabilityType.Range => $", {capability.Count} frames",
        CapabilityType.ConsoleSession => $" {capability.Data} of boot {capability.Version}",
        _ => string.Empty,
    };

    private static string ScheduleText(in Capability schedule)
    {
        uint priority = (byte)schedule.Data;
        uint reserve = schedule.Data >> ReserveShift;
        return $" {priority}" + (reserve == 0 ? string.Empty : $", reserve {reserve - 1} version {schedule.Version}");
    }

    private static string GuardText(Guard guard) =>
        (guard.Log2 == Guard.PageLog2 || guard.Log2 == 0 ? string.Empty : $", 2^{guard.Log2} bytes")
        + (guard.Match == 0 ? string.Empty : $" from {(ulong)guard.Match << guard.Log2:x}");
}
