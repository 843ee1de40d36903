using Eros.Tests.Crash;

namespace Eros.Tests.Fuzz.Pressure;

/// <summary>Many runs of machines with too little memory and log, on all cores.</summary>
public static class PressureCampaign
{
    /// <summary>Run i has the seed of the settings and i.</summary>
    public static PressureStatistics Run(CrashSettings settings) =>
        SeededCampaign.Run<PressureStatistics>(settings, own => new PressureRun(own));
}
