using System.Diagnostics;

namespace Eros.Tests.SystemTests;

/// <summary>A build, or another program that runs one, beside other tests.</summary>
internal static class BuildProcess
{
    /// <summary>Runs it to its end. Returns its exit code, and what it wrote to standard output.</summary>
    /// <remarks>
    /// With one processor, and so with one node of MSBuild: each further node reads all projects again. Most builds
    /// here compile little, and take half as much time of the processors so. Nor do they live until code that was
    /// measured while it ran has paid.
    /// </remarks>
    public static (int Code, string Output) Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
