// TimeText: lengths of time as people write them: a whole number of us, ms or s.

using System;

namespace Eros.Domains.Reserver;

internal static class TimeText
{
    private const uint UsPerMs = 1000;
    private const uint UsPerSecond = 1_000_000;

    /// <summary>In microseconds.</summary>
    public static bool TryParse(string text, out uint us)
    {
        (string unit, uint factor) = text switch
        {
            _ when text.EndsWith("us", StringComparison.Ordinal) => ("us", 1u),
            _ when text.EndsWith("ms", StringComparison.Ordinal) => ("ms", UsPerMs),
            _ => ("s", UsPerSecond),
        };
        us = 0;
        string digits = text.EndsWith(unit, StringComparison.Ordinal) ? text[..^unit.Length] : "";
        foreach (char digit in digits)
        {
            if (!char.IsAsciiDigit(digit) || us > uint.MaxValue / 10 - 1)
            {
                return false;
            }

            us = us * 10 + (uint)(digit - '0');
        }

        bool isTime = digits.Length > 0 && us <= uint.MaxValue / factor;
        us = isTime ? us * factor : 0;
        return isTime;
    }

    /// <summary>In the largest unit that it is a whole number of.</summary>
    public static string Of(uint us) => us switch
    {
        _ when us % UsPerSecond == 0 => us / UsPerSecond + "s",
        _ when us % UsPerMs == 0 => us / UsPerMs + "ms",
        _ => us + "us",
    };

    /// <summary>In seconds, to the microsecond.</summary>
    public static string Seconds(ulong us) =>
        us / UsPerSecond + "." + (us % UsPerSecond).ToString().PadLeft(6, '0') + " s";
}
