namespace Eros.Tests.Reading;

/// <summary>Why a volume is not mounted.</summary>
public enum Refusal
{
    None,
    NoDisk,
    Unreadable,
    Blank,
    Foreign,
    DamagedVolume,
    UnknownFormat,
    OtherProtocol,
    DiskTooSmall,
    ImpossibleGeometry,
    NoCheckpoint,
    NewerMigrationBegun,
    NothingShowsNewest,
    DamagedGeneration,
    LesserProcessor,
    UnfinishedCopy,
}
