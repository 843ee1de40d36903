// ReserveBook: which reserves there are. A reserve is a number, and a version of it: whoever knows an earlier one knows
// nothing. Versions begin at 1.
//
// A version of a number is given once: when the last was, the number is retired. What all reserves take together is at
// most ReserveLimits.Share.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.ReserveManager;

/// <summary>One number. There is no reserve while the period is 0.</summary>
internal struct ReserveEntry
{
    public uint PeriodUs;
    public uint DurationUs;
    public uint Priority;

    /// <summary>The one that was given last.</summary>
    public uint Version;

    public readonly bool IsTaken => PeriodUs != 0;
}

/// <param name="lastVersion">Versions that a number has.</param>
internal sealed class ReserveBook(uint lastVersion)
{
    private readonly ReserveEntry[] _entries = new ReserveEntry[ReserveLimits.Count];
    private readonly uint _lastVersion = lastVersion;

    /// <summary>Thousandths of the time that are promised.</summary>
    public uint Promised
    {
        get
        {
            uint promised = 0;
            foreach (ReserveEntry entry in _entries)
            {
                promised += entry.IsTaken ? ReserveLimits.ShareOf(entry.PeriodUs, entry.DurationUs) : 0;
            }

            return promised;
        }
    }

    public ref readonly ReserveEntry this[int number] => ref _entries[number];

    /// <summary>Whether there can be another such reserve; the number that it would have.</summary>
    public Result Find(uint periodUs, uint durationUs, uint priority, out int number)
    {
        number = 0;
        bool isSound = periodUs is >= ReserveLimits.MinPeriodUs and <= ReserveLimits.MaxPeriodUs
            && durationUs >= ReserveLimits.MinDurationUs
            && durationUs <= periodUs
            && priority < ReserveLimits.Priorities;
        if (!isSound)
        {
            return Result.BadArgument;
        }

        while (number < ReserveLimits.Count && (_entries[number].IsTaken || _entries[number].Version == _lastVersion))
        {
            number++;
        }

        uint share = ReserveLimits.ShareOf(periodUs, durationUs);
        return number < ReserveLimits.Count && Promised + share <= ReserveLimits.Share
            ? Result.Ok
            : Result.LimitReached;
    }

    /// <summary>Enters what has been found possible, with the next version of its number.</summary>
    public void Enter(int number, in ReserveEntry entry) => _entries[number] = entry;

    /// <summary>Whether a version of a number is a reserve.</summary>
    public bool Has(int number, uint version) => _entries[number].IsTaken && _entries[number].Version == version;

    public void Remove(int number) => _entries[number].PeriodUs = 0;
}
