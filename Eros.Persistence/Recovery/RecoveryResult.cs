using Eros.Persistence.Store;

namespace Eros.Persistence.Recovery;

/// <summary>What a mount found. The process list is <see cref="SingleLevelStore.RecoveredProcesses"/>.</summary>
public struct RecoveryResult
{
    /// <summary>Why the volume is not mounted; None when it is.</summary>
    public StoreMessage Refusal;

    /// <summary>The numbers of the refusal's text.</summary>
    public ulong First;
    public ulong Second;

    /// <summary>The generation that was recovered; 0 on a volume that nothing was ever saved on.</summary>
    public ulong Generation;

    /// <summary>Nanoseconds from the making of the volume to the snapshot: the clock goes on from here.</summary>
    public ulong TimeNs;

    /// <summary>The epoch of this boot: one more than that of the boot that saved the generation.</summary>
    public ulong BootEpoch;

    public readonly bool IsMounted => Refusal == StoreMessage.None;
}
