namespace Eros.Tests.Fuzz.Pressure;

/// <summary>What runs were made of.</summary>
public sealed class PressureStatistics : RunTally<PressureStatistics>
{
    /// <summary>Accesses and invocations that domains have completed.</summary>
    public long Actions { get; internal set; }

    /// <summary>Transfers of the disk.</summary>
    public long Transfers { get; internal set; }

    /// <summary>Checkpoints that were committed.</summary>
    public long Checkpoints { get; internal set; }

    /// <summary>Times that a domain was seen to wait for room, in memory or in the log.</summary>
    public long WaitsForRoom { get; internal set; }

    /// <summary>Runs in which all memory was in use at some time, but for what is kept free.</summary>
    public long RunsShortOfMemory { get; internal set; }

    /// <summary>Runs in which the whole log that a generation may take was claimed at some time.</summary>
    public long RunsOutOfLog { get; internal set; }

    /// <summary>Loads of frames, and of those among them that were pinned.</summary>
    public long Loads { get; internal set; }
    public long LoadsOfPinned { get; internal set; }

    /// <summary>Runs with some pages pinned, and with so many that none stays.</summary>
    public long RunsPinned { get; internal set; }
    public long RunsOverpinned { get; internal set; }

    private protected override void AddOwn(PressureStatistics other)
    {
        Actions += other.Actions;
        Transfers += other.Transfers;
        Checkpoints += other.Checkpoints;
        WaitsForRoom += other.WaitsForRoom;
        RunsShortOfMemory += other.RunsShortOfMemory;
        RunsOutOfLog += other.RunsOutOfLog;
        Loads += other.Loads;
        LoadsOfPinned += other.LoadsOfPinned;
        RunsPinned += other.RunsPinned;
        RunsOverpinned += other.RunsOverpinned;
    }
}
