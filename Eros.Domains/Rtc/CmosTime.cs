// CmosTime: the registers of the real-time clock of PC-compatible machines (Motorola MC146818A data sheet; the century
// where ACPI's FADT usually says that it is).
//
//   00 seconds | 02 minutes | 04 hours | 07 day of the month | 08 month | 09 year of the century | 32 century
//   0A status A: bit 7, an update is under way or near
//   0B status B: bit 2, numbers are binary, else two decimal digits; bit 1, 24 hours, else bit 7 of the hours is PM
//
// The clock is taken to go by UTC.

using System;
using Eros.Domains.Runtime;

namespace Eros.Domains.Rtc;

internal static class CmosTime
{
    public const byte StatusA = 0x0A;
    public const byte UpdateUnderWay = 0x80;

    /// <summary>Where <see cref="Registers"/> has what.</summary>
    private const int Seconds = 0;
    private const int Minutes = 1;
    private const int Hours = 2;
    private const int Day = 3;
    private const int Month = 4;
    private const int Year = 5;
    private const int Century = 6;
    private const int StatusB = 7;

    private const int Binary = 0x04;
    private const int Hours24 = 0x02;
    private const int Pm = 0x80;

    /// <summary>What is read, in this order.</summary>
    public static ReadOnlySpan<byte> Registers => [0x00, 0x02, 0x04, 0x07, 0x08, 0x09, 0x32, 0x0B];

    /// <summary>The time that stands in the registers; false when it is none. A century that is none (some machines
    /// have no such register) is that of 1970 to 2069.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> values, out UtcTime time)
    {
        bool isBinary = (values[StatusB] & Binary) != 0;
        int hours = Number(values[Hours] & ~Pm & 0xFF, isBinary);
        if ((values[StatusB] & Hours24) == 0)
        {
            bool isTwelve = hours is >= 1 and <= 12;
            hours = isTwelve ? hours % 12 + ((values[Hours] & Pm) != 0 ? 12 : 0) : -1;
        }

        int year = Number(values[Year], isBinary);
        int century = Number(values[Century], isBinary);
        bool hasCentury = century is >= 19 and <= 99;
        year += hasCentury ? century * 100 : year < UtcTime.FirstYear % 100 ? 2000 : 1900;
        time = new UtcTime(
            year,
            Number(values[Month], isBinary),
            Number(values[Day], isBinary),
            hours,
            Number(values[Minutes], isBinary),
            Number(values[Seconds], isBinary));
        return values[Year] != 0xFF && time.IsThere;
    }

    // Two digits that are none make a number that no part of a time is.
    private static int Number(int value, bool isBinary)
    {
        (int tens, int ones) = (value >> 4, value & 0xF);
        return isBinary ? value : tens <= 9 && ones <= 9 ? tens * 10 + ones : -1;
    }
}
