namespace Eros.Domains.BenchKeeper;

/// <summary>What the keeper publishes of the last fault, in a page that others read: the time-stamp counter.</summary>
internal struct KeeperStamps
{
    /// <summary>When the keeper ran.</summary>
    public ulong Arrived;

    /// <summary>When it had mended the fault.</summary>
    public ulong Mended;
}
