// UtcTime: instants as numbers, and as people write them. An instant is ticks of 100 ns since 1970 began in UTC,
// without leap seconds. Days are those of the Gregorian calendar, by Howard Hinnant's "chrono-Compatible Low-Level Date
// Algorithms": years begin in March, so that the leap day is the last, and 400 of them are an era of 146,097 days.

using System;

namespace Eros.Domains.Runtime;

/// <summary>A date and a time of day.</summary>
public readonly record struct UtcTime(int Year, int Month, int Day, int Hour, int Minute, int Second)
{
    public const ulong TicksPerSecond = 10_000_000;

    public const ulong NsPerTick = 100;

    /// <summary>Years that there are dates for: those that fit four digits.</summary>
    public const int FirstYear = 1970;

    /// <inheritdoc cref="FirstYear"/>
    public const int LastYear = 9999;

    private const int DaysPerEra = 146_097;
    private const int YearsPerEra = 400;
    private const int SecondsPerDay = 86_400;

    // From the first of March of year 0 to the first of January 1970.
    private const int DaysToEpoch = 719_468;

    /// <summary>Of an instant; what is less than a second is cut off.</summary>
    public static UtcTime At(ulong ticks)
    {
        ulong seconds = ticks / TicksPerSecond;
        long day = (long)(seconds / SecondsPerDay) + DaysToEpoch;
        int second = (int)(seconds % SecondsPerDay);
        int era = (int)(day / DaysPerEra);
        int dayOfEra = (int)(day % DaysPerEra);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int march = (5 * dayOfYear + 2) / 153;
        int month = march < 10 ? march + 3 : march - 9;
        int year = yearOfEra + era * YearsPerEra + (month <= 2 ? 1 : 0);
        return new UtcTime(
            year, month, dayOfYear - (153 * march + 2) / 5 + 1, second / 3600, second / 60 % 60, second % 60);
    }

    /// <summary>Reads `YYYY-MM-DD HH:MM:SS`; false when that is no date, or not of these years.</summary>
    public static bool TryParse(string text, out UtcTime time)
    {
        string[] parts = text.Replace('-', ' ').Replace(':', ' ').Split(' ');
        Span<int> numbers = stackalloc int[6];
        bool isTime = parts.Length == numbers.Length;
        for (int i = 0; i < numbers.Length && isTime; i++)
        {
            isTime = int.TryParse(parts[i], out numbers[i]) && parts[i].Length == (i == 0 ? 4 : 2);
        }

        time = new UtcTime(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        return isTime && time.IsThere;
    }

    /// <summary>Whether the calendar has such a day and the day such a time.</summary>
    public bool IsThere => Year is >= FirstYear and <= LastYear
        && Month is >= 1 and <= 12
        && Day >= 1 && Day <= DaysOf(Year, Month)
        && Hour is >= 0 and < 24
        && Minute is >= 0 and < 60
        && Second is >= 0 and < 60;

    /// <summary>The instant; of what <see cref="IsThere"/>.</summary>
    public ulong Ticks
    {
        get
        {
            int year = Month <= 2 ? Year - 1 : Year;
            int yearOfEra = year % YearsPerEra;
            int dayOfYear = (153 * (Month > 2 ? Month - 3 : Month + 9) + 2) / 5 + Day - 1;
            int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
            long days = (long)(year / YearsPerEra) * DaysPerEra + dayOfEra - DaysToEpoch;
            return (ulong)(days * SecondsPerDay + Hour * 3600 + Minute * 60 + Second) * TicksPerSecond;
        }
    }

    /// <summary>`YYYY-MM-DD HH:MM:SS`.</summary>
    public override string ToString() =>
        $"{Year:D4}-{Month:D2}-{Day:D2} {Hour:D2}:{Minute:D2}:{Second:D2}";

    private static int DaysOf(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };
}
