using System;

namespace Eros.Tests.Crash;

/// <summary>What a worker makes its runs with: one of each kind.</summary>
internal sealed class CrashRuns(CrashSettings settings, BaseVolume[] bases, CrashStatistics statistics) : IDisposable
{
    private readonly CrashSettings _settings = settings;
    private readonly MirrorRun _mirror = new(bases, statistics);
    private readonly FaultRun _fault = new(bases, statistics) { Only = settings.Fault };

    /// <summary>On one disk, as good as any.</summary>
    public CrashRun Plain { get; } = new(bases, statistics);

    public void Dispose()
    {
        Plain.Dispose();
        _mirror.Dispose();
        _fault.Dispose();
    }

    /// <summary>Of the kind that a seed is for.</summary>
    public SeededRun Of(ulong seed) => seed % _settings.MirrorShare == 0 ? _mirror
        : seed % _settings.FaultShare == _settings.FaultShare / 2 ? _fault
        : Plain;

    /// <summary>Adds what all their disks have done.</summary>
    public void CountFaults(FaultCounts faults) => faults.Add(Plain.Faults, _mirror.Faults, _fault.Faults);
}
