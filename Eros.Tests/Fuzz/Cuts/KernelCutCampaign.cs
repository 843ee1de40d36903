using Eros.Tests.Crash;

namespace Eros.Tests.Fuzz.Cuts;

/// <summary>Many runs of whole kernels on all cores.</summary>
public static class KernelCutCampaign
{
    /// <summary>Run i has the seed of the settings and i.</summary>
    public static KernelCutStatistics Run(CrashSettings settings) =>
        SeededCampaign.Run<KernelCutStatistics>(settings, own => new KernelCutRun(own));
}
