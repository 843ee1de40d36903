namespace Eros.Tests;

/// <summary>The categories that `./eros test` chooses by. What has none counts as <see cref="Unit"/>.</summary>
public static class TestKind
{
    /// <summary>Runs in this process, in milliseconds.</summary>
    public const string Unit = "Unit";

    /// <summary>Power cuts in simulation.</summary>
    public const string Crash = "Crash";

    /// <summary>Starts QEMU.</summary>
    public const string System = "System";

    /// <summary>Reads the sources.</summary>
    public const string Hygiene = "Hygiene";
}
